"""untouched_deals: open deals nobody touched in 14 days, with no meeting ahead / open deals."""

import pytest

OPEN = ("proposal", "2026-01-12 09:00")


def share_of(world, who, period):
    reading = world.reading("untouched_deals", who, period)
    return reading.numerator, reading.denominator


def share(world, period):
    return share_of(world, world.ada, period)


def test_untouched_deals_are_those_nobody_attended_to(world):
    """
    As of 31 March, 14 days back to the 18th:
    | deal of Ada's | what happened on it                                   | untouched |
    |---------------|-------------------------------------------------------|-----------|
    | 1             | a call on the 18th                                    | no        |
    | 2             | a call on the 17th                                    | yes       |
    | 3             | their mail on the 20th                                | no        |
    | 4             | an automatic reply on the 20th                        | yes       |
    | 5             | a mail that bounced on the 20th                       | yes       |
    | 6             | Olga's call on the 25th                               | no        |
    | 7             | a meeting on 9 April, booked on 30 March              | no        |
    | 8             | a meeting on 9 April, booked on 1 April               | yes       |
    | 9             | a meeting on 9 April, booked on 30 March, cancelled   | yes       |
    | 10            | a meeting on 9 April, nobody knows when booked        | no        |
    | 11            | a no-show on the 25th                                 | yes       |
    | 12            | nothing                                               | yes       |
    | 13            | nothing, but lost on the 20th                         | not open  |
    | 14            | their call on the 20th, two minutes                   | no        |
    """
    deals = [None, *(world.deal(world.ada, OPEN) for _ in range(12))]
    world.deal(world.ada, OPEN, ("lost", "2026-03-20 09:00"))
    called = world.deal(world.ada, OPEN)
    world.call(world.ada, "2026-03-18 00:00", world.carla, deal=deals[1])
    world.call(world.ada, "2026-03-17 23:50", world.carla, deal=deals[2])
    world.answer(world.ada, "2026-03-20 09:00", world.carla, deal=deals[3])
    world.answer(world.ada, "2026-03-20 09:00", world.carla, outcome="auto_reply", deal=deals[4])
    world.mail(world.ada, "2026-03-20 09:00", world.carla, outcome="bounced", deal=deals[5])
    world.call(world.olga, "2026-03-25 09:00", world.carla, deal=deals[6])
    for number, booked, status in (
        (7, "2026-03-30 09:00", "held"),
        (8, "2026-04-01 00:00", "held"),
        (9, "2026-03-30 09:00", "cancelled"),
    ):
        world.meeting(
            world.ada, "2026-04-09 09:00", world.carla, status=status, booked_at=booked, deal=deals[number]
        )
    world.meeting(world.ada, "2026-04-09 09:00", world.carla, deal=deals[10])
    world.meeting(world.ada, "2026-03-25 09:00", world.carla, status="no_show", deal=deals[11])
    world.call(world.ada, "2026-03-20 09:00", world.carla, direction="in", duration_s=120, deal=called)
    reading = world.reading("untouched_deals", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator) == (7, 13)
    assert reading.sentence == "7 of 13 open deals lie untouched"
    shown = world.evidence("untouched_deals", world.ada, "2026-03").counted
    untouched = {row.deal_id for row in shown if row.is_hit}
    assert untouched == {deals[number].pk for number in (2, 4, 5, 8, 9, 11, 12)}


def test_today_counts_and_so_does_what_is_planned_for_tomorrow(world):
    """Today is 15 June: the call of the 2nd is fourteen days ago, counted from today, that of the 1st is not."""
    first, second, third = (world.deal(world.ada, OPEN) for _ in range(3))
    world.call(world.ada, "2026-06-01 23:50", world.carla, deal=first)
    world.call(world.ada, "2026-06-02 00:00", world.carla, deal=second)
    assert share(world, "2026-06") == (2, 3)
    meeting = world.meeting(world.ada, "2026-06-16 09:00", world.carla, status="planned", deal=third)
    assert share(world, "2026-06") == (1, 3)
    meeting.status = meeting.Status.CANCELLED
    meeting.save()
    assert share(world, "2026-06") == (2, 3)


