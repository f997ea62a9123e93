"""stage_days: median days in the present stage over open deals; beside it how long a visit to a stage lasts."""

DAY_US = 86_400_000_000


def days(world, who, period):
    return world.reading("stage_days", who, period).sample_in_unit


def visits(world, who, period, stage):
    return world.reading("stage_days", who, period).beside["visits"][1].get(str(world.stages[stage].pk))


def test_stage_days_is_the_median_over_the_deals_open_at_the_end(world):
    """
    As of the end of 31 March 2026, 24:00 in Rome:

    | deal | history                                        | days        |
    |------|------------------------------------------------|-------------|
    | 1    | prospect since the 1st, the day alone known    | 30          |
    | 2    | lead on 1 January, qualified on the 22nd       | 9           |
    | 3    | prospect since 31 March                        | 0           |
    | 4    | proposal since 1 March 00:00, a 23-hour day in it | 30 + 23/24 |
    | 5    | negotiation since 30 March 12:00               | 1.5         |
    | 6    | won on 20 March                                | closed      |
    | 7    | created on 1 April                             | not yet     |

    Sorted 0, 1.5, 9, 30, 30.96: the median is 9.
    """
    for history in (
        [("prospect", "2026-03-01")],
        [("lead", "2026-01-01"), ("qualified", "2026-03-22")],
        [("prospect", "2026-03-31")],
        [("proposal", "2026-03-01 00:00")],
        [("negotiation", "2026-03-30 12:00")],
        [("prospect", "2026-03-01"), ("won", "2026-03-20")],
        [("prospect", "2026-04-01")],
    ):
        world.deal(world.ada, *history)
    reading = world.reading("stage_days", world.ada, "2026-03")
    assert reading.sample_in_unit == [0, 1.5, 9, 30, 30 + 23 / 24]
    assert (reading.value, reading.evidence_count, reading.reason) == (9, 5, None)
    assert reading.sentence == "median of 5 open deals"
    assert reading.beside["mean"][1] == (0 + 1.5 + 9 + 30 + 30 + 23 / 24) / 5


def test_an_owner_a_value_or_a_fact_does_not_restart_the_days(world):
    """In prospect since 2 March; on 10 March a new owner, on 20 March a new amount and an NDA: 29 days."""
    deal = world.deal(world.ada, ("prospect", "2026-03-02"))
    world.owned(deal, ada="2026-03-02", ben="2026-03-10")
    world.worth(deal, ("1000", "2026-03-02"), ("2000", "2026-03-20"))
    world.fact(deal, "nda_signed", "2026-03-20")
    assert days(world, world.ben, "2026-03") == [29]
    assert days(world, world.ada, "2026-03") == []


def test_a_second_visit_to_a_stage_starts_anew(world):
    """Prospect on the 2nd, back to qualified on the 10th, prospect again on the 20th: 11 days on the 31st."""
    world.deal(world.ada, ("prospect", "2026-03-02"), ("qualified", "2026-03-10"), ("prospect", "2026-03-20"))
    assert days(world, world.ada, "2026-03") == [11]


def test_the_same_stage_entered_twice_in_a_row_is_one_visit(world):
    world.deal(world.ada, ("prospect", "2026-03-02"), ("prospect", "2026-03-20"))
    assert days(world, world.ada, "2026-03") == [29]


def test_march_looked_at_in_june_gives_march_s_days(world):
    """Qualified on 2 March, prospect on 10 April, lost on 20 May."""
    world.deal(world.ada, ("qualified", "2026-03-02"), ("prospect", "2026-04-10"), ("lost", "2026-05-20"))
    assert [days(world, world.ada, f"2026-0{m}") for m in (2, 3, 4, 5)] == [[], [29], [20], []]


def test_a_running_period_is_looked_at_as_of_today(world, now):
    """Today is 15 June, a day whose end the figure describes; tomorrow it is one day more."""
    world.deal(world.ada, ("prospect", "2026-06-01"))
    assert days(world, world.ada, "2026") == days(world, world.ada, "2026-06-01..2027-01-01") == [14]
    now.move_to("2026-06-16T10:00:00Z")
    assert days(world, world.ada, "2026-06-01..2027-01-01") == [15]


def test_a_reopened_deal_waits_from_its_reopening(world):
    """Lost on 10 March and reopened into the same stage on 20 March: 11 days, not 30."""
    world.deal(world.ada, ("prospect", "2026-03-01"), ("lost", "2026-03-10"), ("prospect", "2026-03-20"))
    assert days(world, world.ada, "2026-03") == [11]
    assert days(world, world.ada, "2026-03-01..2026-03-15") == []


