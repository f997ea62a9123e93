"""material_response: mails with a material answered within the window / mails with it, against those with none."""

import pytest

from kpis.statistics import wilson


@pytest.fixture
def people(world):
    return [world.contact(f"Person {number}") for number in range(1, 10)]


def figures(world, who, period):
    reading = world.reading("material_response", who, period)
    return reading.numerator, reading.denominator, reading.numbers["inside"]


def test_material_response_counts_mails_with_a_material(world, people):
    """
    | person | Ada's mail of 2 March          | answer                 | counted |
    |--------|--------------------------------|------------------------|---------|
    | 1      | brochure                       | 4th                    | 1 of 1  |
    | 2      | brochure and price list        | 16th 09:00, 14 days on | 1 of 1, in both types |
    | 3      | brochure                       | 16th 09:01             | 0 of 1  |
    | 4      | price list                     | out of office          | 0 of 1  |
    | 5      | brochure, bounced              | 3rd                    | no      |
    | 6      | brochure, only copied in       | 3rd                    | no      |
    | 7      | none                           | 3rd                    | beside: 1 of 1 |
    | 8      | none                           |                        | beside: 0 of 1 |
    | 9      | brochure, in a call            | 3rd                    | no mail |
    """
    one, two, three, four, five, six, seven, eight, nine = people
    ada, day = world.ada, "2026-03-02 09:00"
    world.material(world.mail(ada, day, one), "brochure")
    world.material(world.mail(ada, day, two), "brochure", "price list")
    world.material(world.mail(ada, day, three), "brochure")
    world.material(world.mail(ada, day, four), "price list")
    world.material(world.mail(ada, day, five, outcome="bounced"), "brochure")
    world.material(world.mail(ada, day, (six, "cc")), "brochure")
    world.mail(ada, day, seven, eight)
    world.material(world.call(ada, day, nine), "brochure")
    for person, at in (
        (one, "04 09:00"),
        (two, "16 09:00"),
        (three, "16 09:01"),
        (five, "03 09:00"),
        (six, "03 09:00"),
        (seven, "03 09:00"),
        (nine, "03 09:00"),
    ):
        world.answer(ada, f"2026-03-{at}", person)
    world.answer(ada, "2026-03-02 09:01", four, outcome="auto_reply")
    reading = world.reading("material_response", ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (2, 4, 0.5)
    assert (reading.low, reading.high) == wilson(2, 4)
    assert reading.sentence == "2 of 4 mails with material answered in time"
    assert reading.beside["none"][1] == 0.5
    assert reading.beside["types"][1] == {"brochure": 2 / 3, "price list": 0.5}
    assert world.left_out("material_response", ada, "2026-03") == {"without material": 2}
    rows = world.evidence("material_response", ada, "2026-03").counted
    assert {row.contact.name for row in rows if row.is_hit} == {"Person 1", "Person 2"}


def test_each_mail_with_a_material_counts_by_itself(world, people):
    """Mailed brochures on 2 and 9 March, one mail to two people: the answer of the 10th answers both mails of its writer."""
    one, two = people[:2]
    world.material(world.mail(world.ada, "2026-03-02 09:00", one, two), "brochure")
    world.material(world.mail(world.ada, "2026-03-09 09:00", one), "brochure")
    world.answer(world.ada, "2026-03-10 09:00", one)
    assert figures(world, world.ada, "2026-03") == (2, 3, 0)


def test_a_window_that_has_not_passed_is_in_neither_number(world, people):
    """It is 15 June: the window of 31 May passed with the 14th, that of 1 June has not."""
    for day, person in (("05-31", people[0]), ("06-01", people[1])):
        world.material(world.mail(world.ada, f"2026-{day} 09:00", person), "brochure")
        world.answer(world.ada, "2026-06-02 09:00", person)
    assert figures(world, world.ada, "2026-Q2") == (1, 1, 1)
    assert world.reading("material_response", world.ada, "2026-06").reason == "maturing"
    assert world.left_out("material_response", world.ada, "2026-06") == {"still inside the window": 1}


def test_the_window_is_a_setting_that_holds_from_its_day(world, people):
    """Seven days from April on: an answer after ten comes in time in March and too late in April."""
    for month, person in ((3, people[0]), (4, people[1])):
        world.material(world.mail(world.ada, f"2026-0{month}-02 09:00", person), "brochure")
        world.answer(world.ada, f"2026-0{month}-12 09:00", person)
    assert [figures(world, world.ada, f"2026-0{month}") for month in (3, 4)] == [(1, 1, 0), (1, 1, 0)]
    world.setting("reply_window_days", "7", "2026-04-01")
    assert [figures(world, world.ada, f"2026-0{month}") for month in (3, 4)] == [(1, 1, 0), (0, 1, 0)]


def test_a_material_noted_later_moves_a_mail_over(world, people):
    mail = world.mail(world.ada, "2026-03-02 09:00", people[0])
    world.answer(world.ada, "2026-03-03 09:00", people[0])
    before = world.reading("material_response", world.ada, "2026-03")
    assert (before.value, before.reason, before.beside["none"][1]) == (None, "not_captured", 1)
    world.material(mail, "brochure")
    after = world.reading("material_response", world.ada, "2026-03")
    assert (after.value, after.beside["none"][1], dict(after.beside["types"][1])) == (
        1,
        None,
        {"brochure": 1},
    )
    link = mail.handed_over.get()
    link.material.type = "case study"
    link.material.save()
    changed = world.reading("material_response", world.ada, "2026-03")
    assert dict(changed.beside["types"][1]) == {"case study": 1}


def test_material_response_tells_nought_from_nothing_to_measure(world, people):
    world.material(world.mail(world.ada, "2026-03-02 09:00", people[0]), "brochure")
    ada, ben = (world.reading("material_response", rep, "2026-03") for rep in (world.ada, world.ben))
    assert (ada.value, ada.reason) == (0.0, None)
    assert (ben.value, ben.reason) == (None, "no_denominator")


def test_material_response_takes_a_month_s_first_instant_and_not_its_end(world, people):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.material(world.mail(world.ada, at, people[0]), "brochure")
    assert [figures(world, world.ada, f"2026-0{m}")[1] for m in (2, 3, 4)] == [1, 2, 1]


def test_a_mail_counts_for_who_sent_it_and_their_team_then(world, people):
    """Ada moves south on 16 March, Dario is of Coast, one mail is nobody's; Ada's first is answered, in a mail to Olga."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    for rep, day, person in (
        (world.ada, 15, people[0]),
        (world.ada, 16, people[1]),
        (world.dario, 16, people[2]),
        (None, 17, people[3]),
    ):
        world.material(world.mail(rep, f"2026-03-{day} 09:00", person), "brochure")
    world.answer(world.olga, "2026-03-17 09:00", people[0])
    subjects = (world.ada, world.north, world.coast, world.south, None)
    found = [figures(world, who, "2026-03")[:2] for who in subjects]
    assert found == [(1, 2), (1, 2), (0, 1), (0, 1), (1, 4)]


def test_the_same_mail_counts_once(world, people):
    for _ in range(2):
        world.material(world.mail(world.ada, "2026-03-03 09:00", people[0], provider_id="<1@x>"), "brochure")
    assert figures(world, world.ada, "2026-03") == (0, 1, 0)
