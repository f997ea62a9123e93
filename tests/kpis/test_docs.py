"""What the glossary and the API tell of a KPI: read off its measure, true to the settings of the day."""

from datetime import date

import pytest

from kpis.catalogue import CATALOGUE
from kpis.docs import docs, settings_read, values_on
from kpis.seeds import SEEDS
from kpis.setting_words import WORDS
from pipeline.models import Setting
from pipeline.models.organisation import DEFAULTS


def test_every_demand_a_kpi_names_has_its_phrase():
    assert {seed for kpi in CATALOGUE.values() for seed in kpi.seeds} <= SEEDS.keys()


def test_every_setting_has_its_words():
    assert WORDS.keys() == DEFAULTS.keys()


@pytest.mark.parametrize(
    ("key", "read"),
    [
        ("reply_rate", ["reply_window_days"]),
        ("executive_meetings", ["executive_threshold"]),
        ("manoeuvre_known", ["manoeuvre_amount_change", "manoeuvre_slip_days"]),
        ("departments_involved", ["inferred_reach_seconds", "two_way_days"]),
        ("emails_sent", []),
    ],
)
def test_a_kpi_names_the_settings_its_measure_reads(key, read):
    assert settings_read(CATALOGUE[key]) == read


@pytest.mark.django_db
def test_the_value_told_is_the_one_in_force(world):
    """20 days from the beginning, 30 from 1 March 2026: February says 20, March 30; without a row the default."""
    Setting.objects.create(key="reply_window_days", value="20")
    Setting.objects.create(key="reply_window_days", value="30", from_on="2026-03-01")
    february, march = (values_on(date.fromisoformat(text)) for text in ("2026-02-28", "2026-03-01"))
    assert (february["reply_window_days"], march["reply_window_days"]) == ("20", "30")
    assert march["two_way_days"] == "90"
    (told,) = docs(CATALOGUE["reply_rate"], march)["settings"]
    assert (told["label"], told["value"]) == ("reply window", "30 days")
