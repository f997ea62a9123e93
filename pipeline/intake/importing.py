"""An import from files to settled records: whole or not at all; the same twice changes nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from pipeline.intake import organisation
from pipeline.intake.blocks import BlockReader
from pipeline.intake.checking import check_all, leave_out_what_refers_to_bad_rows
from pipeline.intake.files import Refused, find_files
from pipeline.intake.implied import write_implied_history
from pipeline.intake.mapping import Block, Mapping
from pipeline.intake.rejects import Rejects
from pipeline.intake.sources import Sources
from pipeline.intake.staging import Staged
from pipeline.intake.tables import tables
from pipeline.intake.touched import settle_touched
from pipeline.intake.upsert import Upsert
from pipeline.models import ImportBatch

LISTED_IN_REPORT = 200
# Sent in the import's transaction once its rows are written: whoever keeps decisions about records may see to them.
written = Signal()
ROWS_A_TELL = 10_000
Progress = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """What came of an import: `state` done, refused or (dry run) checked; the report; every bad row."""

    state: str
    report: dict
    rejects: Rejects = field(default_factory=Rejects)
    batch: ImportBatch | None = None

    @property
    def is_refused(self) -> bool:
        return self.state == ImportBatch.State.REFUSED


def import_records(
    paths: Iterable[str | Path],
    mapping: Mapping,
    *,
    dry_run: bool = False,
    leave_bad_rows_out: bool = False,
    actor=None,
    progress: Progress = lambda label, done, total: None,
) -> Outcome:
    """Import these files by this mapping. A refusal is an outcome too: its report says why."""
    run = _Run(mapping, leave_bad_rows_out, progress)
    batch = ImportBatch(source=mapping.source, preset=mapping.name, actor=actor)
    try:
        with transaction.atomic():
            run.read(paths)
            batch.save()
            run.write(batch)
            written.send(ImportBatch, batch=batch)
            if dry_run:
                transaction.set_rollback(True)
            else:
                settle_touched(batch.pk, run.tell)
                batch.state, batch.finished_at, batch.report = (
                    ImportBatch.State.DONE,
                    timezone.now(),
                    run.report(),
                )
                batch.save()
    except (Refused, IntegrityError) as error:
        return _refused(run, batch, _why(error), dry_run)
    if dry_run:
        return Outcome("checked", {"state": "checked", **run.report()}, run.rejects)
    return Outcome(batch.state, {"state": batch.state, "batch": batch.pk, **batch.report}, run.rejects, batch)


def _refused(run: "_Run", batch: ImportBatch, why: str, dry_run: bool) -> Outcome:
    report = {**run.report(), "why": why}
    batch.pk, batch.state, batch.report, batch.finished_at = (
        None,
        ImportBatch.State.REFUSED,
        report,
        timezone.now(),
    )
    batch._state.adding = True
    if not dry_run:
        batch.save()
    told = None if dry_run else batch
    return Outcome(ImportBatch.State.REFUSED, {"state": "refused", **report}, run.rejects, told)


def _why(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    diagnosis = getattr(error.__cause__, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None) or str(error)
    return _("a rule of the database stands against it: %(rule)s") % {"rule": rule.replace("_", " ")}


class _Run:
    """The parts of one import in their order."""

    def __init__(self, mapping: Mapping, leave_bad_rows_out: bool, progress: Progress):
        self.mapping, self.leave_bad_rows_out, self.progress = mapping, leave_bad_rows_out, progress
        self.rejects, self.staged = Rejects(), {}  # type: tuple[Rejects, dict[str, Staged]]
        self.sources: Sources | None = None
        self.settings: list[organisation.Value] = []
        self.step, self.steps = 0, 1

    def tell(self, label: str) -> None:
        self.step += 1
        self.progress(label, self.step, max(self.steps, self.step))

    def read(self, paths: Iterable[str | Path]) -> None:
        """Stage and check every row. Raises Refused when one is bad, unless bad rows are left out."""
        self.progress(_("looking at the files"), 0, 1)
        self.sources = Sources(find_files(paths), self.mapping)
        self.settings = self.sources.settings(self.rejects)
        self.sources.home = organisation.zone_after(self.settings)
        blocks = self.sources.blocks()
        self.steps = sum(map(len, blocks.values())) + len(blocks) + 3
        with connection.cursor() as cursor:
            _one_at_a_time(cursor)
            for name, listed in blocks.items():
                self._stage(cursor, name, listed)
            self.tell(_("checking"))
            self._check(cursor)

    def _stage(self, cursor, name: str, blocks: list[Block]) -> None:
        table = tables()[name]
        used = {column for block in blocks for column in chain(block.columns, *block.rows)}
        staged = self.staged[name] = Staged(table, blocks, table.present(used))
        staged.create(cursor)
        for number, block in enumerate(blocks):
            label = _("reading %(file)s") % {"file": table.file_name}
            self.tell(label)
            staged.copy(cursor, self._telling(label, self._rows(staged, number, block)))

    def _rows(self, staged: Staged, number: int, block: Block) -> Iterator[list]:
        sources = self.sources
        assert sources is not None  # noqa: S101 -- read() makes it first
        reader = BlockReader(staged, number, block, sources.reading(block), self.mapping.source, self.rejects)
        if block.source is None:
            return reader.constants()
        return reader.rows(sources.layout(block.source), sources.joined(block))

    def _telling(self, label: str, rows: Iterator[list]) -> Iterator[list]:
        for count, row in enumerate(rows):
            if count and count % ROWS_A_TELL == 0:
                self.progress(f"{label}: {count:,}", self.step, self.steps)
            yield row

    def _check(self, cursor) -> None:
        files = {
            (name, number): self.sources.called(block)  # type: ignore[union-attr]
            for name, one in self.staged.items()
            for number, block in enumerate(one.blocks)
        }
        check_all(cursor, self.staged, files, self.rejects)
        if self.rejects and not self.leave_bad_rows_out:
            raise Refused(_("%(count)s faults: nothing was written") % {"count": self.rejects.count})
        leave_out_what_refers_to_bad_rows(cursor, self.staged, files, self.rejects)

    def write(self, batch: ImportBatch) -> None:
        """Write all staged rows; triggers stay silent, `settle_touched` does their work."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL touchline.settling = 'on'; SET LOCAL touchline.importing = 'on'")
            organisation.write(cursor, self.settings, batch.pk)
            upserts = [Upsert(staged, batch.pk) for staged in self._in_order()]
            for upsert in upserts:
                self.tell(_("writing %(file)s") % {"file": upsert.table.file_name})
                upsert.write(cursor)
                upsert.tell_planner(cursor)
            if any(upsert.is_big for upsert in upserts):
                # A batch the statistics have never seen is planned as one row, joined the slowest way there is.
                cursor.execute("ANALYZE pipeline_beforeimage")
            for upsert in upserts:
                upsert.write_late(cursor)
            deals = self.staged.get("deals")
            tells_stage = deals is not None and any(column.name == "stage" for column in deals.columns)
            write_implied_history(cursor, batch.pk, tells_stage)
            _refuse_overlapping_absences(cursor, batch.pk)
            cursor.execute("SET LOCAL touchline.settling = 'off'; SET LOCAL touchline.importing = 'off'")

    def _in_order(self) -> list[Staged]:
        return [self.staged[name] for name in tables() if name in self.staged]

    def report(self) -> dict:
        """What was read and what came of it, in plain values."""
        return {
            "source": self.mapping.source,
            "preset": self.mapping.name,
            "files": self.sources.report() if self.sources else [],
            "not_read": self.sources.unread() if self.sources else [],
            "tables": {one.table.name: _counts(one) for one in self._in_order()},
            "bad": self.rejects.count,
            "rejects": self.rejects.as_dicts(LISTED_IN_REPORT),
        }


def _counts(one: Staged) -> dict:
    return {
        "read": one.read,
        "added": one.added,
        "changed": one.changed,
        "same": one.same,
        "left_out": dict(sorted(one.left_out.items())),
    }


def _one_at_a_time(cursor) -> None:
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('touchline import'))")
    if not cursor.fetchone()[0]:
        raise Refused(_("another import is running: try again when it is done"))


def _refuse_overlapping_absences(cursor, batch_id: int) -> None:
    cursor.execute(
        "SELECT r.name, a.from_on, o.from_on FROM pipeline_absence a"
        " JOIN pipeline_absence o ON o.rep_id = a.rep_id AND o.id <> a.id"
        " AND o.from_on <= a.to_on AND a.from_on <= o.to_on JOIN pipeline_rep r ON r.id = a.rep_id"
        " WHERE a.batch_id = %s ORDER BY 1, 2 LIMIT 1",
        [batch_id],
    )
    found = cursor.fetchone()
    if found:
        names = {"rep": found[0], "one": found[1], "other": found[2]}
        raise Refused(_("absences of %(rep)s from %(one)s and from %(other)s overlap") % names)
