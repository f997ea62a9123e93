"""texts_sent: outbound texts and chat messages."""


def test_texts_sent_counts_what_went_out(world):
    """
    | Ada's text in March | counted            |
    |---------------------|--------------------|
    | out, to Carla       | 1                  |
    | out, nobody on file | 1                  |
    | in                  | no                 |
    | the same id again   | no, logged twice   |
    | to a colleague      | no, internal only  |
    | Ben's               | no, his            |
    """
    world.text(world.ada, "2026-03-03 09:00", world.carla, provider_id="sms-1")
    world.text(world.ada, "2026-03-03 10:00")
    world.text(world.ada, "2026-03-03 11:00", world.carla, direction="in")
    world.text(world.ada, "2026-03-03 12:00", world.carla, provider_id="sms-1")
    world.text(world.ada, "2026-03-03 13:00", is_internal=True)
    world.text(world.ben, "2026-03-03 14:00", world.carla)
    assert [world.value("texts_sent", who, "2026-03") for who in (world.ada, world.north, None)] == [2, 3, 3]
    assert world.left_out("texts_sent", world.ada, "2026-03") == {"logged twice": 1, "internal only": 1}


def test_texts_sent_takes_texts_by_rome_s_days(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.text(world.ada, at, world.carla)
    assert [world.value("texts_sent", world.ada, f"2026-0{month}") for month in (2, 3, 4)] == [1, 2, 1]
