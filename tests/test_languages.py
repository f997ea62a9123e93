"""The languages: every sentence of the sources is there, whole and current; dates, numbers and money follow."""

import re
from datetime import UTC, date, datetime
from types import ModuleType

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.formats import date_format

from coaching.dates import moment, weekday
from coaching.figures import THIN, days, figure, money, percent
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Unit
from tests.scripts import script

LANGUAGES = ("it", "es")


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    return script("messages")


@pytest.fixture(scope="module")
def gathered(messages):
    return messages.gathered()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_whole(messages, gathered, language):
    assert messages.problems(language, gathered) == []


def test_sentences_of_code_and_of_templates_are_gathered(gathered):
    assert gathered.get("Win rate")
    assert gathered.get("Work against quality")
    assert gathered.get("open", context="commitment")
    assert gathered.get(("%(n)s dial", "%(n)s dials")).pluralizable
    assert len(gathered) > 1900


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("", "not translated"),
        ("Vinte %(m)s", "other placeholders"),
        ("Vinte", "other placeholders"),
        ("Vinte %(n)s <b>", "other tags"),
        (" Vinte %(n)s", "other spaces around it"),
    ],
)
def test_what_is_missing_or_broken_is_named(messages, said, problem):
    from babel.messages.catalog import Catalog

    catalog = Catalog(locale="it")
    found = catalog.add("Won %(n)s", said)
    assert messages._wrong(found or catalog["Won %(n)s"], catalog) == problem


def test_a_gone_and_a_new_sentence_are_named(messages, gathered, monkeypatch):
    monkeypatch.setattr(messages, "SOURCES", ("templates",))
    found = messages.problems("it", messages.gathered())
    assert any("no sentence of the sources" in line for line in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kpis_bear_the_same_name(language):
    with translation.override(language):
        labels = [str(kpi.label) for kpi in CATALOGUE.values()]
    assert len(set(labels)) == len(labels)
    assert labels != [str(kpi.label) for kpi in CATALOGUE.values()]


# English writes € 1,234.50 and 24 Nov, Italian and Spanish 1.234,50 € and 24 nov.
READS = {
    "en": (f"€{THIN}1,234", f"€{THIN}84k", f"4.6{THIN}%", "2.5 days", "24 Nov 2026", "Tue 24 Nov, 09:30"),
    "it": (
        f"1.234{THIN}€",
        f"84k{THIN}€",
        f"4,6{THIN}%",
        "2,5 giorni",
        "24 nov 2026",
        "martedì 24 nov, 09:30",
    ),
    "es": (f"1.234{THIN}€", f"84k{THIN}€", f"4,6{THIN}%", "2,5 días", "24 nov 2026", "martes 24 nov, 09:30"),
}


@pytest.mark.parametrize("language", READS)
def test_numbers_money_and_dates_read_as_the_language_writes_them(language):
    at = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    with translation.override(language), timezone.override("Europe/Rome"):
        assert READS[language] == (
            money(1234, "EUR"),
            money(84_000, "EUR", short=True),
            percent(0.046),
            days(2.5),
            date_format(date(2026, 11, 24), "SHORT_DATE_FORMAT"),
            moment(at),
        )
        assert figure(1.5, Unit.NUMBER, "EUR") == ("1.5" if language == "en" else "1,5")
        assert weekday(at.date()) == moment(at).partition(",")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kpi_s_sentence_chooses_its_plural(language):
    from kpis.words import Said

    kpi = CATALOGUE["calls_made"]
    with translation.override(language):
        one, two = (str(kpi.sentence % {"n": Said(n)}) for n in (1, 2))
    assert one.replace("1", "2") != two


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_speak_it_too(language):
    template = Template("{% load i18n %}{% translate 'Work against quality' %}")
    with translation.override(language):
        said = template.render(Context())
    assert said and said != "Work against quality"
    assert not re.search(r"[<>]", said)
