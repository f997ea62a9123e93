"""What stands under a number: one is one, two are two, and thousands are said without their cents."""

import pytest

from kpis.catalogue import CATALOGUE
from kpis.words import Said

NUMBERS = ("n", "d", "count", "sum")


def said(kpi, **numbers) -> str:
    return kpi.sentence % {name: Said(numbers.get(name, numbers["every"])) for name in NUMBERS}


def is_of_money(kpi) -> bool:
    """The only sentence that counts nothing: so much open, so much left."""
    return kpi.unit == "percent" and hasattr(kpi.measure, "target")


@pytest.mark.parametrize(
    "kpi", [kpi for kpi in CATALOGUE.values() if not is_of_money(kpi)], ids=lambda k: k.key
)
def test_every_sentence_has_a_singular_and_a_plural(kpi):
    assert said(kpi, every=1).replace("1", "#") != said(kpi, every=2).replace("2", "#")


def test_the_number_that_counts_the_thing_decides():
    assert said(CATALOGUE["win_rate"], n=0, d=1, every=0) == "0 of 1 qualified deal closed was won"
    assert said(CATALOGUE["win_rate"], n=1, d=2, every=0) == "1 of 2 qualified deals closed were won"
    assert said(CATALOGUE["deals_won"], every=0) == "0 contracts"
    assert said(CATALOGUE["time_per_conversion"], n=1.5, d=1, every=0) == "1.50 hours for 1 contract"


def test_amounts_from_a_thousand_on_are_said_in_whole_units():
    assert [str(Said(value)) for value in (999.5, 1000.4, -1234.56, 12)] == [
        "999.50",
        "1,000",
        "-1,235",
        "12",
    ]
