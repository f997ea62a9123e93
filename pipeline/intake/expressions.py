"""What a mapping may say about one column or condition, and how it becomes a function of a source row.

A column is `"Name"`, or a table with one of `column` (a name or a list of names it may have), `constant`,
`template`, `first_of`, `join`, refined by
`values` (translations, with `otherwise` refuse, keep or empty) and `when` (conditions; else empty).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pipeline.intake.files import stem_of

Row = list[str]
Cell = Callable[[Row], str]
NAME = re.compile(r"\{([^{}]+)\}")
OTHERWISE = ("refuse", "keep", "empty")


class MappingError(Exception):
    """A fault in a mapping, at the place that holds it."""

    def __init__(self, place: str, reason: str):
        super().__init__(f"{place}: {reason}" if place else reason)


class Untranslated(ValueError):
    """A value for which the mapping lists no translation."""


def check_keys(place: str, given, known: Iterable[str], required: Iterable[str] = ()) -> None:
    """Raise MappingError unless `given` is a table with only known keys and all required ones."""
    if not isinstance(given, dict):
        raise MappingError(place, _("must be a table"))
    for key in given:
        if key not in known:
            listed = ", ".join(sorted(known))
            raise MappingError(
                place, _("unknown key %(key)s (known: %(known)s)") % {"key": key, "known": listed}
            )
    for key in required:
        if key not in given:
            raise MappingError(place, _("%(key)s is missing") % {"key": key})


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


def expression(place: str, given) -> Expression:
    """Read what a mapping says about a column. Raises MappingError."""
    if isinstance(given, str):
        return Expression(place, "column", names=(given,))
    kinds = [kind for kind in BINDERS if isinstance(given, dict) and kind in given]
    kinds = ["join"] if "join" in kinds else kinds
    if len(kinds) != 1:
        raise MappingError(
            place, _("a column's name, or a table with one of %(kinds)s") % {"kinds": ", ".join(BINDERS)}
        )
    kind = kinds[0]
    own = {"column", "key", "on", "pick", "join"} if kind == "join" else {kind}
    own |= {"optional"} if kind in ("column", "template") else set()
    check_keys(place, given, own | {"values", "otherwise", "when"})
    otherwise = given.get("otherwise", "refuse")
    if otherwise not in OTHERWISE:
        raise MappingError(
            f"{place}.otherwise", _("must be one of %(words)s") % {"words": ", ".join(OTHERWISE)}
        )
    values = given.get("values")
    return Expression(
        place,
        kind,
        text=str(given[kind]) if kind in ("constant", "template") else "",
        names=_names(place, given[kind]) if kind == "column" else (),
        parts=tuple(expression(f"{place}.first_of", part) for part in given.get("first_of", ())),
        is_optional=bool(given.get("optional", False)),
        values=None if values is None else {str(key): str(value) for key, value in values.items()},
        otherwise=otherwise,
        when=_conditions(f"{place}.when", given.get("when", [])),
        join=_join(place, given) if kind == "join" else None,
    )


def _names(place: str, given) -> tuple[str, ...]:
    """One column, or several names it may have: the first that the file has is read."""
    names = tuple(given) if isinstance(given, list) else (given,)
    if not names or not all(isinstance(name, str) for name in names):
        raise MappingError(place, _("a column's name, or a list of names"))
    return names


def _join(place: str, given: dict) -> Join:
    check_keys(place, given, given.keys(), required={"on", "column"})
    pick = given.get("pick")
    if pick not in (None, "first", "last"):
        raise MappingError(f"{place}.pick", _("must be first or last"))
    on = expression(f"{place}.on", given["on"])
    key = given.get("key") or next(iter(on.names), "")
    return Join(stem_of(given["join"]), on, key, given["column"], pick)


def _conditions(place: str, given) -> tuple[Condition, ...]:
    listed = given if isinstance(given, list) else [given]
    return tuple(condition(f"{place}[{number}]", one) for number, one in enumerate(listed))


def condition(place: str, given) -> Condition:
    """Read a condition: an expression with one of `is`, `is_not` (a value or a list) or `filled`."""
    if not isinstance(given, dict):
        raise MappingError(place, _("must be a table"))
    tests = [key for key in ("is", "is_not", "filled") if key in given]
    if len(tests) != 1:
        raise MappingError(place, _("has one of is, is_not and filled"))
    test = tests[0]
    of = expression(place, {key: value for key, value in given.items() if key not in (test, "reason")})
    if test == "filled":
        negated = given["filled"] is not True
        return Condition(of, None, negated, given.get("reason") or _default_reason(of, negated))
    wanted = given[test] if isinstance(given[test], list) else [given[test]]
    values = frozenset(str(value) for value in wanted)
    reason = given.get("reason") or _reason(of, test, sorted(values))
    return Condition(of, values, test == "is_not", reason)


def _default_reason(of: Expression, negated: bool) -> str:
    return f"{_about(of)} {'filled' if negated else 'empty'}"


def _reason(of: Expression, test: str, values: list[str]) -> str:
    negation = "not " if test == "is" else ""
    return f"{_about(of)} {negation}{' / '.join(values)}"


def _about(of: Expression) -> str:
    return next(iter(of.names), of.kind)
