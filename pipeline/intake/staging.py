"""Temporary tables that hold parsed rows before they are checked and written; COPY fills them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from pipeline.intake.columns import Column
from pipeline.intake.mapping import Block
from pipeline.intake.tables import Table

ROWS_A_CHUNK = 2_000


@dataclass
class Staged:
    """One of our files on its way in: its blocks, the columns they fill and what became of the rows."""

    table: Table
    blocks: list[Block]
    columns: list[Column]
    read: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    added: int = 0
    changed: int = 0
    same: int = 0

    @property
    def name(self) -> str:
        return f"intake_{self.table.name}"

    @cached_property
    def names(self) -> list[str]:
        """The staging columns' names, without block, line and is_bad."""
        return [name for column in self.columns for name, _sql in column.staged()]

    def leave_out(self, reason: str) -> None:
        self.left_out[reason] = self.left_out.get(reason, 0) + 1

    def create(self, cursor) -> None:
        """An empty temporary table; one of an earlier import in the same transaction makes room."""
        columns = "".join(f', "{name}" {sql}' for column in self.columns for name, sql in column.staged())
        cursor.execute(f"DROP TABLE IF EXISTS {self.name}")
        cursor.execute(
            f"CREATE TEMP TABLE {self.name} (block int, line int, is_bad boolean{columns}) ON COMMIT DROP"
        )

    def copy(self, cursor, rows: Iterator[list]) -> None:
        stream = _CsvStream(rows)
        cursor.copy_expert(f"COPY {self.name} FROM STDIN (FORMAT csv)", stream)
        if stream.fault is not None:
            raise stream.fault


class _CsvStream(io.RawIOBase):
    """Rows as the CSV bytes COPY reads, made as they are asked for: memory stays flat. None is null.

    The driver would bury what goes wrong while rows are made, so the stream ends and keeps it in `fault`.
    """

    def __init__(self, rows: Iterator[list]):
        self.rows, self.rest = rows, b""
        self.fault: Exception | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and self.fault is None:
            try:
                chunk = self._chunk()
            except Exception as error:
                self.fault = error
                return b""
            if not chunk:
                break
            self.rest += chunk
        data, self.rest = self.rest[:size], self.rest[size:]
        return data

    def _chunk(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows(islice(self.rows, ROWS_A_CHUNK))
        return text.getvalue().encode()
