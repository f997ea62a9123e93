"""What stands under a number: one is one, two are two, and thousands are said without their cents."""

import pytest

from kpis.catalogue import CATALOGUE
from kpis.words import Said

NUMBERS = ("n", "d", "count", "sum")


def said(kpi, **numbers) -> str:
    return kpi.sentence % {name: Said(numbers.get(name, numbers["every"])) for name in NUMBERS}


def shape(kpi) -> str:
    """Of a total ("1 of 42 deals"), named before the number ("contacts: 1"), or counted ("1 mail sent")."""
    text = said(kpi, every=7)
    return "named" if ": 7" in text else "total" if text.startswith("7 of 7 ") else "counted"


def of_shape(*wanted: str) -> list:
    """All but the only sentence that counts nothing: so much open, so much left."""
    counting = [
        kpi for kpi in CATALOGUE.values() if not (kpi.unit == "percent" and hasattr(kpi.measure, "target"))
    ]
    return [pytest.param(kpi, id=kpi.key) for kpi in counting if shape(kpi) in wanted]


@pytest.mark.parametrize("kpi", of_shape("counted"))
def test_one_thing_counted_is_singular(kpi):
    assert said(kpi, every=1).replace("1", "#") != said(kpi, every=2).replace("2", "#")


@pytest.mark.parametrize("kpi", of_shape("total", "named"))
def test_a_total_is_plural_even_where_it_is_one(kpi):
    """So "1 of 1 people mailed", not "1 of 1 person mailed"; "contacts: 1"."""
    assert said(kpi, n=5, every=1).replace("1", "#") == said(kpi, n=5, every=2).replace("2", "#")


def test_the_number_that_counts_the_thing_decides():
    assert said(CATALOGUE["win_rate"], n=0, d=1, every=0) == "0 of 1 qualified deals closed were won"
    assert said(CATALOGUE["win_rate"], n=1, d=2, every=0) == "1 of 2 qualified deals closed was won"
    assert said(CATALOGUE["win_rate"], n=2, d=2, every=0) == "2 of 2 qualified deals closed were won"
    assert said(CATALOGUE["deals_won"], every=0) == "0 contracts"
    assert said(CATALOGUE["time_per_conversion"], n=1.5, d=1, every=0) == "1.50 h for 1 contract"


def test_amounts_from_a_thousand_on_are_said_in_whole_units():
    assert [str(Said(value)) for value in (999.5, 1000.4, -1234.56, 12)] == [
        "999.50",
        "1,000",
        "-1,235",
        "12",
    ]
