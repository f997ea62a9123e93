"""The tables of a subject: contracts, funnel, sources, forecast and rebates, worked by hand."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from coaching.asked import Asked
from coaching.tables import TABLES
from coaching.tables.table import TableAsked
from kpis.periods import Calendar
from kpis.recompute import drain
from pipeline.models import LeadSource, RebateTier, Stage, TimeEntry
from pipeline.models.deals import Milestone

pytestmark = pytest.mark.django_db


def lines(world, name: str, who=None, period: str = "2026", user=None) -> dict[str, list[str]]:
    """The table's rows by their first cell."""
    drain()
    calendar = Calendar.current()
    asked = Asked(calendar, calendar.parse(period))
    table = TABLES[name][1](TableAsked(world.subject(who), asked, "EUR", user or AnonymousUser()))
    table = table.parts[-1] if name == "coverage" else table
    assert all(len(row.cells) == len(table.header) for row in table.rows)
    return {row.cells[0]: row.cells[1:] for row in table.rows}


def plain(cells: list[str]) -> list[str]:
    return [cell.replace("\N{NARROW NO-BREAK SPACE}", " ") for cell in cells]


def test_contracts_are_counted_by_year_and_by_this_day_of_each_year(world):
    """
    Today is 15 June 2026. Won: 100 in February 2025, 200 on 15 June 2025, 400 on 16 June 2025, 800 in March 2026.
    By 15 June of 2025: two for 300. Twelve months, from 16 June 2025: two for 1,200.
    """
    for day, amount in (("2025-02-03", 100), ("2025-06-15", 200), ("2025-06-16", 400), ("2026-03-02", 800)):
        world.deal(world.ada, ("qualified", "2025-01-02"), ("won", day), amount=amount)
    world.deal(world.ada, ("qualified", "2025-01-02"), ("lost", "2026-03-02"), amount=9)
    found = {name: plain(cells) for name, cells in lines(world, "contracts", world.ada).items()}
    assert world.today().isoformat() == "2026-06-15"
    assert found == {
        "last 12 months": ["2", "€ 1,200", "", ""],
        "2026": ["1", "€ 800", "1", "€ 800"],
        "2025": ["3", "€ 700", "2", "€ 300"],
    }
    assert lines(world, "contracts", world.olga) == {}


def test_the_funnel_follows_each_cohort_to_where_it_got(world):
    """
    | deal | lead    | qualified | prospect | end                    |
    |------|---------|-----------|----------|------------------------|
    | 1    | 2 Mar   | 12 Mar    | 1 Apr    | won 2 May              |
    | 2    | 3 Mar   | 13 Mar    | –        | lost 20 Mar            |
    | 3    | 4 Mar   | –         | –        | open                   |
    | 4    | 28 Feb  | 1 Mar     | –        | open; a lead of February |
    Negotiation and proposal are skipped by deal 1 and count as passed on the day it was won. Of the visits to the lead
    stage three ended in March, after 1 (from February), 10 and 10 days, and one was open after 27: half left within 10.
    Of those to qualified one ended after 7, two were open after 19 and 30.
    """
    world.deal(
        world.ada,
        ("lead", "2026-03-02"),
        ("qualified", "2026-03-12"),
        ("prospect", "2026-04-01"),
        ("won", "2026-05-02"),
    )
    world.deal(world.ada, ("lead", "2026-03-03"), ("qualified", "2026-03-13"), ("lost", "2026-03-20"))
    world.deal(world.ada, ("lead", "2026-03-04"))
    world.deal(world.ada, ("lead", "2026-02-28"), ("qualified", "2026-03-01"))
    found = {name: plain(cells) for name, cells in lines(world, "funnel", world.north, "2026-03").items()}
    assert found["lead"] == ["3", "2", "67 %", "–", "10 days", "1", "1", "33 %"]
    assert found["qualified"] == ["3", "1", "33 %", "–", "–", "1", "1", "33 %"]
    assert found["prospect"] == ["0", "0", "–", "–", "–", "0", "0", "–"]
    may = lines(world, "funnel", world.north, "2026-05")
    assert may["won"][0] == "1"


def built(world, name: str, who=None, period: str = "2026"):
    drain()
    calendar = Calendar.current()
    asked = Asked(calendar, calendar.parse(period))
    return TABLES[name][1](TableAsked(world.subject(who), asked, "EUR", AnonymousUser()))


