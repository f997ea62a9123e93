"""first_attempts: people the organisation had no touch with in the 180 days before, by channel."""


def test_first_attempts_count_people_by_the_channel_they_were_tried_on(world):
    """
    | Ada in March                             | call | email | text |
    |------------------------------------------|------|-------|------|
    | 2nd: calls Carla                         | 1    |       |      |
    | 3rd: mails Carla, Dora and Emil          |      | 2, Carla was called | |
    | 4th: texts Fulvia                        |      |       | 1    |
    | 5th: mails Gino, who had written first   |      | none  |      |
    | 6th: meets Ilda, then calls her          | none |       |      |
    """
    dora, emil, fulvia, gino, ilda = (
        world.contact(name) for name in ("Dora", "Emil", "Fulvia", "Gino", "Ilda")
    )
    world.call(world.ada, "2026-03-02 09:00", world.carla, outcome="no_answer")
    world.mail(world.ada, "2026-03-03 09:00", world.carla, dora, emil)
    world.text(world.ada, "2026-03-04 09:00", fulvia)
    world.answer(world.ada, "2026-03-05 08:00", gino)
    world.mail(world.ada, "2026-03-05 09:00", gino)
    world.meeting(world.ada, "2026-03-06 09:00", ilda)
    world.call(world.ada, "2026-03-06 11:00", ilda)
    reading = world.reading("first_attempts", world.ada, "2026-03")
    assert reading.value == 4
    assert reading.beside["by_kind"][1] == {"call": 1, "email": 2, "text": 1}
    assert reading.sentence == "4 people attempted for the first time"
    names = {row.contact.name for row in world.evidence("first_attempts", world.ada, "2026-03").counted}
    assert names == {"Carla", "Dora", "Emil", "Fulvia"}


def test_the_clock_is_the_contact_s_for_the_whole_organisation(world):
    """Olga of another team called Carla on 1 March: Ada's call of the 2nd is a first attempt only without hers."""
    world.call(world.ada, "2026-03-02 09:00", world.carla)
    assert world.value("first_attempts", world.ada, "2026-03") == 1
    earlier = world.call(world.olga, "2026-03-01 09:00", world.carla)
    assert [world.value("first_attempts", rep, "2026-03") for rep in (world.ada, world.olga)] == [0, 1]
    assert [world.value("follow_ups", rep, "2026-03") for rep in (world.ada, world.olga)] == [1, 0]
    earlier.delete()
    assert [world.value("first_attempts", rep, "2026-03") for rep in (world.ada, world.olga)] == [1, 0]


def test_after_180_silent_days_there_is_a_first_attempt_again(world):
    """Called on 1 September 2025, 09:00: 180 days of 24 hours later it is 28 February, 08:00, winter time."""
    for name, at in (("Dora", "2026-02-28 07:59:59"), ("Emil", "2026-02-28 08:00")):
        person = world.contact(name)
        world.call(world.ada, "2025-09-01 09:00", person)
        world.call(world.ada, at, person)
    rows = world.evidence("first_attempts", world.ada, "2026-02").counted
    assert [row.contact.name for row in rows] == ["Emil"]


def test_how_long_a_silence_has_to_be_is_a_setting_that_holds_from_its_day(world):
    """30 days from April on: 40 silent days are too few on 31 March, enough on 1 April."""
    for name, first, then in (
        ("Dora", "2026-02-19 09:00", "2026-03-31 09:00"),
        ("Emil", "2026-02-20 09:00", "2026-04-01 09:00"),
    ):
        person = world.contact(name)
        world.call(world.ada, first, person)
        world.call(world.ada, then, person)
    assert [world.value("first_attempts", world.ada, f"2026-0{m}") for m in (2, 3, 4)] == [2, 0, 0]
    world.setting("first_attempt_days", "30", "2026-04-01")
    assert [world.value("first_attempts", world.ada, f"2026-0{m}") for m in (2, 3, 4)] == [2, 0, 1]


def test_a_first_attempt_is_credited_to_the_team_of_that_day_and_taken_by_rome_s_days(world):
    """
    Ada is in North until 31 March and in South from 1 April, midnight in Rome.

    | person | called                | March, North | April, South |
    |--------|-----------------------|--------------|--------------|
    | Carla  | 28 February 22:59:59Z | no, February |              |
    | Dora   | 28 February 23:00:00Z | 1            |              |
    | Emil   | 31 March 21:59:59Z    | 1            |              |
    | Fulvia | 31 March 22:00:00Z    |              | 1            |
    """
    world.moves(world.ada, north="2026-01-01", south="2026-04-01")
    people = (world.carla, *(world.contact(name) for name in ("Dora", "Emil", "Fulvia")))
    for person, at in zip(
        people,
        ("2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z"),
        strict=True,
    ):
        world.call(world.ada, at, person)
    assert [world.value("first_attempts", world.ada, f"2026-0{m}") for m in (2, 3, 4)] == [1, 2, 1]
    assert [world.value("first_attempts", world.north, f"2026-0{m}") for m in (3, 4)] == [2, 0]
    assert [world.value("first_attempts", world.south, f"2026-0{m}") for m in (3, 4)] == [0, 1]


def test_first_attempts_by_nobody_count_for_the_organisation_only(world):
    world.call(None, "2026-03-02 09:00", world.carla)
    assert [world.value("first_attempts", who, "2026-03") for who in (world.north, None)] == [0, 1]


def test_no_first_attempt_is_nought_once_any_is_recorded(world):
    assert world.reading("first_attempts", world.ada, "2026-03").reason == "not_captured"
    world.call(world.ada, "2026-03-02 09:00", world.carla)
    ben = world.reading("first_attempts", world.ben, "2026-03")
    assert (ben.value, ben.reason) == (0, None)
