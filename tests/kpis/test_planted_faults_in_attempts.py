"""Faults planted in who was attempted, when it ends and what it led to: the oracle objects to each on one fixed world."""

import pytest

from pipeline.settle import answers, attempts, sales
from tests.kpis.planted import told_of
from tests.kpis.world import World

pytestmark = pytest.mark.django_db


class AttemptedWorld(World):
    """Each person is a story in which one rule decides."""

    def __init__(self):
        super().__init__()
        self.setting("first_attempt_days", "60", "2026-04-01")
        self._runs()
        self._channels()
        self._sales()

    def _runs(self) -> None:
        wrote_first, silent, shared, met = (self.contact(f"Run {number}") for number in range(4))
        self.answer(self.ada, "2026-01-10 09:00", wrote_first)
        self.call(self.ada, "2026-01-12 09:00", wrote_first)
        for at in ("2025-12-01 09:00", "2026-02-20 09:00", "2026-05-20 09:00"):
            self.mail(self.ada, at, silent)
        for rep in (self.ada, self.ben):
            self.mail(rep, "2026-02-03 09:00", shared)
        self.mail(self.ben, "2026-02-04 09:00", (shared, "cc"), self.carla)
        self.mail(self.ben, "2026-02-04 10:00", met, outcome="bounced")
        self.call(self.ben, "2026-02-05 10:00", met, outcome="no_answer")
        self.meeting(self.ben, "2026-05-20 10:00", met)
        self.call(self.ben, "2026-06-05 10:00", met, outcome="reached")

    def _channels(self) -> None:
        by_text, by_mail = self.contact("Texted"), self.contact("Mailed")
        self.text(self.cleo, "2026-02-12 09:00", by_text)
        self.answer(self.cleo, "2026-02-13 09:00", by_text)
        self.mail(self.cleo, "2026-02-12 09:00", by_mail)
        self.answer(self.cleo, "2026-02-13 09:00", by_mail)

    def _sales(self) -> None:
        """Two people of one deal, attempted in November, the first followed up before the sale and after it."""
        buyer, other = self.contact("Buyer"), self.contact("Other")
        deal = self.deal(self.ben, ("lead", "2025-11-01 09:00"), ("won", "2026-02-05 09:00"))
        self.buyers(deal, buyer, other)
        self.call(self.ada, "2025-03-03 09:00", buyer)
        self.call(self.ada, "2025-03-04 09:00", buyer)
        self.call(self.ada, "2025-11-03 09:00", buyer)
        self.call(self.dario, "2025-11-04 09:00", other)
        self.mail(self.ada, "2025-12-01 09:00", buyer)
        self.mail(self.ada, "2026-02-06 09:00", buyer)


told = told_of(AttemptedWorld)


# What is said -> what the fault says instead.
FAULTS = {
    "who wrote to us first was attempted": (attempts, "ATTEMPTS", attempts.IN, "false"),
    "a meeting breaks no silence": (attempts, "ATTEMPTS", attempts.HELD, "false"),
    "people copied in are attempted": (attempts, "ATTEMPTS", "AND p.part IN (0, 2)", ""),
    "bounced mails are attempts": (attempts, "ATTEMPTS", "a.outcome <> 6 AND", ""),
    "each rep has a clock": (attempts, "ATTEMPTS", "PARTITION BY p.contact_id", "PARTITION BY p.contact_id, a.rep_id"),
    "the default silence holds for ever": (attempts, "ATTEMPTS", "{days}", "180"),
    "a follow-up is one after the sale as well": (attempts, "ATTEMPTS", "AND (e.at IS NULL OR a.at < e.at)", ""),
    "people on file for a deal have no part in it": (attempts, "ATTEMPTS", "a.is_attempted AND a.number = 0", "false"),
    "a mail answers a text": (answers, "ANSWERS", "PARTITION BY m.contact_id, m.kind", "PARTITION BY m.contact_id"),
    "a sale counts for each of its people": (
        sales,
        "OPENED",
        "DISTINCT ON (episode_id) person_id",
        "DISTINCT ON (episode_id, at) person_id",
    ),
    "the first of an older story opened the sale": (sales, "FOLLOW_UPS", "a.at DESC, a.id DESC", "a.at, a.id"),
    "follow-ups are not counted": (sales, "FOLLOW_UPS", "q.attempt > 0", "q.attempt > 99"),
}  # fmt: skip


def test_without_a_fault_the_oracle_agrees(quarrels):
    assert quarrels() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(quarrels, monkeypatch, fault):
    module, statement, told, instead = FAULTS[fault]
    honest = getattr(module, statement)
    assert told in honest
    monkeypatch.setattr(module, statement, honest.replace(told, instead))
    assert quarrels() != []
