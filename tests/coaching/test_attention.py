"""Whom to coach on what: ranked by what can still be influenced, and everybody has a line."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from coaching.asked import Asked
from coaching.attention.gap_deals import touched
from coaching.attention.queue import queue
from coaching.deals import open_deals
from coaching.diagnosis import Kind
from kpis.catalogue import CATALOGUE
from kpis.models import Target
from kpis.periods import Calendar
from kpis.recompute import drain
from pipeline.models import Deal, ExchangeRate, Rep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def amounts_as_they_are(monkeypatch):
    """Few deals were closed: every deal weighs its amount, and skills act in a fortnight."""
    cache.clear()
    monkeypatch.setattr(open_deals, "chances_of", lambda periods: {periods[0].key: {}})


@pytest.fixture
def asked() -> Asked:
    calendar = Calendar.current()
    return Asked(calendar, calendar.parse("last-30"))


@pytest.fixture(autouse=True)
def ben_is_thin(world):
    """Half of Ben's meetings had an executive, half of his people answered: of him more is asked."""
    for key, value in {"executive_meetings": "1", "reply_rate": "0.6"}.items():
        Target.objects.create(kpi=key, period="month", from_on="2020-01-01", value=value, rep=world.ben)


def bens_deals(world) -> dict[str, Deal]:
    """Besides the cold store (€ 8,000, closes in 14 days); no executive has been met on any."""
    ExchangeRate.objects.create(currency="USD", on=world.today() - timedelta(days=40), rate=Decimal("0.5"))
    account = world.account("Ben's other account", owner=world.ben)
    rows = {"Soon": ("5000", "", 3), "Dollars": ("4000", "USD", 28), "Some day": ("1000", "", None)}
    made = {}
    for name, (amount, currency, left) in rows.items():
        closes = None if left is None else world.today() + timedelta(days=left)
        made[name] = world.deal(
            world.ben,
            ("qualified", world.ago(11)),
            name=name,
            amount=amount,
            currency=currency,
            account=account,
            expected_close_on=closes,
        )
    drain()
    return made


def test_bens_line_says_what_can_still_be_turned(world, asked):
    bens_deals(world)
    line = queue(world.north, asked, "EUR").lines[0]
    # deal       | amount          | days left | chance | in all
    # cold store | 8000            |    14     |  0.5   | 4000
    # dollars    | 4000 x 0.5 2000 |    28     |  0.75  | 1500
    # some day   | 1000            |     –     |  0.5   |  500
    # soon       | 5000            |     3     | too late
    # the gap: half of the meetings against all of them, half of it missing; half of 6000
    assert (line.rep, line.skill, line.diagnosis.kind) == (
        world.ben,
        "executive_meetings",
        Kind.BUSY_BUT_THIN,
    )
    assert [deal.name for deal in line.deals] == ["Cold store", "Dollars", "Some day"]
    assert line.amount == pytest.approx(11_000)
    assert line.too_late == 1
    assert line.gap.share == pytest.approx(0.5)
    assert line.influence == pytest.approx(3_000)
    assert line.reach.startswith("3 deals, €\N{NARROW NO-BREAK SPACE}11k still reachable, the first until ")
    assert line.late == "Already too late: 1."


def test_the_last_day_to_begin_is_no_weekend_and_leaves_the_skill_its_time(world, asked):
    line = queue(world.north, asked, "EUR").lines[0]
    # the cold store closes in 14 days; a quarter of the cases took 5.81 days or less
    latest = world.today() + timedelta(days=14 - 6)
    assert line.act_by <= latest
    assert line.act_by.weekday() < 5
    assert (latest - line.act_by).days < 3


def test_deals_with_an_executive_met_are_not_touched(world, asked):
    deals = bens_deals(world)
    boss = world.contact("Boss", seniority="c_level")
    world.meeting(world.ben, world.ago(2), (boss, "attendee", "yes"), deal=deals["Dollars"])
    drain()
    kpi, ids = CATALOGUE["executive_meetings"], [deal.pk for deal in deals.values()]
    assert touched(kpi, ids, 0.4, asked.period, world.today()) == {deals["Soon"].pk, deals["Some day"].pk}


