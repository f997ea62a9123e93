"""One column of a bundle file, its kind and limits read from the model field that stores it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Kind(StrEnum):
    KEY = "key"
    TEXT = "text"
    CHOICE = "choice"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    REFERENCE = "reference"


STAGED_TYPE = {
    Kind.KEY: "text",
    Kind.TEXT: "text",
    Kind.CHOICE: "text",
    Kind.CODE: "smallint",
    Kind.INTEGER: "bigint",
    Kind.DECIMAL: "numeric",
    Kind.DATE: "date",
    Kind.MOMENT: "timestamptz",
    Kind.FLAG: "boolean",
    Kind.REFERENCE: "text",
}


@dataclass(frozen=True)
class Column:
    """A bundle column: `name` in the file, `field` of the model, and what its cells may hold.

    A required column must be in the file and every cell filled; an expected one may have empty cells.
    `empty` is stored for an empty cell (None: null). A moment with a `dated` field notes there whether
    the cell was a bare date. Hidden columns are filled by the table itself and never read or exported.
    """

    name: str
    field: models.Field
    kind: Kind
    is_required: bool = False
    is_expected: bool = False
    empty: object = None
    choices: Mapping[str, str | int] | None = None
    to: type[models.Model] | None = None
    dated: models.Field | None = None
    is_hidden: bool = False

    @property
    def is_identity(self) -> bool:
        """Whether the cell names a record by its source and id there."""
        return self.kind in (Kind.KEY, Kind.REFERENCE)

    def staged(self) -> list[tuple[str, str]]:
        """Names and SQL types of what staging holds for this column."""
        own = [(self.name, STAGED_TYPE[self.kind])]
        if self.is_identity:
            return [*own, (f"{self.name}__source", "text")]
        if self.dated is not None:
            return [*own, (f"{self.name}__dated", "boolean")]
        return own


def read_column(model, name: str, field_name: str, *, mark="", dated=None, codes=None) -> Column:
    """The column that fills `model.field_name`, described by the field itself.

    `mark` is "*" for a required column, "+" for one whose cells may be empty; `codes` the enumeration
    behind a small integer: cells carry its members' names in lower case.
    """
    field = model._meta.get_field(field_name)
    kind = Kind.CODE if codes else _kind(field)
    return Column(
        name=name,
        field=field,
        kind=kind,
        is_required=mark == "*",
        is_expected=bool(mark),
        empty=None if field.null or mark == "*" else field.get_default(),
        choices=_words(field, kind, codes),
        to=field.related_model if kind is Kind.REFERENCE else None,
        dated=model._meta.get_field(dated) if dated else None,
    )


def _kind(field: models.Field) -> Kind:
    if field.is_relation:
        return Kind.REFERENCE
    if isinstance(field, models.CharField):
        return Kind.CHOICE if field.choices else Kind.TEXT
    for field_class, kind in (
        (models.DateTimeField, Kind.MOMENT),  # before DateField, its parent
        (models.DateField, Kind.DATE),
        (models.DecimalField, Kind.DECIMAL),
        (models.BooleanField, Kind.FLAG),
        (models.IntegerField, Kind.INTEGER),
    ):
        if isinstance(field, field_class):
            return kind
    return Kind.TEXT


def _words(field: models.Field, kind: Kind, codes) -> dict[str, str | int] | None:
    """The bundle's word for each stored value; a code of 0 is written as an empty cell."""
    if codes:
        return {member.name.lower(): member.value for member in codes if member.value != 0}
    if kind is Kind.CHOICE:
        return {str(value): value for value, _label in field.flatchoices}
    return None
