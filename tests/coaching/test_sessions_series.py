"""Standing appointments and calendar files: the same time by the wall clock all year, each session once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from coaching.models import Notice, Series, Session
from coaching.sessions.calendar_file import calendar_file
from coaching.sessions.series import days_of, make_ahead, make_sessions
from coaching.tasks import keep_sessions
from tests.kpis.world import ROME

pytestmark = pytest.mark.django_db
AUTUMN = datetime(2026, 10, 12, 6, tzinfo=UTC)


@pytest.fixture
def mondays(world) -> Series:
    """Maya and Ben, Mondays at nine in Rome."""
    return Series.objects.create(
        rep=world.ben, manager=world.maya, from_on=date(2026, 10, 12), time=time(9), every_weeks=1
    )


def moments(series: Series) -> list[str]:
    return [
        f"{at.astimezone(UTC):%m-%d %H:%M}"
        for at in series.sessions.order_by("at").values_list("at", flat=True)
    ]


def test_a_series_keeps_its_local_time_when_the_clock_goes_back(mondays):
    """Rome is UTC+2 until 25 October 2026 and UTC+1 after it: nine o'clock is seven, then eight.

    Four weeks ahead of Monday 12 October, both ends included: five Mondays.
    """
    make_sessions(mondays.pk, AUTUMN)
    assert moments(mondays) == ["10-12 07:00", "10-19 07:00", "10-26 08:00", "11-02 08:00", "11-09 08:00"]


def test_a_time_the_clock_jumps_over_falls_after_the_jump(world):
    """On 29 March 2026 there is no 02:30 in Rome: the clock goes from 01:59 to 03:00, which is 01:00 UTC."""
    sundays = Series.objects.create(
        rep=world.ben, manager=world.maya, from_on=date(2026, 3, 29), time=time(2, 30), to_on=date(2026, 4, 5)
    )
    make_sessions(sundays.pk, datetime(2026, 3, 28, tzinfo=UTC))
    assert moments(sundays) == ["03-29 01:30", "04-05 00:30"]


def test_sessions_are_made_once_however_often_one_asks(mondays):
    for _ in range(3):
        make_sessions(mondays.pk, AUTUMN)
    assert mondays.sessions.count() == 5
    make_sessions(mondays.pk, AUTUMN + timedelta(days=7))
    assert mondays.sessions.count() == 6


def test_a_session_that_moved_is_not_made_again(mondays):
    make_sessions(mondays.pk, AUTUMN)
    moved = mondays.sessions.earliest("at")
    moved.at += timedelta(days=1)
    moved.save()
    assert make_sessions(mondays.pk, AUTUMN) == []


def test_every_session_of_a_series_asks_its_questions(mondays):
    made = make_sessions(mondays.pk, AUTUMN)
    assert {session.questions.count() for session in made} == {3}


@pytest.mark.parametrize(
    ("every", "first", "expected"),
    [
        (1, "2026-10-01", ["10-12", "10-19", "10-26"]),
        (2, "2026-10-13", ["10-26"]),
        (2, "2026-10-26", ["10-26"]),
        (3, "2026-10-13", []),
    ],
)
def test_the_days_of_a_series_count_from_its_first(every, first, expected):
    series = Series(from_on=date(2026, 10, 12), every_weeks=every, time=time(9))
    days = days_of(series, date.fromisoformat(first), date(2026, 10, 26))
    assert [f"{day:%m-%d}" for day in days] == expected


def test_a_series_ends_with_its_last_day_and_with_the_rep(world, mondays):
    mondays.to_on = date(2026, 10, 20)
    mondays.save()
    assert len(make_sessions(mondays.pk, AUTUMN)) == 2
    mondays.sessions.all().delete()
    Session.history.all().delete()
    world.ben.ended_on = date(2026, 10, 1)
    world.ben.save()
    assert make_sessions(mondays.pk, AUTUMN) == []


def test_beat_plans_ahead_by_itself(world):
    Series.objects.create(rep=world.ben, manager=world.maya, from_on=world.today(), time=time(0, 5))
    keep_sessions()
    keep_sessions()
    assert Session.objects.count() == 4  # today's has passed


def test_a_manager_sets_up_and_ends_a_series(world):
    client = world.signed_in("maya")
    sent = {
        "from_on": world.today() + timedelta(days=1),
        "time": "09:00",
        "minutes": 30,
        "every_weeks": 2,
        "to_on": "",
    }
    assert client.post(f"/series/plan/{world.ben.pk}/", sent | {"manager": world.ada.pk}).status_code == 302
    series = Series.objects.get()
    assert (series.rep, series.manager, series.sessions.count()) == (world.ben, world.maya, 2)
    assert "every 2 weeks" in client.get("/sessions/").content.decode()
    assert client.post(f"/series/{series.pk}/end/").status_code == 302
    assert set(series.sessions.values_list("state", "sequence")) == {("cancelled", 1)}
    assert Notice.objects.latest("pk").kind == "series_ended"
    assert make_ahead(timezone.now()) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"every_weeks": 0},
        {"every_weeks": 13},
        {"minutes": 1},
        {"from_on": "2020-01-01"},
        {"to_on": "2020-01-01"},
    ],
)
def test_a_series_that_makes_no_sense_is_refused(world, wrong):
    sent = {"from_on": world.today(), "time": "09:00", "minutes": 30, "every_weeks": 1, "to_on": ""} | wrong
    assert world.signed_in("maya").post(f"/series/plan/{world.ben.pk}/", sent).status_code == 422
    assert not Series.objects.exists()


# The calendar file ------------------------------------------------------------------------------------------


def unfolded(text: str) -> dict[str, str]:
    """Name -> value of the lines of a calendar file, put together again."""
    lines = text.replace("\r\n ", "").strip().split("\r\n")
    return dict(line.split(":", 1) for line in lines if not line.startswith(("BEGIN", "END")))


def a_session(world, **more) -> Session:
    at = datetime(2026, 10, 26, 9, tzinfo=ROME)
    return Session.objects.create(rep=world.ben, manager=world.maya, at=at, minutes=45, **more)


def test_a_calendar_file_says_when_in_utc_and_who(world):
    """Nine in Rome on 26 October is 08:00 UTC; 45 minutes later 08:45."""
    session = a_session(world)
    response = world.signed_in("ben").get(f"/sessions/{session.pk}/calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = unfolded(response.content.decode())
    assert (lines["DTSTART"], lines["DTEND"]) == ("20261026T080000Z", "20261026T084500Z")
    assert lines["UID"] == f"{session.uid}@touchline"
    assert (lines["SEQUENCE"], lines["STATUS"]) == ("0", "CONFIRMED")
    assert lines["SUMMARY"] == "Coaching session: Maya and Ben"


def test_a_calendar_goes_by_the_same_uid_and_a_higher_sequence(world):
    session = a_session(world)
    before = unfolded(calendar_file(session, "https://x.example/", AUTUMN))
    world.signed_in("maya").post(f"/sessions/{session.pk}/cancel/")
    session.refresh_from_db()
    after = unfolded(calendar_file(session, "https://x.example/", AUTUMN))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert after["STATUS"] == "CANCELLED"


def test_long_lines_are_folded_by_octets_and_signs_escaped(world):
    world.ben.name = "Bén; the \\ backslash, " + "é" * 60
    text = calendar_file(a_session(world), "https://x.example/", AUTUMN)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert unfolded(text)["SUMMARY"].endswith("Bén\\; the \\\\ backslash\\, " + "é" * 60)
