"""first_attempt_reach: first attempts reached / first attempts; mails and texts once the reply window has passed."""

import pytest


@pytest.fixture
def people(world):
    return [world.contact(f"Person {number}") for number in range(1, 10)]


def figures(world, who, period, key="first_attempt_reach"):
    reading = world.reading(key, who, period)
    return reading.numerator, reading.denominator, reading.numbers["inside"]


def test_each_channel_reaches_in_its_own_way(world, people):
    """
    | person | Ada's first attempt, 2 March 09:00 | what came back            | reached |
    |--------|------------------------------------|---------------------------|---------|
    | 1      | call, reached                      |                           | 1       |
    | 2      | call, no outcome, 120 s            |                           | 1       |
    | 3      | call, voicemail                    | a mail on the 3rd         | 0       |
    | 4      | mail                               | a mail on the 16th, 09:00 | 1       |
    | 5      | mail                               | a mail a second later     | 0       |
    | 6      | mail                               | a text                    | 0       |
    | 7      | text                               | a text on the 4th         | 1       |
    | 8      | text                               | a mail on the 4th         | 0       |
    | 9      | mail                               | an automatic reply        | 0       |
    """
    one, two, three, four, five, six, seven, eight, nine = people
    at = "2026-03-02 09:00"
    world.call(world.ada, at, one, outcome="reached")
    world.call(world.ada, at, two, duration_s=120)
    world.call(world.ada, at, three, outcome="voicemail")
    for person in (four, five, six, nine):
        world.mail(world.ada, at, person)
    for person in (seven, eight):
        world.text(world.ada, at, person)
    world.answer(world.ada, "2026-03-03 09:00", three)
    world.answer(world.ada, "2026-03-16 09:00:00", four)
    world.answer(world.ada, "2026-03-16 09:00:01", five)
    world.text(world.ada, "2026-03-04 09:00", six, direction="in")
    world.text(world.ada, "2026-03-04 09:00", seven, direction="in")
    world.answer(world.ada, "2026-03-04 09:00", eight)
    world.answer(world.ada, "2026-03-02 09:01", nine, outcome="auto_reply")
    reading = world.reading("first_attempt_reach", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator) == (4, 9)
    assert reading.sentence == "4 of 9 first attempts reached the person"
    assert reading.beside["by_kind"][1] == {"call": 2 / 3, "email": 1 / 4, "text": 1 / 2}
    rows = world.evidence("first_attempt_reach", world.ada, "2026-03").counted
    assert {row.contact.name for row in rows if row.is_hit} == {f"Person {n}" for n in (1, 2, 4, 7)}


def test_calls_are_judged_at_once_and_mails_when_their_window_has_passed(world, people, now):
    """Today is 15 June: a call of today counts; of mails that of 31 May does, those of 1 June are inside until tonight."""
    one, two, three, four = people[:4]
    world.call(world.ada, "2026-06-15 09:00", one, outcome="reached")
    world.mail(world.ada, "2026-05-31 23:30", two)
    world.mail(world.ada, "2026-06-01 00:00", three)
    world.text(world.ada, "2026-06-01 09:00", four)
    world.answer(world.ada, "2026-06-02 09:00", three)
    assert figures(world, world.ada, "2026-05-31..2026-06-16") == (1, 2, 2)
    assert world.left_out("first_attempt_reach", world.ada, "2026") == {"still inside the window": 2}
    now.move_to("2026-06-15T22:00:00Z")
    assert figures(world, world.ada, "2026-05-31..2026-06-16") == (2, 4, 0)


def test_nothing_but_mails_inside_the_window_is_too_early_to_say(world, people):
    world.mail(world.ada, "2026-06-10 09:00", people[0])
    june = world.reading("first_attempt_reach", world.ada, "2026-06")
    assert (june.value, june.reason) == (None, "maturing")
    assert world.reading("first_attempt_reach", world.ben, "2026-06").reason == "no_denominator"


def test_reach_is_credited_to_who_attempted_and_to_the_team_then(world, people):
    """
    Ada moves south on 16 March; the answer to her mail of the 10th comes on the 20th.

    | first attempt           | Ada   | North | South | Ben   |
    |-------------------------|-------|-------|-------|-------|
    | 10th, mail, answered    | 1 / 1 | 1 / 1 |       |       |
    | 20th, call, no answer   | 0 / 1 |       | 0 / 1 |       |
    | Ben, 20th, call, reached |      | 1 / 1 |       | 1 / 1 |
    """
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    world.mail(world.ada, "2026-03-10 09:00", people[0])
    world.answer(world.ada, "2026-03-20 09:00", people[0])
    world.call(world.ada, "2026-03-20 09:00", people[1], outcome="no_answer")
    world.call(world.ben, "2026-03-20 09:00", people[2], outcome="reached")
    subjects = (world.ada, world.north, world.south, world.ben, None)
    found = [figures(world, who, "2026-03")[:2] for who in subjects]
    assert found == [(1, 2), (2, 2), (0, 1), (1, 1), (2, 3)]


def test_attempts_are_taken_by_rome_s_days(world, people):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    for person, at in zip(
        people,
        ("2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z"),
        strict=False,
    ):
        world.call(world.ada, at, person, outcome="reached")
    assert [figures(world, world.ada, f"2026-0{m}")[1] for m in (2, 3, 4)] == [1, 2, 1]


def test_the_reply_window_is_a_setting_that_holds_from_its_day(world, people):
    """Seven days from April on: ten days are in time for a text of 31 March and late for one of 1 April."""
    world.setting("reply_window_days", "7", "2026-04-01")
    for person, at in zip(people, ("2026-03-31 23:30", "2026-04-01 00:00"), strict=False):
        world.text(world.ada, at, person)
        world.text(world.ada, "2026-04-10 09:00", person, direction="in")
    assert figures(world, world.ada, "2026-03") == (1, 1, 0)
    assert figures(world, world.ada, "2026-04") == (0, 1, 0)
