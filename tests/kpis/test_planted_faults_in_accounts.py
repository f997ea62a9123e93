"""Faults planted in whose accounts are, who is on file, touched and rated: the oracle objects to each on one fixed world."""

import numpy as np
import pytest

from kpis import account_records, accounts
from kpis.conditions import MAILS_SENT, TOUCHED_PEOPLE, under
from pipeline.settle import accounts as settled
from tests.kpis.planted import told_of
from tests.kpis.world import World, moment

pytestmark = pytest.mark.django_db


class TiedWorld(World):
    """Each account is a story in which one rule decides."""

    def __init__(self):
        super().__init__()
        self.moves(self.dario, coast="2026-01-01", south="2026-03-16")
        self.setting("rating_stale_days", "30", "2026-05-01")
        self.adda = self.account("Adda Axles", owner=self.ben, created_at=moment("2025-12-01"))
        self.given(self.adda, ada="2026-01-01", ben="2026-03-31 23:30")
        self.oglio = self.account("Oglio Oils", owner=self.dario, created_at=moment("2026-01-12"))
        self._rated()
        self._touched()

    def _rated(self) -> None:
        gina = self.contact("Gina", self.adda, buying_role="decision_maker")
        hugo = self.contact("Hugo", self.adda, buying_role="champion")
        ines = self.contact("Ines", self.oglio)
        for contact, score, on in (
            (gina, 3, "2026-03-02"),
            (hugo, -1, "2026-03-20"),
            (ines, 3, "2026-01-15"),
        ):
            self.rated(contact, score, on)
        self.rated(ines, -2, "2026-02-15")
        self.rated(gina, -2, "2026-05-20")

    def _touched(self) -> None:
        jana = self.contact("Jana", self.oglio, created_at=moment("2026-04-15"))
        karl, lena = self.contact("Karl", self.oglio), self.contact("Lena", self.oglio)
        self.call(self.olga, "2026-03-03 09:00", jana)
        self.call(self.olga, "2026-03-04 09:00", jana)
        self.mail(self.dario, "2026-03-02 10:00", karl, (lena, "cc"))


told = told_of(TiedWorld)


def replaced(monkeypatch, told: str, instead: str):
    assert told in settled.SPANS
    monkeypatch.setattr(settled, "SPANS", settled.SPANS.replace(told, instead))


def owner_of_today(monkeypatch):
    replaced(monkeypatch, "coalesce(first_owner_id, owner_id)", "owner_id")


def first_owner_all_along(monkeypatch):
    replaced(monkeypatch, "JOIN begun b ON b.id = m.account_id", "JOIN begun b ON false")


def days_in_utc(monkeypatch):
    replaced(monkeypatch, "%(zone)s", "'UTC'")


def team_of_today(monkeypatch):
    today = "(SELECT id AS rep_id, team_id, date '1900-01-01' AS from_on, date '2200-01-01' AS to_on FROM pipeline_rep)"
    replaced(monkeypatch, "pipeline_team_span", today)


def everybody_weighs_the_same(monkeypatch):
    monkeypatch.setattr(account_records, "WEIGHTS", {})


def stale_ratings_are_averaged(monkeypatch):
    class Never:
        def on_days(self, days):
            return np.full(len(days), 10_000)

    monkeypatch.setattr(accounts, "STALE", Never())


def todays_setting_for_old_ratings(monkeypatch):
    class Today:
        def on_days(self, days):
            return np.full(len(days), 30)

    monkeypatch.setattr(accounts, "STALE", Today())


def first_rating_stands(monkeypatch):
    monkeypatch.setattr(accounts, "_next", lambda contact, day: np.full(len(day), np.iinfo(np.int64).max))


def a_window_a_day_too_long(monkeypatch):
    monkeypatch.setattr(accounts, "TOUCHED_WITHIN", 91)


def touched_before_being_on_file(monkeypatch):
    monkeypatch.setattr(
        accounts.AccountsOver, "_since", lambda over, moments: np.zeros(len(moments), np.int64)
    )


def copied_in_is_touched(monkeypatch):
    _touches(monkeypatch, TOUCHED_PEOPLE | under("activity", MAILS_SENT))


def _touches(monkeypatch, condition):
    monkeypatch.setattr(account_records, "TOUCHED_PEOPLE", condition)


FAULTS = [
    owner_of_today,
    first_owner_all_along,
    days_in_utc,
    team_of_today,
    everybody_weighs_the_same,
    stale_ratings_are_averaged,
    todays_setting_for_old_ratings,
    first_rating_stands,
    a_window_a_day_too_long,
    touched_before_being_on_file,
    copied_in_is_touched,
]


def test_without_a_fault_the_oracle_agrees(quarrels):
    assert quarrels() == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(quarrels, monkeypatch, fault):
    fault(monkeypatch)
    assert quarrels() != []
