"""The order in which the demo world comes into being."""

from collections.abc import Callable
from datetime import date

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils.translation import gettext as _

from pipeline.demo.accounts import DemoAccount, accounts
from pipeline.demo.buyers import record_buyers
from pipeline.demo.cast import DOMAIN, ORGANISATION, SIGN_INS
from pipeline.demo.deals import Deals, DemoDeal
from pipeline.demo.money import money
from pipeline.demo.people import Cast, DemoRep, people, sign_ins
from pipeline.demo.prospecting import Prospecting, machine
from pipeline.demo.ratings import ratings
from pipeline.demo.scripted import scripted
from pipeline.demo.selling import open_up, work
from pipeline.demo.touches import Diary
from pipeline.demo.words import LEAD_SOURCES
from pipeline.demo.world import World
from pipeline.models import LeadSource, Organisation, Rep

ZONE = "Europe/Rome"
Progress = Callable[[str, int, int], None]


class AlreadyPeopled(Exception):
    """The database holds reps or sign-ins of the same names: the demo never mixes with real records."""


@transaction.atomic
def seed(end: date, progress: Progress = lambda what, done, total: None) -> None:
    """Write the demo world of the eighteen months before `end` and settle it. Raises AlreadyPeopled.

    `progress` hears what is being written, rows done and rows in all.
    """
    names = [username for username, _, _ in SIGN_INS]
    if Rep.objects.exists() or get_user_model().objects.filter(username__in=names).exists():
        raise AlreadyPeopled(_("This database already has reps: the demo goes into an empty one only."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL touchline.settling = 'on'"
        )  # the triggers stay silent: all is settled below
    _organisation()
    world, cast = invent(end)
    world.write(progress)
    sign_ins(cast)
    _settle()


def invent(end: date) -> tuple[World, Cast]:
    """The whole world in memory; only primary keys are drawn from the database."""
    world = World(end, ZONE)
    cast = people(world)
    found = accounts(world, cast)
    deals = _deals(world, cast, found)
    diary = Diary(world)
    for deal in deals:
        open_up(diary, deal, deal.owners[0][1])
        work(diary, deal)
        record_buyers(world, deal.id, deal.team)
    _besides(world, diary, cast, found)
    machine(world, diary, cast, deals)
    ratings(world, found, deals)
    money(world, cast, deals)
    return world, cast


def _organisation() -> None:
    values = {"name": ORGANISATION, "time_zone": ZONE, "currency": "EUR", "domains": DOMAIN}
    Organisation.objects.update_or_create(pk=1, defaults=values)


def _deals(world: World, cast: Cast, found: list[DemoAccount]) -> list[DemoDeal]:
    """The scripted deals first, then each rep's months, on accounts the rep looked after then."""
    deals = Deals(world, cast, [row["id"] for row in world.rows[LeadSource]])
    made = scripted(world, cast, deals)
    for rep in cast.sellers:
        for created in _creations(world, rep):
            mine = [account for account in found if account.is_of(rep, created)]
            if mine:
                account = world.rng.choice(mine)
                made.append(deals.of(rep, account, created, LEAD_SOURCES[account.source][2]))
    return made


def _creations(world: World, rep: DemoRep) -> list[date]:
    """The days on which the rep creates a deal: as many a month as usual, fewer while ramping."""
    per_day = rep.traits.deals / 20.5
    days = [day for day in rep.workdays if world.days.is_past(day)]
    return [day for day in days for _ in range(world.poisson(per_day * rep.pace(day)))]


def _besides(world: World, diary: Diary, cast: Cast, found: list[DemoAccount]) -> None:
    inside = [rep for rep in cast.sellers if rep.member.job == "Inside sales"]
    weeks = Prospecting(world, diary, found, inside)
    for rep in cast.sellers:
        weeks.weeks(rep)


def _settle() -> None:
    from pipeline.settle import settle_all

    settle_all(deals=True, activities=True)
