"""Two beats at the same time, on connections of their own: one sends, the other passes by."""

from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection

from coaching.digests import sending as digest_sending
from coaching.models import Subscription
from tests.kpis.world import World

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)


class Mail:
    """A mail server that takes its time."""

    def __init__(self):
        self.begun, self.may_end, self.sent = Event(), Event(), 0

    def send(self):
        self.sent += 1
        self.begun.set()
        assert self.may_end.wait(20)


@pytest.mark.django_db(transaction=True)
def test_while_one_beat_sends_another_passes_by(monkeypatch):
    ben = World().ben
    ben.account_user, ben.email = User.objects.create_user("ben"), "ben@adige.example"
    ben.save()
    chosen = Subscription.objects.create(rep=ben, friday=True)
    slow = Mail()
    monkeypatch.setattr(digest_sending, "mail_of", lambda *_about: slow)
    outcomes = []

    def beat():
        outcomes.append(digest_sending.send_once(chosen.pk, "friday", NOW.date(), NOW))
        connection.close()

    first, second = Thread(target=beat), Thread(target=beat)
    first.start()
    assert slow.begun.wait(20)
    second.start()
    second.join(20)
    slow.may_end.set()
    first.join(20)
    assert (outcomes, slow.sent) == (["skipped", "sent"], 1)
    assert Subscription.objects.get().friday_sent_on == NOW.date()
