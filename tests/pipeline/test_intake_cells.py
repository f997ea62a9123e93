"""What a cell means, and when it means nothing."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.cells import parse_decimal
from pipeline.intake.identity import split_identity, unguarded
from pipeline.intake.moments import Clock
from pipeline.intake.proof import Proof, Unproved
from pipeline.models import Deal

AMOUNT = Deal._meta.get_field("amount")
ROME, UTC_ZONE = ZoneInfo("Europe/Rome"), ZoneInfo("UTC")


def clock(order="iso", zone=UTC_ZONE):
    return Clock(zone, ROME, order)


@pytest.mark.parametrize(
    ("text", "numbers", "value"),
    [
        ("1234.5", "plain", "1234.5"),
        ("-3", "plain", "-3"),
        ("1,234,567.80", "point", "1234567.80"),
        ("1.234.567,80", "comma", "1234567.80"),
        ("1 234,5", "comma", "1234.5"),
        ("1'234", "comma", "1234"),
        ("0.500", "point", "0.5"),
        ("1.10", "plain", "1.1"),
        ("99999999999999.99", "plain", "99999999999999.99"),
    ],
)
def test_numbers_are_read_in_the_declared_style(text, numbers, value):
    assert parse_decimal(text, numbers, AMOUNT) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,5", "plain"),
        ("1,23,456", "point"),
        ("1.5", "comma"),
        ("12.34.567", "comma"),
        ("", "plain"),
        ("٣", "plain"),
    ],
)
def test_numbers_of_another_style_are_refused(text, numbers):
    with pytest.raises(ValueError, match=r"number|decimal comma"):
        parse_decimal(text, numbers, AMOUNT)


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("2025-03-04T05:06:07Z", "iso", "2025-03-04T05:06:07+00:00"),
        ("2025-03-04 05:06:07.123456+02:00", "iso", "2025-03-04T05:06:07.123456+02:00"),
        ("2026-02-23T20:55:00.000+0000", "mdy", "2026-02-23T20:55:00+00:00"),
        ("2025-03-04T05:06", "dmy", "2025-03-04T05:06:00+00:00"),
        ("02/23/26 08:55 PM", "mdy", "2026-02-23T20:55:00+00:00"),
        ("23.2.2026 12:05 am", "dmy", "2026-02-23T00:05:00+00:00"),
    ],
)
def test_moments_are_read(text, order, moment):
    assert clock(order).moment(text) == [moment, False]


@pytest.mark.parametrize(("text", "order"), [("2025-03-04", "iso"), ("04/03/2025", "dmy"), ("3-4-25", "mdy")])
def test_a_bare_date_is_the_organisations_midnight_and_says_so(text, order):
    assert clock(order).moment(text) == ["2025-03-03T23:00:00+00:00", True]
    assert clock(order).day(text).isoformat() == "2025-03-04"


def test_a_bare_date_is_never_shifted_by_the_sources_zone():
    assert clock(zone=ZoneInfo("America/Los_Angeles")).day("2025-03-04").isoformat() == "2025-03-04"


def test_the_day_of_a_moment_is_the_organisations():
    assert clock().day("2025-03-04T23:30:00Z").isoformat() == "2025-03-05"


def test_a_time_that_comes_twice_is_the_first():
    moment, _is_dated = clock(zone=ROME).moment("2025-10-26T02:30:00")
    assert datetime.fromisoformat(moment) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def proof_of(*texts) -> Proof:
    proof = Proof()
    for text in texts:
        proof.see_date(text)
        proof.see_number(text)
    return proof


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2025", "13/04/2025"], "dmy"),
        (["03/04/2025", "04/13/2025"], "mdy"),
        (["2025/03/04"], "ymd"),
        (["2025-03-04", ""], "iso"),
    ],
)
def test_one_value_can_prove_the_date_order(texts, order):
    assert proof_of(*texts).date_order("f.csv") == order


def test_dates_that_prove_nothing_are_asked_about():
    with pytest.raises(Unproved, match=r"f\.csv: 03/04/2025 .*date_order"):
        proof_of("03/04/2025", "05/06/2025").date_order("f.csv")


def test_dates_of_two_orders_are_refused():
    with pytest.raises(Unproved, match="13/04/2025 and 04/13/2025"):
        proof_of("13/04/2025", "04/13/2025").date_order("f.csv")


@pytest.mark.parametrize(
    ("texts", "style"),
    [(["1.234", "1.234,5"], "comma"), (["1,234", "1,234.5"], "point"), (["12", "7"], "point")],
)
def test_one_value_can_prove_the_number_style(texts, style):
    assert proof_of(*texts).number_style("f.csv") == style


def test_numbers_that_prove_nothing_are_asked_about():
    with pytest.raises(Unproved, match=r"1\.234 .*numbers"):
        proof_of("1.234", "5.678").number_style("f.csv")


@given(st.decimals(min_value="-99999999999999.99", max_value="99999999999999.99", places=2))
def test_every_amount_survives_every_style(amount):
    plain = f"{amount:.2f}"
    grouped = f"{amount:,.2f}"
    continental = grouped.translate(str.maketrans(",.", ".,"))
    assert parse_decimal(plain, "plain", AMOUNT) == amount
    assert parse_decimal(grouped, "point", AMOUNT) == amount
    assert parse_decimal(continental, "comma", AMOUNT) == amount


@given(st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 12, 30)))  # noqa: DTZ001 -- hypothesis wants naive bounds
def test_every_moment_with_an_offset_is_read_exactly(naive):
    moment = naive.replace(tzinfo=UTC)
    assert datetime.fromisoformat(clock().moment(moment.isoformat())[0]) == moment


@given(st.text(max_size=20))
def test_no_text_breaks_the_clock_in_another_way_than_by_a_reason(text):
    for order in ("iso", "dmy", "mdy", "ymd"):
        try:
            clock(order).moment(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017 -- either outcome is right


def test_identities_carry_their_source():
    assert split_identity("crm:7") == ("crm", "7")
    assert split_identity(":crm:7") == ("touchline", "crm:7")
    assert split_identity("Crm:7") == ("touchline", "Crm:7")
    assert split_identity("7") == ("touchline", "7")


def test_only_an_apostrophe_that_guards_is_taken_away():
    assert [unguarded(text) for text in ("'=1", "''=1", "'tis", "=1")] == ["=1", "'=1", "'tis", "=1"]
