"""What a mapping says about one cell or condition, bound to a file's header: functions of a source row."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

Row = list[str]
Cell = Callable[[Row], str]
NAME = re.compile(r"\{([^{}]+)\}")


class MappingError(Exception):
    """A fault in a mapping, at the place that holds it."""

    def __init__(self, place: str, reason: str):
        super().__init__(f"{place}: {reason}" if place else reason)


class Untranslated(ValueError):
    """A value for which the mapping lists no translation."""


@dataclass(frozen=True)
class Condition:
    """Rows it holds for are taken; others are left out and counted under `reason`."""

    of: "Expression"
    values: frozenset[str] | None
    is_negated: bool
    reason: str

    def bind(self, header: "Header") -> Callable[[Row], bool]:
        cell, values, negated = self.of.bind(header), self.values, self.is_negated
        if values is None:
            return lambda row: bool(cell(row)) is not negated
        return lambda row: (cell(row) in values) is not negated


@dataclass(frozen=True, eq=False)
class Expression:
    """One cell of ours out of a source row."""

    place: str
    kind: str
    text: str = ""
    names: tuple[str, ...] = ()
    parts: tuple["Expression", ...] = ()
    is_optional: bool = False
    values: dict[str, str] | None = None
    otherwise: str = "refuse"
    when: tuple[Condition, ...] = ()
    join: "Join | None" = None

    def bind(self, header: "Header") -> Cell:
        """The function for files with this header. Raises MappingError when a column is not there."""
        cell = BINDERS[self.kind](self, header)
        if self.values is not None:
            cell = _translated(cell, self.values, self.otherwise)
        if self.when:
            held = [one.bind(header) for one in self.when]
            plain = cell
            cell = lambda row: plain(row) if all(test(row) for test in held) else ""  # noqa: E731
        return cell

    def called(self, ours: str, header: Iterable[str]) -> str:
        """What the source calls this cell, for messages: its column if it is one, else our own."""
        return next((name for name in self.names if name in header), ours)

    def source_columns(self) -> set[str]:
        """The columns of the block's own file this needs or can use."""
        mine = {*self.names, *(NAME.findall(self.text) if self.kind == "template" else ())}
        conditions = [one.of for one in self.when]
        on = [self.join.on] if self.join else []
        return mine.union(*(part.source_columns() for part in (*self.parts, *conditions, *on)))

    def joins(self) -> Iterator["Join"]:
        if self.join:
            yield from (self.join, *self.join.on.joins())
        for part in (*self.parts, *(one.of for one in self.when)):
            yield from part.joins()


@dataclass(frozen=True, eq=False)
class Join:
    """A look-up in another source file: its `column` in the row whose `key` equals `on`."""

    file: str
    on: Expression
    key: str
    column: str
    pick: str | None


@dataclass(frozen=True)
class Header:
    """The columns at hand: the file's own, and what joins found in others."""

    file: str
    columns: tuple[str, ...]
    joined: dict[Join, dict[str, str]]

    def index(self, place: str, *names: str) -> int:
        """Where the first of these columns is that the file has. Raises MappingError when it has none."""
        found = next((name for name in names if name in self.columns), None)
        if found is None:
            told = {"file": self.file, "name": _(" or ").join(names)}
            raise MappingError(place, _("%(file)s has no column %(name)s") % told)
        return self.columns.index(found)


def _bind_column(self: Expression, header: Header) -> Cell:
    if self.is_optional and not set(self.names) & set(header.columns):
        return lambda row: ""
    place = header.index(self.place, *self.names)
    return lambda row: row[place]


def _bind_constant(self: Expression, header: Header) -> Cell:
    return lambda row: self.text


def _bind_template(self: Expression, header: Header) -> Cell:
    """Empty when all its columns are: `team of {manager}` is no team without a manager."""
    names = NAME.findall(self.text)
    if self.is_optional and not set(names) <= set(header.columns):
        return lambda row: ""
    places = {name: header.index(self.place, name) for name in names}

    def cell(row: Row) -> str:
        if not any(row[place] for place in places.values()):
            return ""
        return NAME.sub(lambda found: row[places[found[1]]], self.text).strip()

    return cell


def _bind_first(self: Expression, header: Header) -> Cell:
    cells = [part.bind(header) for part in self.parts]
    return lambda row: next((text for text in (cell(row) for cell in cells) if text), "")


def _bind_join(self: Expression, header: Header) -> Cell:
    assert self.join is not None  # noqa: S101 -- by construction
    on, found = self.join.on.bind(header), header.joined[self.join]
    return lambda row: found.get(on(row), "")


BINDERS = {
    "column": _bind_column,
    "constant": _bind_constant,
    "template": _bind_template,
    "first_of": _bind_first,
    "join": _bind_join,
}


def _translated(cell: Cell, values: dict[str, str], otherwise: str) -> Cell:
    def translate(row: Row) -> str:
        text = cell(row)
        if text in values:
            return values[text]
        if not text or otherwise == "empty":
            return ""
        if otherwise == "keep":
            return text
        raise Untranslated(_("no translation for this value in the mapping"))

    return translate
