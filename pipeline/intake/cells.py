"""One cell of text into the value it means, or a reason why it means none. Nothing is guessed here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _

from pipeline.intake.columns import Column, Kind
from pipeline.intake.moments import Clock

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PLAIN = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
GROUPED = {
    "point": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d{1,40})?", re.ASCII),
    "comma": re.compile(r"[+-]?([1-9]\d{0,2}([. \u00a0\u202f'’]\d{3})+|\d{1,40})(,\d{1,40})?", re.ASCII),
}
SEPARATORS = {"point": ",", "comma": ". \u00a0\u202f'’"}
INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
ABSURD = Decimal("1e14")
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


class CellError(Exception):
    """A cell that cannot be read: column, the text as found, and why."""

    def __init__(self, column: str, value: str, reason: str):
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


@dataclass(frozen=True)
class Reading:
    """How the cells of one source file are read."""

    numbers: str
    clock: Clock
    is_own_bundle: bool = False


def parser_of(column: Column, reading: Reading) -> Callable[[str], list]:
    """A function from a filled cell to the values staging holds; it raises ValueError with the reason."""
    if column.kind in (Kind.TEXT, Kind.KEY, Kind.REFERENCE):
        return _text_parser(column, reading)
    if column.kind in (Kind.CHOICE, Kind.CODE):
        return _word_parser(column)
    if column.kind is Kind.DECIMAL:
        return lambda text: [parse_decimal(text.strip(), reading.numbers, column.field)]
    if column.kind is Kind.INTEGER:
        return _integer_parser(column)
    if column.kind is Kind.FLAG:
        return lambda text: [_flag(text)]
    if column.kind is Kind.DATE:
        return lambda text: [reading.clock.day(text.strip()).isoformat()]
    if column.dated is not None:
        return lambda text: reading.clock.moment(text.strip())
    return lambda text: reading.clock.moment(text.strip())[:1]


def _text_parser(column: Column, reading: Reading) -> Callable[[str], list]:
    limit = column.field.max_length if not column.is_identity else 200

    def parse(text: str) -> list:
        if limit is not None and len(text) > limit:
            raise ValueError(_("longer than %(limit)s characters") % {"limit": limit})
        if CONTROL.search(text):
            raise ValueError(_("has a control character"))
        return [text]

    return parse


def _word_parser(column: Column) -> Callable[[str], list]:
    words = column.choices or {}
    listed = ", ".join(words)

    def parse(text: str) -> list:
        value = words.get(text.strip().lower())
        if value is None:
            raise ValueError(_("must be one of %(words)s") % {"words": listed})
        return [value]

    return parse


def _flag(text: str) -> bool:
    word = text.strip().lower()
    if word not in YES | NO:
        raise ValueError(_("must be yes or no"))
    return word in YES


INTEGER_RANGE: dict[type[models.Field], tuple[int, int]] = {
    models.PositiveSmallIntegerField: (0, 32_767),
    models.SmallIntegerField: (-32_768, 32_767),
    models.PositiveIntegerField: (0, 2_147_483_647),
}


def _integer_parser(column: Column) -> Callable[[str], list]:
    low, high = INTEGER_RANGE.get(type(column.field), (-2_147_483_648, 2_147_483_647))

    def parse(text: str) -> list:
        text = text.strip()
        if not INTEGER.fullmatch(text):
            raise ValueError(_("not a whole number"))
        if not low <= int(text) <= high:
            raise ValueError(_("must be between %(low)s and %(high)s") % {"low": low, "high": high})
        return [int(text)]

    return parse


def parse_decimal(text: str, numbers: str, field) -> Decimal:
    """The number, without loss: more decimals than the field holds, or 1e14 and beyond, is an error."""
    if not PLAIN.fullmatch(text) or numbers == "comma":
        text = _ungrouped(text, numbers)
    value = Decimal(text)
    if abs(value) >= min(ABSURD, Decimal(10) ** (field.max_digits - field.decimal_places)):
        raise ValueError(_("too large to be true"))
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.decimal_places:
        raise ValueError(_("has more than %(places)s decimals") % {"places": field.decimal_places})
    return value


def _ungrouped(text: str, numbers: str) -> str:
    pattern = GROUPED.get(numbers)
    if pattern is None or not pattern.fullmatch(text):
        raise ValueError(_not_a_number(text, numbers))
    for separator in SEPARATORS[numbers]:
        text = text.replace(separator, "")
    return text.replace(",", ".")


def _not_a_number(text: str, numbers: str) -> str:
    if numbers != "comma" and GROUPED["comma"].fullmatch(text):
        return _('a decimal comma: say numbers = "comma" in the mapping, or --numbers comma')
    return _("not a number such as 1234.50")