def test_the_funnel_says_how_long_stages_last_with_open_visits_as_lasting_on(world):
    """
    Two stages stand for qualified. Visits by 31 March, in days:

    | visit | stage     | days | ended | survival: Qualified | Demo | both      |
    |-------|-----------|------|-------|---------------------|------|-----------|
    | 1     | Qualified | 4    | yes   | 2/3                 |      | 4/5       |
    | 2     | Qualified | 10   | yes   | 1/3: 10 days        |      | 3/5       |
    | 3     | Qualified | 15   | open  |                     |      |           |
    | 4     | Demo      | 20   | yes   |                     | 1/2  | 3/10: 20  |
    | 5     | Demo      | 30   | open  |                     |      |           |
    """
    world.stages["demo"] = Stage.objects.create(name="Demo", position=8, milestone=Milestone.QUALIFIED)
    for stage, begun, left in (
        ("qualified", 1, 5),
        ("qualified", 1, 11),
        ("qualified", 16, None),
        ("demo", 1, 21),
        ("demo", 1, None),
    ):
        history = [(stage, f"2026-03-{begun:02}")]
        world.deal(world.ada, *history, *([("prospect", f"2026-03-{left:02}")] if left else []))
    table = built(world, "funnel", world.ada, "2026-03")
    assert {row.cells[0]: row.cells[5] for row in table.rows}["qualified"] == "20 days"
    assert [row.cells for row in table.parts[1].rows] == [
        ["Qualified", "qualified", "10 days", "–", "2", "1"],
        ["Prospect", "prospect", "–", "–", "0", "3"],
        ["Demo", "qualified", "20 days", "–", "1", "1"],
    ]


def test_the_funnels_picture_is_as_wide_as_its_cohorts(world):
    """Four leads, two of them qualified: the second bar is half as long, and all of it stayed."""
    for day in (2, 3):
        world.deal(world.ada, ("lead", f"2026-03-0{day}"), ("qualified", "2026-03-12"))
        world.deal(world.ada, ("lead", f"2026-03-0{day}"))
    first, second = built(world, "funnel", world.ada, "2026-03").bars
    assert (first.name, first.words) == ("lead", "4 reached it, 2 went on")
    assert 'class="bar-on" x="0.00%" width="50.00%"' in first.drawn
    assert 'class="bar-stay" x="50.00%" width="50.00%"' in first.drawn
    assert second.words == "2 reached it, 0 went on"
    assert 'class="bar-stay" x="0.00%" width="50.00%"' in second.drawn


def test_sources_are_ranked_by_leads_and_small_ones_stand_together(world):
    """The fair brought three leads, two qualified, one won for 900; the least for a line of its own is set to two."""
    fair, web, stand = (LeadSource.objects.create(name=name) for name in ("Fair", "Web", "Stand"))
    world.setting("small_source_leads", "2")
    for source, *history in (
        (fair, ("lead", "2026-03-02"), ("qualified", "2026-03-12")),
        (fair, ("lead", "2026-03-02"), ("won", "2026-03-20")),
        (fair, ("lead", "2026-03-02")),
        (web, ("lead", "2026-03-02")),
        (stand, ("lead", "2026-03-02"), ("qualified", "2026-03-12")),
    ):
        world.deal(world.ada, *history, lead_source=source, amount=900)
    found = {name: plain(cells) for name, cells in lines(world, "sources", world.ada, "2026-03").items()}
    assert list(found) == ["Fair", "smaller sources"]
    assert found["Fair"] == ["3", "67 %", "1", "€ 300", "€ 0", "€ 0", "–"]
    assert found["smaller sources"][:3] == ["2", "50 %", "0"]


def test_a_contract_from_a_source_took_the_hours_logged_on_its_deals(world):
    """The fair: 3 h on the deal won and 2.5 h on another, in March, for one contract; an hour in April is not of it."""
    fair, web = (LeadSource.objects.create(name=name) for name in ("Fair", "Web"))
    world.setting("small_source_leads", "1")
    won = world.deal(world.ada, ("lead", "2026-03-02"), ("won", "2026-03-20"), lead_source=fair, amount=1)
    other = world.deal(world.ada, ("lead", "2026-03-02"), lead_source=fair, amount=1)
    lost = world.deal(world.ada, ("lead", "2026-03-02"), lead_source=web, amount=1)
    for deal, on, hours in (
        (won, "2026-03-03", "3"),
        (other, "2026-03-31", "2.5"),
        (won, "2026-04-01", "1"),
        (lost, "2026-03-09", "4"),
        (None, "2026-03-10", "8"),
    ):
        TimeEntry.objects.create(rep=world.ada, on=on, hours=hours, deal=deal)
    found = {name: plain(cells) for name, cells in lines(world, "sources", world.ada, "2026-03").items()}
    assert (found["Fair"][-1], found["Web"][-1]) == ("5.5 h", "none yet")