def test_of_a_share_over_deals_those_that_fall_short_are_touched(world, asked):
    # Ada's deal is a prospect of which only the scope is known; Ben's has not come so far
    kpi, ids = CATALOGUE["manoeuvre_known"], [world.open_deal.pk, world.bens_deal.pk]
    assert touched(kpi, ids, 0.7, asked.period, world.today()) == {world.open_deal.pk}
    for kind in ("discount_range", "timing"):
        world.fact(world.open_deal, kind, world.ago(8)[:10])
    drain()
    assert touched(kpi, ids, 0.7, asked.period, world.today()) == set()


def test_of_a_value_of_deals_those_worse_than_asked_are_touched(world, asked):
    kpi, ids = CATALOGUE["departments_involved"], [world.open_deal.pk, world.bens_deal.pk]
    world.call(world.ada, world.ago(3), world.people[0], outcome="reached", deal=world.open_deal)
    drain()
    assert touched(kpi, ids, 1, asked.period, world.today()) == {world.bens_deal.pk}
    assert touched(kpi, ids, 2, asked.period, world.today()) == set(ids)


def test_of_a_count_the_deals_nobody_worked_on_in_the_period_are_touched(world, asked):
    kpi, ids = CATALOGUE["calls_made"], [world.open_deal.pk, world.bens_deal.pk]
    world.call(world.ben, world.ago(45), world.people[0], deal=world.bens_deal)
    world.call(world.ada, world.ago(5), world.people[0], deal=world.open_deal)
    drain()
    assert touched(kpi, ids, 30, asked.period, world.today()) == {world.bens_deal.pk}


def test_a_kpi_whose_rows_name_no_deal_touches_them_all(world, asked):
    ids = [world.open_deal.pk, world.bens_deal.pk]
    assert touched(CATALOGUE["won_value"], ids, 1, asked.period, world.today()) == set(ids)


def test_everybody_has_one_line_and_at_most_five_are_to_be_coached(world, asked):
    for n in range(6):
        rep = world.rep(f"Rep {n}", world.north)
        for key in ("calls_made", "emails_sent"):
            Target.objects.create(kpi=key, period="month", from_on="2020-01-01", value=30, rep=rep)
        world.call(rep, world.ago(3), world.people[0])
    drain()
    found = queue(world.north, asked, "EUR")
    assert len(found.lines) == 5
    assert found.lines[0].rep == world.ben  # the others have no deal to turn
    names = [line.rep.name for line in found.lines] + [other.rep.name for other in found.rest]
    assert sorted(names) == sorted(["Ada", "Ben", "Cleo", "Dario", *(f"Rep {n}" for n in range(6))])


def test_who_does_it_well_is_named_as_the_example(world, asked):
    # Ada met an executive in 5 of 6 meetings, Cleo in 4; of both 40 % is asked
    line = queue(world.north, asked, "EUR").lines[0]
    assert line.copy == "Ada shows how: 5 of 6 meetings with known seniority."


def test_a_ramping_rep_is_not_coached_but_has_a_line(world, asked):
    Rep.objects.filter(pk=world.ben.pk).update(ramped_on=world.today() + timedelta(days=30))
    found = queue(world.north, asked, "EUR")
    assert "Ben" not in [line.rep.name for line in found.lines]
    ben = next(other for other in found.rest if other.rep == world.ben)
    assert ben.diagnosis.kind == Kind.NOT_JUDGED
    assert "ramping" in ben.diagnosis.sentence


def test_the_link_plans_a_session_on_it(world, asked):
    line = queue(world.north, asked, "EUR").lines[0]
    assert f"rep={world.ben.pk}&skill=executive_meetings&deals={world.bens_deal.pk}&why=" in line.url


def test_the_queries_do_not_grow_with_the_reps(world, asked, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            queue(world.north, asked, "EUR")
        return len(seen)

    before = queries()
    for n in range(8):
        rep = world.rep(f"Rep {n}", world.north)
        Target.objects.create(kpi="calls_made", period="month", from_on="2020-01-01", value=30, rep=rep)
        world.call(rep, world.ago(3), world.people[0])
    drain()
    queries()
    assert queries() <= before + 1  # one more KPI is off now
