"""emails_sent: outbound external mails; bounced ones are shown apart and not counted."""

from pipeline.models import Activity


def test_emails_sent_counts_outbound_mails_that_did_not_bounce(world):
    """
    | Ada's mail        | counted |
    |-------------------|---------|
    | 3 March, to Carla | 1       |
    | 4 March, bounced  | apart   |
    | 5 March, inbound  | no      |
    | 6 March, internal | no      |
    | 9 March, no recipient on file | 1 |
    """
    world.mail(world.ada, "2026-03-03 09:00", world.carla)
    world.mail(world.ada, "2026-03-04 09:00", world.carla, outcome="bounced")
    world.answer(world.ada, "2026-03-05 09:00", world.carla)
    world.mail(world.ada, "2026-03-06 09:00", is_internal=True)
    world.mail(world.ada, "2026-03-09 09:00")
    reading = world.reading("emails_sent", world.ada, "2026-03")
    assert (reading.value, reading.numerator, reading.reason) == (2, 2, None)
    assert reading.beside["bounced"][1] == 1


def test_emails_sent_takes_the_first_instant_of_a_month_and_not_its_end(world):
    """Rome is at UTC+1 until 29 March and at UTC+2 after it, so March runs from 28 Feb 23:00Z to 31 March 22:00Z."""
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.mail(world.ada, at, world.carla)
    assert world.value("emails_sent", world.ada, "2026-02") == 1
    assert world.value("emails_sent", world.ada, "2026-03") == 2
    assert world.value("emails_sent", world.ada, "2026-04") == 1


def test_emails_sent_late_in_the_evening_utc_falls_into_the_next_local_day(world):
    world.mail(world.ada, "2026-01-08 09:00", world.carla)
    sent = world.mail(world.ada, "2026-03-10T23:30:00Z", world.carla)
    assert world.value("emails_sent", world.ada, "2026-03-11..2026-03-12") == 1
    assert world.value("emails_sent", world.ada, "2026-03-10..2026-03-11") == 0
    assert str(Activity.objects.get(pk=sent.pk).day) == "2026-03-11"


def test_emails_sent_counts_a_message_id_once_in_whoevers_mailbox(world):
    """Ada's mail with Ben in copy lies in both mailboxes: one mail, the row learnt first."""
    world.mail(world.ada, "2026-03-03 09:00", world.carla, provider_id="<1@adige.example>")
    world.mail(world.ben, "2026-03-03 09:00", world.carla, provider_id="<1@adige.example>")
    values = [world.value("emails_sent", who, "2026-03") for who in (world.ada, world.ben, world.north)]
    assert values == [1, 0, 1]
    assert world.left_out("emails_sent", world.north, "2026-03") == {"logged twice": 1}


def test_emails_sent_to_colleagues_are_left_out_as_internal(world):
    world.mail(world.ada, "2026-03-03 09:00", world.carla)
    world.mail(world.ada, "2026-03-03 10:00", is_internal=True)
    assert world.left_out("emails_sent", world.ada, "2026-03") == {"internal only": 1}


def test_emails_sent_stay_with_the_rep_who_sent_them_when_the_account_changes_hands(world):
    world.mail(world.ada, "2026-03-03 09:00", world.carla)
    world.brenta.owner = world.ben
    world.brenta.save()
    assert [world.value("emails_sent", who, "2026-03") for who in (world.ada, world.ben)] == [1, 0]


def test_emails_sent_count_for_the_team_of_their_day(world):
    """Ada moves south on 16 March; a mail without a rep is the organisation's only."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    for at in ("2026-03-02 09:00", "2026-03-15 23:59:59", "2026-03-16 00:00"):
        world.mail(world.ada, at, world.carla)
    world.mail(None, "2026-03-16 10:00", world.carla)
    subjects = (world.ada, world.north, world.south, None)
    assert [world.value("emails_sent", who, "2026-03") for who in subjects] == [3, 2, 1, 4]


def test_no_mails_are_nought_once_any_was_recorded(world):
    assert world.reading("emails_sent", world.ada, "2026-03").reason == "not_captured"
    world.mail(world.ben, "2026-03-02 09:00", world.carla)
    assert world.value("emails_sent", world.ada, "2026-03") == 0


def test_a_bounce_that_comes_later_takes_the_mail_out_of_the_figure(world):
    sent = world.mail(world.ada, "2026-03-02 09:00", world.carla)
    assert world.value("emails_sent", world.ada, "2026-03") == 1
    sent.outcome = Activity.Outcome.BOUNCED
    sent.save()
    reading = world.reading("emails_sent", world.ada, "2026-03")
    assert (reading.value, reading.beside["bounced"][1]) == (0, 1)