def test_materials_stand_beside_what_their_mails_were_answered(world):
    """Two mails with a brochure, a first attempt and its follow-up; one was answered in time. Of two without, one was."""
    carla, dora = world.carla, world.contact("Dora")
    first = world.mail(world.ada, "2026-03-02 09:00", carla)
    later = world.mail(world.ada, "2026-03-20 09:00", carla)
    world.answer(world.ada, "2026-03-21 09:00", carla)
    world.mail(world.ada, "2026-03-02 09:00", dora)
    world.mail(world.ada, "2026-03-20 09:00", dora)
    world.answer(world.ada, "2026-03-21 09:00", dora)
    for mail in (first, later):
        world.material(mail, "brochure")
    (table,) = built(world, "sources", world.ada, "2026-03").also
    found = {row.cells[0]: plain(row.cells[1:]) for row in table.rows}
    assert found == {
        "brochure": ["2", "1", "1", "50 %"],
        "mails without material": ["", "", "", "50 %"],
    }


def test_the_forecast_weighs_open_amounts_by_the_organisations_own_win_rates(world):
    """
    Of the deals that had been qualified one was won and one lost: a qualified deal of 1,000 weighs 500. As deals that
    became prospects were won (one of one), one of 3,000 weighs 3,000. Both are expected in July; a third is overdue.
    """
    world.deal(world.ben, ("prospect", "2026-01-02"), ("won", "2026-02-02"), amount=1)
    world.deal(world.ben, ("qualified", "2026-01-02"), ("lost", "2026-02-02"), amount=1)
    for stage, amount, on, forecast in (
        ("qualified", 1000, "2026-07-10", "committed"),
        ("prospect", 3000, "2026-07-31", "best_case"),
        ("prospect", 70, "2026-05-31", "open"),
    ):
        world.deal(world.ada, (stage, "2026-03-02"), amount=amount, expected_close_on=on, forecast=forecast)
    found = {name: plain(cells) for name, cells in lines(world, "forecast", world.ada).items()}
    assert found["2026-07"] == ["2", "€ 4,000", "€ 3,500", "€ 1,000", "€ 4,000"]
    assert found["overdue"][:3] == ["1", "€ 70", "€ 70"]


def test_rebates_say_the_tier_reached_and_the_way_to_the_next(world):
    """Tiers: 2 % from 1,000, 3 % from 5,000. Ada and Ben won 4,000 with Brenta this year: 80 so far, 1,000 to go."""
    for least, percent in ((1000, 2), (5000, 3)):
        RebateTier.objects.create(account=world.brenta, year=2026, from_amount=least, percent=percent)
    world.deal(world.ada, ("qualified", "2026-01-02"), ("won", "2026-02-02"), amount=1500)
    world.deal(world.ben, ("qualified", "2026-01-02"), ("won", "2026-03-02"), amount=2500)
    world.deal(world.ben, ("qualified", "2025-01-02"), ("won", "2025-03-02"), amount=9000)
    admin = User.objects.create_superuser("root")
    for who in (world.ada, world.ben, world.north, None):
        found = {name: plain(cells) for name, cells in lines(world, "rebates", who, user=admin).items()}
        assert found == {"Brenta Valves": ["€ 4,000", "2 %", "€ 80", "3 %", "€ 1,000"]}
    assert lines(world, "rebates", world.cleo, user=admin) == {}