def test_a_meeting_lies_ahead_from_the_day_it_is_booked_to_the_day_it_is_held(world):
    """Booked on 20 February for 20 April: no call since January, yet untouched neither in February nor in March."""
    deal = world.deal(world.ada, OPEN)
    world.call(world.ada, "2026-01-12 10:00", world.carla, deal=deal)
    world.meeting(
        world.ada, "2026-04-20 09:00", world.carla, booked_at="2026-02-20 09:00", status="no_show", deal=deal
    )
    weeks = ("2026-W07", "2026-W08", "2026-W16", "2026-W17")
    assert [share(world, week)[0] for week in weeks] == [1, 0, 0, 1]


def test_how_many_days_is_the_setting_of_the_day_looked_at(world):
    """A call on 10 March: three weeks before its end, within 30 days but not within 14."""
    deal = world.deal(world.ada, OPEN)
    world.call(world.ada, "2026-03-10 09:00", world.carla, deal=deal)
    assert share(world, "2026-03") == (1, 1)
    world.setting("untouched_days", "30", "2026-03-31")
    assert (share(world, "2026-W12"), share(world, "2026-03")) == ((0, 1), (0, 1))
    assert share(world, "2026-W13") == (1, 1)


def test_a_deal_counts_for_its_owner_and_the_owner_s_team_at_the_period_s_end(world):
    """Ada's deal goes to Olga on 10 April, Ben calls about it on the 25th; Ada moves south on 1 May with the other one."""
    moved, _kept = world.deal(world.ada, OPEN), world.deal(world.ada, OPEN)
    world.owned(moved, ada="2026-01-12 09:00", olga="2026-04-10 09:00")
    world.moves(world.ada, north="2026-01-01", south="2026-05-01")
    world.call(world.ada, "2026-01-12 10:00", world.carla, deal=moved)
    world.call(world.ben, "2026-04-25 10:00", world.carla, deal=moved)
    subjects = (world.ada, world.olga, world.north, world.south, None)
    assert {m: [share_of(world, who, f"2026-0{m}") for who in subjects] for m in (3, 4, 5)} == {
        3: [(2, 2), (0, 0), (2, 2), (0, 0), (2, 2)],
        4: [(1, 1), (0, 1), (1, 1), (0, 1), (1, 2)],
        5: [(1, 1), (1, 1), (0, 0), (2, 2), (2, 2)],
    }


@pytest.mark.parametrize("repeat", ["is_internal", "provider_id"])
def test_what_counts_for_no_figure_touches_no_deal(world, repeat):
    """An internal meeting, and a repeat of a call on another deal, are no touches."""
    deal, other = world.deal(world.ada, OPEN), world.deal(world.ada, OPEN)
    value = True if repeat == "is_internal" else "c1"
    world.call(world.ada, "2026-03-25 09:00", world.carla, deal=other, **{repeat: value})
    world.call(world.ada, "2026-03-25 09:00", world.carla, deal=deal, **{repeat: value})
    world.call(world.ada, "2026-01-25 09:00", world.carla, deal=deal)
    assert share(world, "2026-03") == ((2, 2) if repeat == "is_internal" else (1, 2))


def test_missing_records_are_not_neglect(world):
    """A deal, and no activity on any deal: nothing can be said."""
    world.deal(world.ada, OPEN)
    assert world.reading("untouched_deals", world.ada, "2026-03").reason == "not_captured"
    deal = world.deal(world.ben, OPEN)
    world.call(world.ben, "2026-02-25 09:00", world.carla, deal=deal)
    assert world.value("untouched_deals", world.ada, "2026-03") == 1
    assert world.reading("untouched_deals", world.cleo, "2026-03").reason == "no_denominator"
