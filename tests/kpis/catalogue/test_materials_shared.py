"""materials_shared: materials provided, by type x (first attempt, follow-up)."""


def types(world, who, period, name):
    return dict(world.reading("materials_shared", who, period).beside[name][1])


def test_materials_shared_counts_what_was_given_in_touches(world):
    """
    | Ada in March                 | material                 | counted |
    |------------------------------|--------------------------|---------|
    | 2nd, mails Carla first       | brochure                 | 1, first attempt |
    | 3rd, mails Carla             | brochure, price list     | 2, follow-up |
    | 4th, mails Carla             | none                     | no      |
    | 5th, dials Carla             | price list               | 1, follow-up |
    | 6th, texts Carla             | price list               | 1, follow-up |
    | 9th, meets Carla             | case study               | 1, no attempt |
    | 10th, meets Carla, cancelled | case study               | no      |
    | 11th, mails Carla, bounced   | brochure                 | no      |
    | 12th, Carla mails her        | case study               | no      |
    """
    carla, ada = world.carla, world.ada
    world.material(world.mail(ada, "2026-03-02 09:00", carla), "brochure")
    world.material(world.mail(ada, "2026-03-03 09:00", carla), "brochure", "price list")
    world.mail(ada, "2026-03-04 09:00", carla)
    world.material(world.call(ada, "2026-03-05 09:00", carla), "price list")
    world.material(world.activity(3, ada, "2026-03-06 09:00", carla, direction="out"), "price list")
    world.material(world.meeting(ada, "2026-03-09 09:00", carla), "case study")
    world.material(world.meeting(ada, "2026-03-10 09:00", carla, status="cancelled"), "case study")
    world.material(world.mail(ada, "2026-03-11 09:00", carla, outcome="bounced"), "brochure")
    world.material(world.answer(ada, "2026-03-12 09:00", carla), "case study")
    reading = world.reading("materials_shared", ada, "2026-03")
    assert (reading.value, reading.sentence) == (6, "6 materials shared")
    assert types(world, ada, "2026-03", "types") == {"brochure": 2, "price list": 3, "case study": 1}
    assert types(world, ada, "2026-03", "first") == {"brochure": 1}
    assert types(world, ada, "2026-03", "follow_up") == {"brochure": 1, "price list": 3}
    assert world.left_out("materials_shared", ada, "2026-03") == {"bounced, not held, or not ours to give": 3}


def test_an_earlier_touch_found_later_makes_a_follow_up_of_the_first(world):
    """Olga turns out to have mailed Carla in February: what Ada gave came with a follow-up."""
    world.material(world.mail(world.ada, "2026-03-02 09:00", world.carla), "brochure")
    assert types(world, world.ada, "2026-03", "first") == {"brochure": 1}
    world.mail(world.olga, "2026-02-02 09:00", world.carla)
    found = [types(world, world.ada, "2026-03", name) for name in ("first", "follow_up")]
    assert found == [{}, {"brochure": 1}]


def test_a_material_given_taken_back_or_told_another_type_moves_the_figure(world):
    mail = world.mail(world.ada, "2026-03-02 09:00", world.carla)
    world.material(mail, "brochure", "brochure")
    assert world.value("materials_shared", world.ada, "2026-03") == 2
    link = mail.handed_over.first()
    link.material.type = "case study"
    link.material.save()
    assert types(world, world.ada, "2026-03", "types") == {"brochure": 1, "case study": 1}
    link.delete()
    assert types(world, world.ada, "2026-03", "types") == {"brochure": 1}
    mail.rep = world.ben
    mail.save()
    assert [world.value("materials_shared", who, "2026-03") for who in (world.ada, world.ben)] == [0, 1]


def test_materials_shared_tells_nought_from_nothing_captured(world):
    world.mail(world.ada, "2026-03-02 09:00", world.carla)
    assert world.reading("materials_shared", world.ada, "2026-03").reason == "not_captured"
    world.material(world.mail(world.ben, "2026-03-02 09:00", world.carla), "brochure")
    assert [world.value("materials_shared", who, "2026-03") for who in (world.ada, world.ben)] == [0, 1]


def test_materials_shared_takes_a_month_s_first_instant_and_not_its_end(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.material(world.mail(world.ada, at, world.carla), "brochure")
    assert [world.value("materials_shared", world.ada, f"2026-0{m}") for m in (2, 3, 4)] == [1, 2, 1]


def test_a_material_counts_for_who_gave_it_and_their_team_then(world):
    """Ada moves south on 16 March; one mail is nobody's. Types add up over reps as the number does."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    for rep, day, kind in (
        (world.ada, 15, "brochure"),
        (world.ada, 16, "price list"),
        (world.dario, 16, "brochure"),
        (None, 17, "brochure"),
    ):
        world.material(world.mail(rep, f"2026-03-{day} 09:00", world.carla), kind)
    subjects = (world.ada, world.north, world.coast, world.south, None)
    assert [world.value("materials_shared", who, "2026-03") for who in subjects] == [2, 2, 1, 1, 4]
    assert types(world, None, "2026-03", "types") == {"brochure": 3, "price list": 1}
    assert types(world, world.north, "2026-03", "types") == {"brochure": 2}


def test_the_material_of_a_mail_logged_twice_counts_once_and_an_internal_one_never(world):
    for _ in range(2):
        world.material(
            world.mail(world.ada, "2026-03-03 09:00", world.carla, provider_id="<1@x>"), "brochure"
        )
    world.material(world.mail(world.ada, "2026-03-04 09:00", is_internal=True), "brochure")
    assert world.value("materials_shared", world.ada, "2026-03") == 1
    found = world.left_out("materials_shared", world.ada, "2026-03")
    assert found == {"logged twice": 1, "internal only": 1}