def test_past_forecasts_stand_beside_what_came_and_what_slipped(world):
    """
    Today is 15 June 2026. Before May one deal was won and one lost from negotiation: half of each amount is forecast.
    Expected in May on 1 May, all in negotiation since March:

    | deal | amount | then                                   | of May       |
    |------|--------|----------------------------------------|--------------|
    | 1    | 1,000  | won on 20 May for 1,000                | won          |
    | 2    | 400    | on 10 May put off to 3 June            | slipped      |
    | 3    | 300    | on 5 June put off to July              | slipped in June: not expected in June on its first day |
    | 4    | 200    | on 10 May put off to 20 June, lost 25 May | not open any more |

    May: 1,900 open, 950 weighted, 1,000 won: 105 %; 400 slipped. Deal 2 is expected in June on 1 June and is still:
    nothing slipped out of June so far; two of four were won before it. April: nothing expected, one won for 80 and one lost.
    """
    for end in ("won", "lost"):
        world.deal(world.ada, ("negotiation", "2026-03-02"), (end, "2026-04-10"), amount=80)
    one = ("negotiation", "2026-03-02"), ("won", "2026-05-20")
    world.deal(world.ada, *one, amount=1000, expected_close_on="2026-05-31")
    for amount, day, later, *end in (
        (400, "2026-05-10", "2026-06-03"),
        (300, "2026-06-05", "2026-07-03"),
        (200, "2026-05-10", "2026-06-20", ("lost", "2026-05-25")),
    ):
        deal = world.deal(world.ada, ("negotiation", "2026-03-02"), *end, amount=amount)
        world.changes(deal, "expected_close_on", "2026-05-15", "2026-03-02 09:00")
        world.changes(deal, "expected_close_on", later, f"{day} 09:00")
    table = built(world, "forecast", world.ada, "2026-05").parts[1]
    found = {row.cells[0]: plain(row.cells[1:]) for row in table.rows}
    assert found["May 2026"] == ["4", "€ 1,900", "€ 950", "€ 1,000", "105 %", "€ 400"]
    assert found["June 2026 so far"] == ["1", "€ 400", "€ 200", "€ 0", "0 %", "€ 0"]
    assert found["April 2026"] == ["0", "€ 0", "€ 0", "€ 80", "–", "€ 0"]
    assert found["the closed ones together"] == ["4", "€ 1,900", "€ 950", "€ 1,080", "114 %", "€ 400"]
    assert list(found)[-2] == "March 2026"
    assert [row.cells[0] for row in built(world, "forecast", world.ada, "2026-Q2").parts[1].rows][1] == (
        "quarter 1, 2026"
    )


def test_coverage_shows_whom_calls_lean_on_and_where_nobody_calls(world):
    """
    Brenta has four people. In the last 90 days of 15 June: Carla dialled 3 times, Dan once (both covered), Eva's mail
    answered in February (too long ago), Fay nothing: 2 of 4 covered, 4 calls, 16 / (9 + 1) = 1.6 effective contacts.
    Five mails to Gil of Ostia in the last 14 days without an answer press him; its deal has no call in its stage.
    """
    dan, eva, _fay = (world.contact(name) for name in ("Dan", "Eva", "Fay"))
    for day in ("2026-03-18", "2026-05-04", "2026-06-15"):
        world.call(world.ada, f"{day} 09:00", world.carla, outcome="reached")
    world.call(world.ben, "2026-06-01 09:00", dan)
    world.mail(world.ada, "2026-02-02 09:00", eva)
    world.answer(world.ada, "2026-02-03 09:00", eva)
    world.deal(world.ada, ("qualified", "2026-03-02"))
    ostia = world.account("Ostia Foods", owner=world.ada)
    gil = world.contact("Gil", ostia)
    for day in range(2, 7):
        world.mail(world.ada, f"2026-06-0{day} 09:00", gil)
    world.deal(world.ada, ("prospect", "2026-04-02"), account=ostia)
    admin = User.objects.create_superuser("root")
    found = {name: plain(cells) for name, cells in lines(world, "coverage", world.ada, user=admin).items()}
    assert found["Brenta Valves"] == ["qualified", "4", "2", "50 %", "4", "1.6", ""]
    assert found["Ostia Foods"] == [
        "prospect",
        "1",
        "1",
        "100 %",
        "0",
        "–",
        "pressure on Gil; no call in its stage",
    ]


def test_coverage_counts_accounts_by_stage_and_people_covered(world):
    world.call(world.ada, "2026-06-01 09:00", world.carla)
    world.deal(world.ada, ("qualified", "2026-03-02"))
    drain()
    calendar = Calendar.current()
    asked = TableAsked(
        world.subject(world.ada),
        Asked(calendar, calendar.parse("2026")),
        "EUR",
        User.objects.create_superuser("root"),
    )
    matrix = TABLES["coverage"][1](asked)
    assert [row.cells for row in matrix.rows] == [["qualified", "", "1 (1)", "", "", ""]]
