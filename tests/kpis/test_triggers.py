"""Whoever writes, by whatever way: the rows touched are marked, and nobody else's."""

import pytest
from django.db import connection

from kpis.models import Stale
from kpis.recompute import drain
from kpis.verify import differences
from pipeline.models import (
    Account,
    Activity,
    ActivityContact,
    Contact,
    Deal,
    Organisation,
    Rep,
    Setting,
    Team,
    Unsettled,
)
from pipeline.settle import settle_marked


@pytest.fixture
def settled(world):
    """A world at rest: Ada called and mailed Carla, Ben has a deal, Olga called."""
    world.call(world.ada, "2026-03-03 09:00", world.carla)
    world.mail(world.ada, "2026-03-04 09:00", world.carla)
    world.meeting(
        world.ada, "2026-03-05 09:00", world.carla, booked_at="2026-02-02 09:00", booked_by=world.cleo
    )
    world.deal(world.ben, ("lead", "2026-02-01 09:00"), ("prospect", "2026-03-01 09:00"), name="Ben's")
    world.call(world.olga, "2026-03-03 09:00")
    drain()
    assert not Stale.objects.exists() and not Unsettled.objects.exists()
    return world


def sql(statement: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def marked() -> dict[str, str]:
    """Reps by name with the earliest day marked, after settling; rows without a rep as “nobody”."""
    while settle_marked():
        pass
    names = {0: "nobody", -1: "tree", **dict(Rep.objects.values_list("pk", "name"))}
    days: dict[str, str] = {}
    for rep, day in Stale.objects.order_by("-from_day").values_list("rep_id", "from_day"):
        days[names[rep]] = str(day)
    return days


def test_a_row_written_in_psql_marks_its_rep_from_its_day_on(settled):
    sql(
        "INSERT INTO pipeline_activity (source, external_id, rep_id, kind, at, direction, status, outcome, interest, type,"
        " provider_id, is_internal, subject, top_seniority, is_declined)"
        " VALUES ('psql', '1', %s, 1, '2026-04-07 10:00+02', 1, 0, 0, 0, '', '', false, '', 0, false)",
        settled.ben.pk,
    )
    assert marked() == {"Ben": "2026-04-07"}
    assert settled.value("calls_made", settled.ben, "2026-04") == 1


def test_a_row_moved_to_another_rep_and_day_marks_both_sides(settled):
    sql("UPDATE pipeline_activity SET rep_id = %s, at = '2026-01-07 10:00+01' WHERE rep_id = %s AND kind = 2",
        settled.ben.pk, settled.ada.pk)  # fmt: skip
    # Ada's call of the 3rd now follows up that mail: it is no first attempt any more
    assert marked() == {"Ada": "2026-03-03", "Ben": "2026-01-07"}
    drain()
    assert differences() == []


def test_a_row_deleted_in_psql_marks_its_rep(settled):
    sql("DELETE FROM pipeline_activity WHERE rep_id = %s", settled.olga.pk)
    assert marked() == {"Olga": "2026-03-03"}
    assert settled.value("calls_made", settled.olga, "2026-03") == 0


def test_a_meeting_marks_the_rep_who_booked_it_too(settled):
    Activity.objects.filter(kind=4).update(booked_by=settled.dario)
    assert marked() == {"Ada": "2026-03-05", "Cleo": "2026-02-02", "Dario": "2026-02-02"}


def test_a_touch_on_a_deal_marks_the_deals_owner(settled):
    settled.call(settled.olga, "2026-04-01 09:00", deal=Deal.objects.get(name="Ben's"))
    assert marked() == {"Ben": "2026-04-01", "Olga": "2026-04-01"}


def test_an_answer_marks_the_rep_whose_mail_it_answers_from_the_mails_day(settled):
    settled.answer(settled.olga, "2026-03-10 09:00", settled.carla)
    assert marked() == {"Ada": "2026-03-04", "Olga": "2026-03-10"}


def test_a_deal_marks_every_rep_who_owned_it_and_the_owner_of_its_account(settled):
    """Ben's deal is with Brenta, Ada's account: how far its deals are decides whom she has to know there.

    It became a prospect on 1 March; only the stretch from then on is cut by Cleo taking it over in May.
    """
    settled.given(settled.brenta, ada="2026-02-10")
    drain()
    settled.owned(Deal.objects.get(name="Ben's"), ben="2026-02-01", cleo="2026-05-01 09:00")
    assert marked() == {"Ada": "2026-03-01", "Ben": "2026-03-01", "Cleo": "2026-05-01"}


def test_the_owner_of_an_account_hears_of_its_deals_from_when_it_became_theirs(settled):
    settled.given(settled.brenta, ada="2026-02-10", olga="2026-04-10")
    drain()
    settled.owned(Deal.objects.get(name="Ben's"), ben="2026-02-01", cleo="2026-05-01 09:00")
    assert marked() == {"Ada": "2026-03-01", "Ben": "2026-03-01", "Cleo": "2026-05-01", "Olga": "2026-04-10"}


def settled_rows() -> list[list[dict]]:
    """All rows that carry settled columns."""
    return [
        list(model.objects.order_by("pk").values()) for model in (Activity, ActivityContact, Deal, Account)
    ]


def test_rows_written_back_as_they_were_before_settling_are_settled_again(settled):
    """What was read before it was settled knows no day, team or answer; saving it must not take them away."""
    mail = settled.mail(settled.ada, "2026-04-01 09:00", settled.carla)
    answer = settled.answer(settled.ada, "2026-04-02 09:00", settled.carla)
    deal = settled.deal(settled.ada, ("lead", "2026-04-01 09:00"), ("won", "2026-04-20 09:00"), amount="100")
    meeting = settled.meeting(settled.ada, "2026-04-03 09:00", settled.carla, deal=deal)
    held = [mail, answer, meeting, deal, *mail.people.all(), *answer.people.all(), *meeting.people.all()]
    drain()
    before = settled_rows()
    for row in held:
        row.save()
    assert settled_rows() != before, "until they are settled"
    drain()
    assert settled_rows() == before
    assert differences() == []
    figures = [
        settled.value(key, settled.ada, "2026-04") for key in ("emails_sent", "meetings_held", "deals_won")
    ]
    assert figures == [1, 1, 1]


def test_a_team_move_marks_one_rep_only(settled):
    settled.moves(settled.olga, south="2026-01-01", north="2026-03-03")
    assert marked() == {"Olga": "2026-03-03"}


def test_what_moves_no_figure_marks_nobody(settled):
    Contact.objects.update(email="carla@brenta.example", phone="1")
    Rep.objects.update(email="somebody@adige.example")
    Account.objects.update(industry="valves")
    Team.objects.update(playbook="numbers")
    Organisation.objects.update(name="Adige Pumps")
    assert marked() == {}


def test_a_setting_marks_everybody_from_its_day_on(settled):
    Setting.objects.create(key="reply_window_days", value="7", from_on="2026-05-01")
    days = marked()
    assert set(days) == {"nobody", *Rep.objects.values_list("name", flat=True)}
    assert {day for name, day in days.items() if name != "nobody"} == {"2026-05-01"}


def test_a_team_hung_elsewhere_changes_the_sums_of_both_branches(settled):
    """Coast, with Dario's call, moves from North to South: no rep is marked, and both teams' sums follow."""
    settled.call(settled.dario, "2026-03-03 09:00")
    before = [settled.value("calls_made", team, "2026-03") for team in (settled.north, settled.south)]
    Team.objects.filter(pk=settled.coast.pk).update(parent=settled.south)
    assert marked() == {"tree": "1900-01-01"}
    after = [settled.value("calls_made", team, "2026-03") for team in (settled.north, settled.south)]
    assert (before, after) == ([2, 1], [1, 2])
    assert differences() == []


def test_another_time_zone_moves_every_day(settled):
    """A call at 23:30 on 3 March in Rome is one of 4 March in India."""
    settled.call(settled.olga, "2026-03-03 23:30")
    assert settled.value("calls_made", settled.olga, "2026-03-03..2026-03-04") == 2
    Organisation.objects.update(time_zone="Asia/Kolkata")
    assert settled.value("calls_made", settled.olga, "2026-03-04..2026-03-05") == 1
    assert differences() == []


def test_a_stage_told_another_milestone_reaches_deals_without_a_history(settled):
    deal = settled.deal(settled.ben, created="2026-03-01 09:00")
    deal.stage = settled.stages["lead"]
    deal.save()
    assert settled.value("prospects_open", settled.ben, "2026-03") == 1
    settled.stages["lead"].milestone = 3
    settled.stages["lead"].save()
    assert settled.value("prospects_open", settled.ben, "2026-03") == 2
    assert deal.stage_changes.count() == 0


def test_the_person_taken_off_an_answer_takes_the_answer_back(settled):
    answer = settled.answer(settled.ada, "2026-03-10 09:00", settled.carla)
    assert settled.reading("reply_rate", settled.ada, "2026-03").numerator == 1
    answer.people.all().delete()
    assert settled.reading("reply_rate", settled.ada, "2026-03").numerator == 0


def test_a_repeat_told_another_id_is_a_row_of_its_own(settled):
    """The first of the two is the one edited; the second, untouched, begins to count."""
    first = settled.mail(settled.ben, "2026-03-04 10:00", settled.carla, provider_id="<1@x>")
    settled.mail(settled.ben, "2026-03-04 10:00", settled.carla, provider_id="<1@x>")
    assert settled.value("emails_sent", settled.ben, "2026-03") == 1
    first.provider_id = "<2@x>"
    first.save()
    assert settled.value("emails_sent", settled.ben, "2026-03") == 2
