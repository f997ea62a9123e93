"""A mapping's block turned into rows for staging, and what of it could not be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pipeline.intake.cells import CellError, Reading, parser_of
from pipeline.intake.columns import Column, Kind
from pipeline.intake.expressions import Header, Join, MappingError
from pipeline.intake.files import Refused
from pipeline.intake.identity import split_identity, unguarded
from pipeline.intake.mapping import Block
from pipeline.intake.reading import Layout
from pipeline.intake.rejects import Rejects
from pipeline.intake.staging import Staged

TEXTUAL = (Kind.TEXT, Kind.KEY, Kind.REFERENCE)


@dataclass
class Slot:
    """One column of ours while a block is read: `called` is the source's name for it, for messages."""

    column: Column
    called: str
    parse: Callable[[str], list]
    cell: Callable[[list[str]], str] | None = None


@dataclass
class BlockReader:
    """Reads one block's rows for staging, noting rejects and rows left out."""

    staged: Staged
    number: int
    block: Block
    reading: Reading
    source: str
    rejects: Rejects

    def constants(self) -> Iterator[list]:
        """The rows a mapping writes out itself; a fault there names the mapping's own place."""
        slots = [self._slot(name, name) for name in {name: None for row in self.block.rows for name in row}]
        for line, row in enumerate(self.block.rows, start=1):
            self.staged.read += 1
            yield self._parsed(self.block.place, line, slots, [row.get(slot.called, "") for slot in slots])

    def rows(self, layout: Layout, joined: dict[Join, dict[str, str]]) -> Iterator[list]:
        """Rows of the source file: [block, line, is_bad, values…] in the order of the staging table."""
        file, width = layout.file.name, len(layout.header)
        seen: set[tuple[str, ...]] = set()
        header = Header(file, layout.header, joined)
        slots, tests = self._bound(header)
        for line, row in layout.rows():
            self.staged.read += 1
            if len(row) != width:
                reason = _("%(found)s cells where the header has %(width)s") % {
                    "found": len(row),
                    "width": width,
                }
                self.rejects.add(file, line, "", ",".join(row), reason)
                continue
            failed = next((reason for test, reason in tests if not test(row)), None)
            if failed is not None:
                self.staged.leave_out(failed)
                continue
            texts = self._texts(layout, line, row, slots)
            if texts is None or (self.block.is_distinct and not _is_new(seen, texts)):
                continue
            yield self._parsed(file, line, slots, texts)

    def _bound(self, header: Header):
        try:
            tests = [(one.bind(header), one.reason) for one in self.block.where]
            return [
                self._slot(name, e.called(name, header.columns), e.bind(header))
                for name, e in self.block.columns.items()
            ], tests
        except MappingError as error:
            raise Refused(str(error)) from error

    def _slot(self, name: str, called: str, cell=None) -> Slot:
        column = self.staged.table.by_name[name]
        return Slot(column, called, parser_of(column, self.reading), cell)

    def _texts(self, layout: Layout, line: int, row: list[str], slots: list[Slot]) -> list[str] | None:
        """Our cells as text; None when one has no translation."""
        texts = []
        for slot in slots:
            try:
                texts.append(slot.cell(row))  # type: ignore[misc]
            except ValueError as error:
                place = layout.index(slot.called)
                self.rejects.add(
                    layout.file.name, line, slot.called, row[place] if place is not None else "", str(error)
                )
                return None
        return texts

    def _parsed(self, file: str, line: int, slots: list[Slot], texts: list[str]) -> list:
        """One row parsed. A cell that fails is rejected and the row staged as bad: others may refer to it."""
        row: dict = {}
        is_bad = False
        for slot, text in zip(slots, texts, strict=True):
            try:
                self._fill(row, slot, text)
            except ValueError as error:
                is_bad = True
                self.rejects.add(file, line, slot.called, text, str(error))
        if self.staged.table.finish and not is_bad:
            is_bad = not self._finished(file, line, row)
        return [self.number, line, is_bad, *(row.get(name) for name in self.staged.names)]

    def _fill(self, row: dict, slot: Slot, text: str) -> None:
        column, is_own = slot.column, self.reading.is_own_bundle
        if not text or (column.kind not in TEXTUAL and not text.strip()):
            if column.is_required:
                raise ValueError(_("must not be empty"))
            return
        values = slot.parse(unguarded(text) if is_own and column.kind in TEXTUAL else text)
        row[column.name] = values[0]
        if column.is_identity:
            source, own_id = split_identity(values[0]) if is_own else (self.source, values[0])
            row[column.name], row[f"{column.name}__source"] = own_id, source
        elif column.dated is not None:
            row[f"{column.name}__dated"] = values[1]

    def _finished(self, file: str, line: int, row: dict) -> bool:
        try:
            self.staged.table.finish(row)  # type: ignore[misc]
        except CellError as error:
            self.rejects.add(file, line, error.column, error.value, error.reason)
            return False
        return True


def _is_new(seen: set, texts: list[str]) -> bool:
    """Whether a distinct block has not had this row; one without any value never counts."""
    values = tuple(texts)
    if values in seen or not any(values):
        return False
    seen.add(values)
    return True
