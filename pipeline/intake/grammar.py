"""The grammar of one column or condition in a mapping, read and checked.

A column is `"Name"`, or a table with one of `column` (a name or a list of names it may have), `constant`,
`template`, `first_of`, `join`, refined by
`values` (translations, with `otherwise` refuse, keep or empty) and `when` (conditions; else empty).
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from pipeline.intake.expressions import BINDERS, Condition, Expression, Join, MappingError
from pipeline.intake.files import stem_of

OTHERWISE = ("refuse", "keep", "empty")


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