def test_fewer_than_five_are_too_few_and_none_is_no_median_of_nought(world):
    """Ada has four open deals, Ben one, Cleo none; together five: North has a median."""
    assert world.reading("stage_days", world.ada, "2026-03").reason == "not_captured"
    for day in (2, 3, 4, 5):
        world.deal(world.ada, ("prospect", f"2026-03-0{day}"))
    world.deal(world.ben, ("prospect", "2026-03-06"))
    ada, cleo, north = (
        world.reading("stage_days", who, "2026-03") for who in (world.ada, world.cleo, world.north)
    )
    assert (ada.value, ada.reason, ada.evidence_count) == (None, "too_few", 4)
    assert (cleo.value, cleo.reason) == (None, "no_denominator")
    assert (north.value, north.evidence_count) == (27, 5)


def test_a_deal_without_an_owner_is_the_organisation_s_only(world):
    world.deal(None, ("prospect", "2026-03-01"))
    assert (days(world, None, "2026-03"), days(world, world.north, "2026-03")) == ([30], [])


def test_an_owner_s_move_takes_the_open_deals_to_the_new_team(world):
    """Ada moves south on 16 March; as of 15 March her deal is North's."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    world.deal(world.ada, ("prospect", "2026-03-01"))
    teams = (world.north, world.south)
    assert [days(world, team, "2026-03-01..2026-03-16") for team in teams] == [[14], []]
    assert [days(world, team, "2026-03-01..2026-03-17") for team in teams] == [[], [15]]


def test_a_visit_lasts_what_kaplan_and_meier_say(world):
    """
    Visits to qualified in March, each in days; the last two are still open on the 31st:

    | deal | qualified | left on the | days | at risk | ending | survival          |
    |------|-----------|-------------|------|---------|--------|-------------------|
    | 1    | 1st       | 5th         | 4    | 7       | 1      | 6/7 = 0.857       |
    | 2    | 1st       | 11th        | 10   | 6       | 1      | 0.714             |
    | 3    | 2nd       | 12th        | 10   | 5       |        | with deal 2: 4/7 = 0.571 of 7 |
    | 4    | 16th      | open        | 15   | 4       | 0      | 0.571             |
    | 5    | 1st       | 21st        | 20   | 3       | 1      | 0.381: the median |
    | 6    | 1st       | 26th        | 25   | 2       | 1      |                   |
    | 7    | 1st       | open        | 30   | 1       | 0      |                   |

    Half the visits have ended after 20 days. Of the five completed alone the median is 10: too short, for survivors
    are left out of it.
    """
    for start, end in ((1, 5), (1, 11), (2, 12), (16, None), (1, 21), (1, 26), (1, None)):
        history = [("qualified", f"2026-03-{start:02}")]
        world.deal(world.ada, *history, *([("prospect", f"2026-03-{end:02}")] if end else []))
    found = visits(world, world.ada, "2026-03", "qualified")
    assert found == {"median": 20, "completed": 10, "visits": [5, 2]}


def test_a_visit_counts_in_the_period_in_which_it_ended(world):
    """Qualified from 2 February to 10 March, then prospect, won on 20 April.

    | period   | visit to qualified  | visit to prospect   |
    |----------|---------------------|---------------------|
    | February | open, 26 days       |                     |
    | March    | ended after 36 days | open, 21 days       |
    | April    |                     | ended after 41 days |
    """
    world.deal(world.ada, ("qualified", "2026-02-02"), ("prospect", "2026-03-10"), ("won", "2026-04-20"))
    found = {
        m: [
            v and (v["median"], v["visits"])
            for v in (visits(world, world.ada, f"2026-0{m}", s) for s in ("qualified", "prospect"))
        ]
        for m in (2, 3, 4)
    }
    assert found == {
        2: [(None, [0, 1]), None],
        3: [(36, [1, 0]), (None, [0, 1])],
        4: [None, (41, [1, 0])],
    }


def test_a_visit_is_one_whatever_changed_during_it(world):
    """Ada's deal goes to Ben on 5 March within its visit of the 2nd to the 12th: one visit of ten days, Ben's."""
    deal = world.deal(world.ada, ("qualified", "2026-03-02"), ("prospect", "2026-03-12"))
    world.owned(deal, ada="2026-03-02", ben="2026-03-05")
    world.worth(deal, ("1000", "2026-03-02"), ("1500", "2026-03-08"))
    assert visits(world, world.ben, "2026-03", "qualified") == {
        "median": 10,
        "completed": None,
        "visits": [1, 0],
    }
    assert visits(world, world.ada, "2026-03", "qualified") is None
    assert visits(world, world.north, "2026-03", "qualified")["visits"] == [1, 0]
