"""A mapping says how another system's files become ours: data (TOML), checked before anything is read.

The grammar, for each of our files (`[[deals]]`, several blocks give several of our rows per source row):
`from` a source file (or `rows = [{…}]`, constants), `optional`, `where` conditions, `distinct`, `columns`.
"""

import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from pipeline.intake.expressions import Condition, Expression, MappingError
from pipeline.intake.files import Refused, stem_of
from pipeline.intake.grammar import check_keys, condition, expression
from pipeline.intake.identity import SOURCE
from pipeline.intake.tables import tables

PRESETS = Path(__file__).parent / "presets"
ORGANISATION = "organisation"
FILE_KEYS = {"encoding", "delimiter", "date_order", "numbers", "zone"}
OWN_FILE_KEYS = FILE_KEYS | {"called"}
DECLARED = {"date_order": ("iso", "dmy", "mdy", "ymd"), "numbers": ("plain", "point", "comma")}


@dataclass(frozen=True)
class Style:
    """How one source file is written, where declared; None: to be recognised or proved. `called` lists
    other names it may have."""

    encoding: str = ""
    delimiter: str = ""
    date_order: str | None = None
    numbers: str | None = None
    zone: ZoneInfo | None = None
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Rows of one of our files, out of one source file or written as constants."""

    table: str
    place: str
    columns: dict[str, Expression]
    source: str | None = None
    rows: tuple[dict[str, str], ...] = ()
    where: tuple[Condition, ...] = ()
    is_distinct: bool = False
    is_optional: bool = False
    is_bundle_file: bool = False


@dataclass(frozen=True)
class Mapping:
    """Everything a mapping declares; `is_bundle` also takes files that are in the bundle's own form."""

    name: str
    source: str
    blocks: tuple[Block, ...] = ()
    organisation: dict[str, str] = field(default_factory=dict)
    style: Style = Style()
    styles: dict[str, Style] = field(default_factory=dict)
    is_bundle: bool = False

    def style_of(self, stem: str) -> Style:
        return self.styles.get(stem, self.style)

    def declaring(self, **declared) -> "Mapping":
        """The same mapping with a style declared from outside, e.g. on the command line."""
        given = {key: value for key, value in declared.items() if value}
        styles = {stem: replace(style, **given) for stem, style in self.styles.items()}
        return replace(self, style=replace(self.style, **given), styles=styles)


def preset_names() -> list[str]:
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def preset(name: str) -> Mapping:
    """A mapping that ships with the product. Raises Refused for a name nobody knows."""
    if name not in preset_names():
        raise Refused(
            _("no preset %(name)s: there are %(names)s") % {"name": name, "names": ", ".join(preset_names())}
        )
    return load(PRESETS / f"{name}.toml")


def load(path: str | Path) -> Mapping:
    """The mapping in a TOML file. Raises Refused with every fault found first in it."""
    path = Path(path)
    try:
        return parse(path.read_text("utf-8"), path.stem)
    except FileNotFoundError:
        raise Refused(_("%(path)s is not there") % {"path": path}) from None


def parse(text: str, name: str) -> Mapping:
    """The mapping in this TOML text, called `name`. Raises Refused."""
    try:
        return _mapping(_document(text), name)
    except (tomllib.TOMLDecodeError, MappingError) as error:
        raise Refused(_("mapping %(name)s: %(why)s") % {"name": name, "why": error}) from error


def _document(text: str) -> dict:
    """The TOML document over the preset it extends: blocks for one of our files replace that preset's."""
    document = tomllib.loads(text)
    base = document.pop("extends", None)
    if base is None:
        return document
    if base not in preset_names():
        raise MappingError("extends", _("no preset %(name)s") % {"name": base})
    return {**tomllib.loads((PRESETS / f"{base}.toml").read_text("utf-8")), **document}


def _mapping(document: dict, name: str) -> Mapping:
    known = {"source", "bundle", ORGANISATION, "files", *FILE_KEYS, *tables()}
    check_keys("", document, known, required={"source"})
    style = _style("", {key: document[key] for key in FILE_KEYS & document.keys()}, Style())
    blocks = [
        _block(table, f"{table}[{number}]", given)
        for table in tables()
        for number, given in enumerate(_list(table, document.get(table, [])))
    ]
    return Mapping(
        name=name,
        source=_source(document["source"]),
        blocks=tuple(blocks),
        organisation={key: str(value) for key, value in document.get(ORGANISATION, {}).items()},
        style=style,
        styles={
            stem_of(s): _style(f"files.{s}", given, style) for s, given in document.get("files", {}).items()
        },
        is_bundle=document.get("bundle") is True,
    )


def _source(text) -> str:
    if not isinstance(text, str) or not SOURCE.fullmatch(text):
        raise MappingError("source", _("a short name in lower case, such as crm or erp_2"))
    return text


def _list(place: str, given) -> list:
    if not isinstance(given, list):
        raise MappingError(place, _("write [[%(place)s]], a list of blocks") % {"place": place})
    return given


def _style(place: str, given: dict, base: Style) -> Style:
    check_keys(place, given, OWN_FILE_KEYS if place else FILE_KEYS)
    for key, words in DECLARED.items():
        if key in given and given[key] not in words:
            raise MappingError(
                f"{place}.{key}".strip("."), _("must be one of %(words)s") % {"words": ", ".join(words)}
            )
    given = dict(given)
    if "zone" in given:
        if given["zone"] not in available_timezones():
            raise MappingError(f"{place}.zone".strip("."), _("no time zone of this name"))
        given["zone"] = ZoneInfo(given["zone"])
    if "called" in given:
        given["called"] = tuple(stem_of(name) for name in _list(f"{place}.called", given["called"]))
    return replace(base, **given)


def _block(table_name: str, place: str, given: dict) -> Block:
    check_keys(place, given, {"from", "rows", "optional", "where", "distinct", "columns"})
    if ("from" in given) == ("rows" in given):
        raise MappingError(place, _("has either from or rows"))
    table = tables()[table_name]
    names = {column.name for column in table.visible}
    if "rows" in given:
        return Block(
            table_name, place, {}, rows=tuple(_rows(place, given["rows"], names, set(table.required)))
        )
    columns = given.get("columns", {})
    check_keys(f"{place}.columns", columns, names, required=set(table.required))
    conditions = given.get("where", [])
    conditions = conditions if isinstance(conditions, list) else [conditions]
    return Block(
        table_name,
        place,
        {name: expression(f"{place}.columns.{name}", value) for name, value in columns.items()},
        source=stem_of(given["from"]),
        where=tuple(condition(f"{place}.where[{n}]", value) for n, value in enumerate(conditions)),
        is_distinct=bool(given.get("distinct", False)),
        is_optional=bool(given.get("optional", False)),
    )


def _rows(place: str, given: list, names: set[str], required: set[str]):
    for number, row in enumerate(_list(place, given)):
        check_keys(f"{place}.rows[{number}]", row, names, required=required)
        yield {name: str(value) for name, value in row.items()}


def bundle_block(table_name: str, header: tuple[str, ...]) -> Block:
    """The block for a file in the bundle's own form: each column by its own name. Raises Refused."""
    table = tables()[table_name]
    missing = [name for name in table.required if name not in header]
    if missing:
        names = {"file": table.file_name, "columns": ", ".join(missing)}
        raise Refused(_("%(file)s lacks the required column %(columns)s") % names)
    columns = {c.name: expression(table_name, c.name) for c in table.visible if c.name in header}
    return Block(table_name, table_name, columns, source=table_name, is_bundle_file=True)
