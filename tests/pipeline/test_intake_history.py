"""An import that changes a deal keeps what it was: figures as of yesterday do not follow today's file."""

from datetime import date

import pytest

from pipeline.intake.importing import import_records
from pipeline.intake.mapping import preset
from pipeline.models import AccountMove, AccountSpan, Deal, DealChange, DealMove, Rep, StageChange, TeamMove
from tests.pipeline.bundle_files import write_files

pytestmark = pytest.mark.django_db

REPS = "id,name,team\nada,Ada,north\nben,Ben,north\n"
TEAMS = "id,name\nnorth,North\nsouth,South\n"
STAGES = "id,name,position,milestone\nlead,Lead,1,lead\noffer,Offer,2,proposal\nwon,Won,3,won\n"
DEAL = "id,name,owner,amount,stage,created_at,expected_close_on,closed_at\n1,One,{}\n"


def take(tmp_path, **texts):
    take.count = getattr(take, "count", 0) + 1
    outcome = import_records([write_files(tmp_path / str(take.count), **texts)], preset("touchline"))
    assert outcome.state == "done", (outcome.report, outcome.rejects.listed)
    return outcome


@pytest.fixture
def first(tmp_path):
    return take(
        tmp_path,
        teams=TEAMS,
        reps=REPS,
        stages=STAGES,
        accounts="id,name,owner,created_at\nbrenta,Brenta,ada,2025-01-01T00:00:00Z\n",
        deals=DEAL.format("ada,100,lead,2025-01-05T09:00:00Z,2025-06-30,"),
    )


def test_a_first_import_implies_nothing(first):
    assert not (DealChange.objects.exists() or DealMove.objects.exists() or StageChange.objects.exists())


def test_a_changed_amount_keeps_the_one_before_from_the_deals_creation(tmp_path, first):
    take(tmp_path, deals=DEAL.format("ada,250.50,lead,2025-01-05T09:00:00Z,,"))
    changes = DealChange.objects.order_by("field", "at").values_list("field", "value", "at__date")
    created, today = Deal.objects.get().created_at.date(), Deal.objects.get().recorded_at.date()
    assert list(changes) == [
        ("amount", "100.00", created),
        ("amount", "250.50", today),
        ("expected_close_on", "2025-06-30", created),
        ("expected_close_on", "", today),
    ]


def test_a_history_the_source_brings_itself_is_not_doubled(tmp_path, first):
    take(
        tmp_path,
        deals=DEAL.format("ada,300,lead,2025-01-05T09:00:00Z,2025-06-30,"),
        deal_changes="deal,field,value,at\n1,amount,100,2025-01-05T09:00:00Z\n1,amount,300,2025-02-01T09:00:00Z\n",
    )
    assert list(DealChange.objects.values_list("value", flat=True)) == ["100.00", "300.00"]


def test_a_new_owner_leaves_the_past_to_the_old_one(tmp_path, first):
    take(
        tmp_path,
        deals=DEAL.format("ben,100,lead,2025-01-05T09:00:00Z,2025-06-30,"),
        accounts="id,name,owner\nbrenta,Brenta,ben\n",
    )
    assert list(DealMove.objects.values_list("owner__name", flat=True)) == ["Ada", "Ben"]
    assert list(AccountMove.objects.order_by("from_at").values_list("owner__name", flat=True)) == [
        "Ada",
        "Ben",
    ]


def test_a_new_stage_becomes_a_stage_change_at_the_close_where_it_closes(tmp_path, first):
    take(tmp_path, deals=DEAL.format("ada,100,won,2025-01-05T09:00:00Z,2025-06-30,2025-03-01"))
    changes = StageChange.objects.values_list("stage__name", "at__date", "is_dated")
    assert [(name, day.isoformat(), dated) for name, day, dated in changes] == [
        ("Lead", "2025-01-05", False),
        ("Won", "2025-03-01", True),
    ]


def test_a_rep_who_changes_team_leaves_the_past_with_the_old_one(tmp_path, first):
    take(tmp_path, reps="id,name,team\nada,Ada,south\n")
    assert list(TeamMove.objects.values_list("rep__name", "team__name")) == [
        ("Ada", "North"),
        ("Ada", "South"),
    ]
    assert Rep.objects.get(external_id="ben").team_moves.count() == 0


def test_the_same_change_twice_implies_nothing_more(tmp_path, first):
    for _ in range(2):
        take(tmp_path, deals=DEAL.format("ben,250,offer,2025-01-05T09:00:00Z,2025-07-31,"))
    assert (DealChange.objects.count(), DealMove.objects.count(), StageChange.objects.count()) == (4, 2, 2)


def test_an_account_given_to_another_keeps_whose_it_was(tmp_path, first):
    accounts = "id,name,owner,created_at\nbrenta,Brenta,ben,2025-01-01T00:00:00Z\n"
    take(tmp_path, accounts=accounts)
    take(tmp_path, account_moves="account,owner,from_at\nbrenta,ben,2025-03-01T09:00:00Z\n")
    spans = AccountSpan.objects.order_by("from_day").values_list("owner__name", "from_day", "to_day")
    assert list(spans) == [("Ada", date(2025, 1, 1), date(2025, 3, 1)), ("Ben", date(2025, 3, 1), None)]
