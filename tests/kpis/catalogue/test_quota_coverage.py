"""quota_coverage: open qualified amount expected to close in the period / (target on won_value − won so far)."""

from kpis.models import Target


def quota(world, amount, **whom):
    Target.objects.create(kpi="won_value", period="quarter", from_on="2026-01-01", value=amount, **whom)


def expected(world, rep, stage, amount, on):
    world.deal(rep, (stage, "2026-04-02"), amount=amount, expected_close_on=on)


def test_what_is_open_is_held_against_what_is_left_of_the_target(world):
    """
    Ada's quota of the second quarter: 10,000; won in it so far: 4,000; left: 6,000. Today is 15 June.
    | open deal | amount | expected | counts |
    |-----------|--------|----------|--------|
    | qualified | 3,000  | 1 April  | yes    |
    | prospect  | 6,000  | 30 June  | yes    |
    | lead      | 9,000  | 30 June  | never qualified |
    | qualified | 5,000  | 1 July   | next quarter |
    9,000 of 6,000: 150 %.
    """
    quota(world, 10000, rep=world.ada)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-04-01"), amount=4000)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-31"), amount=700)
    for stage, amount, on in (
        ("qualified", 3000, "2026-04-01"),
        ("prospect", 6000, "2026-06-30"),
        ("lead", 9000, "2026-06-30"),
        ("qualified", 5000, "2026-07-01"),
    ):
        expected(world, world.ada, stage, amount, on)
    reading = world.reading("quota_coverage", world.ada, "2026-Q2")
    assert (reading.numerator, reading.denominator, reading.value, reading.evidence_count) == (
        900000,
        600000,
        1.5,
        2,
    )
    assert reading.sentence == "9,000 open and expected to close, for 6,000 left of the target"
    assert [
        (str(other.label), other.rows.count())
        for other in world.evidence("quota_coverage", world.ada, "2026-Q2").others
    ] == [("deals closed", 1)]


def test_a_target_reached_is_shown_as_such_and_none_is_none(world):
    quota(world, 4000, rep=world.ada)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-04-01"), amount=4000)
    expected(world, world.ada, "qualified", 3000, "2026-06-30")
    expected(world, world.ben, "qualified", 3000, "2026-06-30")
    ada, ben = (world.reading("quota_coverage", rep, "2026-Q2") for rep in (world.ada, world.ben))
    assert (ada.value, ada.reason, ada.reason_text) == (None, "target_reached", "the target is reached")
    assert (ben.value, ben.reason, ben.reason_text) == (None, "no_target", "no target set")


def test_a_team_has_a_quota_of_its_own(world):
    """North's 20,000 for the quarter; Ada won 5,000 and has 3,000 open, Ben 4,500: 7,500 of 15,000."""
    quota(world, 20000, team=world.north)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-04-01"), amount=5000)
    expected(world, world.ada, "qualified", 3000, "2026-06-30")
    expected(world, world.ben, "qualified", 4500, "2026-06-30")
    assert world.value("quota_coverage", world.north, "2026-Q2") == 0.5
    assert world.reading("quota_coverage", world.ada, "2026-Q2").reason == "no_target"
