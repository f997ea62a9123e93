"""A big, skewed, deterministic world by COPY: 1,000 reps in 100 teams, 40,000 accounts, 200,000 contacts, 100,000 deals.

Activities arrive settled (day, team, company, answers), as an import leaves them; deals are settled by the product.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from tests.benchmarks.big_activities import big_activities
from tests.benchmarks.big_deals import big_deals
from tests.benchmarks.big_people import big_people
from tests.benchmarks.loading import TABLES, bare


@dataclass(frozen=True)
class Size:
    """How much of everything; rows are spread over `days` up to the day before `end`."""

    reps: int = 1_000
    teams: int = 100
    accounts: int = 40_000
    contacts: int = 200_000
    deals: int = 100_000
    activities: int = 10_000_000
    days: int = 1_096
    end: date = date(2026, 7, 1)


def build(size: Size, say=print) -> None:
    """Fill an empty, migrated database; takes minutes at the full size."""
    rng = np.random.default_rng(7)
    with connection.cursor() as cursor:
        indexes = bare(cursor)
        people = big_people(cursor, rng, size)
        say("people, accounts and contacts")
        deal_account = big_deals(cursor, rng, size, people)
        say("deals")
        big_activities(cursor, rng, size, people, deal_account, say)
        for number, index in enumerate(indexes, start=1):
            cursor.execute(index)
            say(f"index {number} of {len(indexes)}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table in (
            "team",
            "rep",
            "account",
            "contact",
            "stage",
            "deal",
            "stagechange",
            "activity",
            "activitycontact",
        ):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('pipeline_{table}', 'id'), (SELECT max(id) FROM pipeline_{table}))"
            )


def settle_and_tidy(say=print) -> None:
    """Settle the deals through the product, clear the marks of the load, and leave tables vacuumed."""
    from kpis.models import Stale
    from pipeline.models import Unsettled
    from pipeline.settle import settle_all

    settle_all(deals=True, activities=False)
    Unsettled.objects.all().delete()
    Stale.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say("settled")
