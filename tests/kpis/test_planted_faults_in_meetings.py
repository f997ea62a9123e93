"""Faults planted in how far a deal was, who was presented to and what was handed over: the oracle objects to each."""

import pytest

from pipeline.settle import meetings
from tests.kpis.planted import told_of
from tests.kpis.world import World

pytestmark = pytest.mark.django_db


class MeetingWorld(World):
    """Each deal is a story in which one rule decides; Carla decides, Elio uses what is bought."""

    def __init__(self):
        super().__init__()
        self.elio = self.contact("Elio")
        self._passages()
        self._roles()
        self._closes()
        self.material(self.mail(self.ada, "2026-03-02 09:00", self.carla), "brochure")
        self.mail(self.ada, "2026-03-03 09:00", self.elio)

    def _passages(self) -> None:
        fell = self.deal(
            self.ada, ("lead", "2026-01-05"), ("qualified", "2026-02-02"), ("lead", "2026-03-02")
        )
        won = self.deal(self.ben, ("lead", "2026-01-05"), ("won", "2026-02-02"))
        lost = self.deal(self.cleo, ("lead", "2026-01-05"), ("lost", "2026-02-02"))
        for deal in (fell, won, lost):
            for day in ("2026-01-12", "2026-03-10"):
                self.meeting(deal.owner, f"{day} 09:00", self.carla, deal=deal)

    def _roles(self) -> None:
        """Known, told before and after, told without a part, and only the contact's own."""
        late, blocked, unnamed, alone, absent = (
            self.deal(self.ada, ("lead", "2026-01-05")) for _ in range(5)
        )
        own = self.contact("Own", buying_role="champion")
        for deal in (late, blocked, unnamed, alone, absent):
            self.buyers(deal, self.carla, role="economic_buyer")
        self.buyers(late, own, role="user", from_at="2026-03-11T00:00:00Z")
        self.buyers(blocked, self.elio, role="user")
        self.buyers(blocked, self.elio, role="blocker", from_at="2026-03-01T00:00:00Z")
        self.buyers(unnamed, own)
        self.buyers(absent, self.elio, role="user")
        self.presents(late, self.carla, own)
        self.presents(blocked, self.carla, self.elio)
        self.presents(unnamed, self.carla, own)
        self.presents(alone, self.carla)
        self.presents(absent, self.carla, (self.elio, "attendee", "no"))

    def _closes(self) -> None:
        """Presented on the day of a close without an hour, an hour after one, before and after a loss, twice in one log."""
        for history, moments in (
            ([("won", "2026-03-10")], ["2026-03-10 09:00"]),
            ([("won", "2026-03-10 08:00")], ["2026-03-10 09:00"]),
            ([("lost", "2026-02-10"), ("lead", "2026-02-20"), ("won", "2026-04-07")], ["2026-02-02 09:00"]),
            ([("lost", "2026-02-10"), ("lead", "2026-02-20"), ("won", "2026-04-07")], ["2026-03-02 09:00"]),
        ):
            deal = self.deal(self.dario, ("lead", "2026-01-05"), *history)
            self.buyers(deal, self.carla, role="decision_maker")
            self.buyers(deal, self.elio, role="user")
            for at in moments:
                self.presents(deal, self.carla, self.elio, at=at)

    def presents(self, deal, *people, at="2026-03-10 09:00") -> None:
        self.meeting(self.ada, at, *people, deal=deal, type="proposal_presentation")


told = told_of(MeetingWorld)


# What is said -> what the fault says instead.
FAULTS = {
    "a deal is as far as it will ever get": ("REACHED", "at, id NULLS FIRST ROWS", "at DESC, id DESC NULLS LAST ROWS"),
    "a win implies nothing": ("REACHED", "WHEN milestone = 6 THEN 5", ""),
    "a loss implies everything": ("REACHED", "milestone = 6 THEN 5", "milestone >= 6 THEN 5"),
    "whoever was invited was there": ("PRESENTED", "p.attended NOT IN (2, 3)", "true"),
    "today's roles for old meetings": ("PRESENTED", "coalesce(d.from_at <= p.at, true)", "true"),
    "the first role told holds for ever": ("PRESENTED", "DESC NULLS LAST", "ASC NULLS FIRST"),
    "a part nobody named is none": ("PRESENTED", "WHEN r.role IS NOT NULL OR", "WHEN r.role IS NULL AND"),
    "the contact's own role before the deal's begins": ("PRESENTED", "NOT EXISTS (", "EXISTS ("),
    "one who decides is enough": ("PRESENTED", ">= 2", ">= 1"),
    "a blocker is of the team": ("PRESENTED", "'user')) >= 2", "'user', 'blocker')) >= 2"),
    "presentations after the close led to it": ("PRESENTATIONS", "a.at <= l.closed_at", "true"),
    "a day's close ends with its midnight": ("PRESENTATIONS", "OR l.is_dated AND a.day <= l.closed_day", ""),
    "a reopened deal keeps what was presented before": ("PRESENTATIONS", "l.number = 1 OR a.at >= l.opened_at", "true"),
    "material is never handed over": ("PRESENTED", "m.activity_id = a.id", "false"),
}  # fmt: skip


def test_without_a_fault_the_oracle_agrees(quarrels):
    assert quarrels() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(quarrels, monkeypatch, fault):
    statement, told, instead = FAULTS[fault]
    honest = getattr(meetings, statement)
    assert told in honest
    monkeypatch.setattr(meetings, statement, honest.replace(told, instead))
    assert quarrels() != []
