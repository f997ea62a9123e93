"""Where the demo's rows gather before they are written, in one go, by COPY."""

import io
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from random import Random
from typing import Any

from django.db import connection, models

from pipeline.demo.days import Days
from pipeline.models.record import Record

SOURCE = "demo"
SEED = 20
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class World:
    """The invented records. `rng` is the only source of chance, so the same last day gives the same world."""

    def __init__(self, end: date, zone: str):
        self.rng = Random(SEED)
        self.days = Days(self.rng, end, zone)
        self.rows: dict[type[models.Model], list[dict[str, Any]]] = defaultdict(list)
        self._owed: dict[tuple[int, str], float] = {}
        self._first_id: dict[type[models.Model], int] = {}

    def add(self, model: type[models.Model], **values: Any) -> int:
        """Take a row for `model`, by column attribute (`rep_id`, not `rep`); answers its primary key."""
        rows = self.rows[model]
        if model not in self._first_id:
            self._first_id[model] = _next_id(model)
        values["id"] = self._first_id[model] + len(rows)
        if issubclass(model, Record):
            values["source"] = SOURCE
            values["external_id"] = f"{model._meta.model_name}-{len(rows) + 1}"
        rows.append(values)
        return values["id"]

    def row(self, model: type[models.Model], pk: int) -> dict[str, Any]:
        """A row taken before, to be completed."""
        return self.rows[model][pk - self._first_id[model]]

    def poisson(self, mean: float) -> int:
        """Knuth's way; means here are small."""
        left, count = self.rng.expovariate(1), 0
        while left < mean:
            left += self.rng.expovariate(1)
            count += 1
        return count

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def fair(self, who: int, what: str, share: float) -> bool:
        """Chance without long runs of luck: over some occasions a rep's outcome comes out at `share`."""
        owed = self._owed.get((who, what), self.rng.random()) + share
        self._owed[who, what] = owed - (owed >= 1)
        return owed >= 1

    def write(self, progress: Callable[[str, int, int], None]) -> None:
        """Write every row taken; foreign keys are checked at the end of the transaction."""
        total, done = sum(map(len, self.rows.values())), 0
        for model, rows in self.rows.items():
            _copy(model, rows, self.days.learnt_at)
            done += len(rows)
            progress(str(model._meta.verbose_name_plural), done, total)


def _next_id(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return cursor.fetchone()[0]


def _copy(
    model: type[models.Model], rows: list[dict[str, Any]], learnt_at: Callable[[dict], datetime]
) -> None:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    has_moment = any(field.attname == "recorded_at" for field in fields)
    defaults = {f.attname: f.get_default() for f in fields if f.has_default() and f.attname != "external_id"}
    blanks = {f.attname: "" for f in fields if isinstance(f, models.CharField | models.TextField)}
    names = [field.attname for field in fields]
    buffer = io.StringIO()
    for row in rows:
        full = blanks | defaults | row
        if has_moment:
            full["recorded_at"] = learnt_at(row)
        buffer.write("\t".join([_text(full.get(name)) for name in names]) + "\n")
    buffer.seek(0)
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", buffer)
        cursor.execute(f"ANALYZE {table}")  # settling follows at once and plans by these numbers
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, rows[-1]["id"]]
        )


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return str(value).translate(ESCAPES)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
