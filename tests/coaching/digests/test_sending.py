"""When the digests go out, to whom, how often, and how they end."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client

from coaching.digests.mail import unsubscribe_path
from coaching.digests.sending import kind_due, send_all, send_due, send_once
from coaching.models import Subscription
from pipeline.models import Rep, Team
from tests.coaching.digests.mails import wants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addresses")]
MONDAY_9H = datetime(2026, 11, 23, 8, tzinfo=UTC)
FRIDAY_9H = datetime(2026, 11, 27, 8, tzinfo=UTC)


# Rome is an hour ahead of UTC in winter and two in summer: 29 March and 25 October 2026 change that.
@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-03-23T05:59", None),
        ("2026-03-23T06:00", ("monday", "2026-03-23")),
        ("2026-03-30T04:59", None),
        ("2026-03-30T05:00", ("monday", "2026-03-30")),
        ("2026-10-23T05:00", ("friday", "2026-10-23")),
        ("2026-10-26T05:59", None),
        ("2026-10-26T06:00", ("monday", "2026-10-26")),
        ("2026-11-22T23:30", None),  # Monday there, half past midnight
        ("2026-11-23T22:59", ("monday", "2026-11-23")),
        ("2026-11-23T23:00", None),  # Tuesday there
        ("2026-11-25T09:00", None),
    ],
)
def test_digests_are_due_from_seven_local_time_on_their_day(world, moment, due):
    found = kind_due(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert (found and (found[0], str(found[1]))) == due


def test_nobody_gets_a_digest_unasked(world):
    Subscription.objects.create(rep=world.maya)
    assert not send_due(MONDAY_9H)
    assert not send_due(FRIDAY_9H)
    assert not mail.outbox


def test_every_hour_of_a_day_sends_once(world):
    wants(world.maya, "monday")
    for hour in range(4):
        send_due(MONDAY_9H + timedelta(hours=hour))
    assert [sent.to for sent in mail.outbox] == [["maya@adige.example"]]
    assert str(Subscription.objects.get().monday_sent_on) == "2026-11-23"
    send_due(MONDAY_9H + timedelta(days=7))
    assert len(mail.outbox) == 2


def test_a_mail_not_taken_stops_nobody_and_is_tried_again(world, monkeypatch):
    for rep in (world.ada, world.ben):
        wants(rep, "friday")
    refused = {"ada@adige.example"}
    send = EmailBackend.send_messages

    def send_unless_refused(self, messages):
        if refused & set(messages[0].to):
            raise SMTPRecipientsRefused({})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_unless_refused)
    assert send_due(FRIDAY_9H) == {"failed": 1, "sent": 1}
    assert [sent.to for sent in mail.outbox] == [["ben@adige.example"]]
    refused.clear()
    assert send_due(FRIDAY_9H + timedelta(hours=1)) == {"sent": 1}
    assert [sent.to for sent in mail.outbox] == [["ben@adige.example"], ["ada@adige.example"]]


def test_who_left_has_no_address_or_leads_nobody_any_more_gets_nothing(world):
    Rep.objects.filter(pk=world.ben.pk).update(ended_on=world.today() - timedelta(days=1))
    Rep.objects.filter(pk=world.ada.pk).update(email="not an address")
    for rep in (world.ada, world.ben):
        wants(rep, "friday")
    assert send_due(FRIDAY_9H) == {"skipped": 2}
    wants(world.maya, "monday")
    Team.objects.update(manager=None)
    assert send_due(MONDAY_9H) == {"skipped": 1}
    assert not mail.outbox


def test_the_way_out_needs_no_sign_in_and_ends_only_what_it_was_signed_for(world):
    wants(world.maya, "friday")
    path = unsubscribe_path(wants(world.maya, "monday"), "monday")
    reader = Client(enforce_csrf_checks=True)
    page = reader.get(path)
    assert page.status_code == 200
    assert "Maya" not in page.content.decode()
    assert Subscription.objects.get().monday
    assert reader.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    chosen = Subscription.objects.get()
    assert (chosen.monday, chosen.friday) == (False, True)


def test_a_way_out_nobody_signed_does_not_exist(world):
    path = unsubscribe_path(wants(world.maya, "monday"), "monday")
    assert Client().post(path[:-3] + "x/").status_code == 404
    Subscription.objects.all().delete()
    assert Client().post(path).status_code == 404


def test_monday_is_offered_to_whoever_manages_and_only_listed_fields_are_taken(world):
    ada = world.signed_in("ada")
    form = ada.get("/digests/").context["form"]
    assert list(form.fields) == ["friday", "language"]
    sent = {
        "monday": "on",
        "friday": "on",
        "language": "it",
        "rep": world.olga.pk,
        "friday_sent_on": "2026-01-01",
    }
    assert ada.post("/digests/", sent).status_code == 302
    chosen = Subscription.objects.get()
    assert (chosen.rep, chosen.monday, chosen.friday, chosen.language) == (world.ada, False, True, "it")
    assert chosen.friday_sent_on is None
    assert list(world.signed_in("maya").get("/digests/").context["form"].fields) == [
        "monday",
        "friday",
        "language",
    ]


def test_a_language_nobody_offers_is_refused(world):
    response = world.signed_in("ada").post("/digests/", {"language": "xx"})
    assert response.status_code == 422
    assert not Subscription.objects.exists()


def test_one_now_goes_to_oneself_and_the_one_of_the_day_comes_all_the_same(world):
    ada = world.signed_in("ada")
    assert ada.post("/digests/send/", {"kind": "monday"}).status_code == 404
    for _twice in range(2):
        assert ada.post("/digests/send/", {"kind": "friday"}).status_code == 302
    assert [sent.to for sent in mail.outbox] == [["ada@adige.example"]]
    chosen = Subscription.objects.get()
    assert (chosen.friday, chosen.friday_sent_on) == (False, None)


def test_by_hand_what_would_be_sent_is_shown_first(world, capsys):
    wants(world.ben, "friday")
    call_command("send_digests", "--day", "2026-11-27", "--dry-run")
    assert "Your week: 1 deal asks for work" in capsys.readouterr().out
    assert not mail.outbox
    call_command("send_digests", "--day", "2026-11-27")
    assert "1 sent" in capsys.readouterr().out
    assert len(mail.outbox) == 1
    with pytest.raises(CommandError, match="neither a Monday nor a Friday"):
        call_command("send_digests", "--day", "2026-11-25")


def test_two_runs_over_one_list_send_once(world):
    """The second run read who waits before the first was done."""
    chosen = wants(world.ben, "friday")
    outcomes = [send_once(chosen.pk, "friday", FRIDAY_9H.date(), FRIDAY_9H) for _run in range(2)]
    assert outcomes == ["sent", "skipped"]
    assert send_all("friday", FRIDAY_9H.date(), FRIDAY_9H) == {}
