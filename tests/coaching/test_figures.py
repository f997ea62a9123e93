"""How numbers read, and that pictures and pages of rows say no more than the data."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from coaching import picture, sparkline
from coaching.diagnosis import Diagnosis, Kind
from coaching.evidence.csv_file import safe
from coaching.figures import figure
from coaching.keyset import page_of
from pipeline.models import Activity, Deal

THIN = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "unit", "short", "text"),
    [
        (None, "count", False, "–"),
        (0, "count", False, "0"),
        (1234, "count", False, "1,234"),
        (1.5, "number", False, "1.5"),
        (0.38, "percent", False, f"38{THIN}%"),
        (0.046, "percent", False, f"4.6{THIN}%"),
        (0.04, "percent", False, f"4{THIN}%"),
        (0.0996, "percent", False, f"10{THIN}%"),
        (0, "percent", False, f"0{THIN}%"),
        (412_345.67, "money", True, f"€{THIN}412k"),
        (412_345.67, "money", False, f"€{THIN}412,346"),
        (999_600, "money", True, f"€{THIN}1.0M"),
        (1_480, "money", True, f"€{THIN}1.5k"),
        (0, "money", True, f"€{THIN}0"),
        (12.5, "days", True, "13 d"),
        (1, "days", False, "1 day"),
        (4.25, "days", False, "4.3 days"),
    ],
)
def test_a_value_reads_as_people_write_it(value, unit, short, text):
    assert figure(value, unit, "EUR", short) == text


def test_a_trail_breaks_where_nothing_was_measured():
    drawn = sparkline.trail([1, 2, None, 3, 4])
    assert drawn.count("<polyline") == 2


def test_a_trail_of_one_value_is_no_line():
    assert sparkline.trail([None, 3, None]) == ""


def test_pictures_carry_no_style_and_no_script():
    drawn = (
        sparkline.trail([1, 2]) + sparkline.interval(1, 0.5, 2, 1.5, 3) + sparkline.bar([("a", 0.5)], "half")
    )
    assert "style" not in drawn
    assert "script" not in drawn


def test_labels_of_a_bar_are_escaped():
    assert "<b>" not in sparkline.bar([("a", 1)], "<b>")


def place(name: str, work: float, quality: float, kind: Kind = Kind.STEADY) -> picture.Place:
    return picture.Place(name, "/reps/1/", work, quality, 100, "€ 100", Diagnosis(kind, ""))


def test_names_in_the_picture_cannot_act():
    drawn = picture.work_against_quality([place("<a href=x>Ada</a>", 0.5, 0.5)])
    assert "<a href=x>" not in drawn
    assert "&lt;a href=x&gt;Ada" in drawn
    assert "style" not in drawn


def test_the_corners_are_named_and_the_thin_one_is_marked_by_name():
    drawn = picture.work_against_quality(
        [place("Ben", 1.0, 0.1, Kind.BUSY_BUT_THIN), place("Cleo", 0.0, 1.0)]
    )
    for corner in ("busy but thin", "few touches, good work", "start with effort", "steady, worth copying"):
        assert f">{corner}</text>" in drawn
    assert re.search(r'<text class="place-name off"[^>]*>Ben</text>', drawn)
    assert re.search(r'<text class="place-name"[^>]*>Cleo</text>', drawn)
    assert "Ben: busy but thin, won € 100" in drawn


def test_no_name_in_the_picture_lies_on_another():
    drawn = picture.work_against_quality([place(name, 0.5, 0.5) for name in ("Ada", "Ben", "Cleo")])
    spots = re.findall(r'<text class="place-name" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"', drawn)
    assert len(set(spots)) == 3


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_of_a_csv_acts(cell):
    assert safe(cell) == f"'{cell}"


@pytest.mark.django_db
def test_pages_by_keyset_pass_every_row_once_also_where_moments_are_equal():
    at = datetime(2026, 11, 2, 10, 0, 0, 123456, tzinfo=UTC)
    for n in range(25):
        Activity.objects.create(kind=1, at=at + timedelta(microseconds=n // 10))
    rows, seen, after = Activity.objects.order_by("-at", "-pk"), [], ""
    while page := page_of(rows, after, size=4):
        seen += page.rows
        after = page.next
        if not after:
            break
    assert seen == list(rows)


@pytest.mark.django_db
def test_rows_without_a_value_come_last_in_pages():
    for n in (3, None, 1, None, 2):
        Deal.objects.create(name=str(n), amount=n)
    rows, seen, after = Deal.objects.order_by("amount", "pk"), [], ""
    while page := page_of(rows, after, size=2):
        seen += page.rows
        after = page.next
        if not after:
            break
    assert seen == list(rows.order_by(F("amount").asc(nulls_last=True), "pk"))
