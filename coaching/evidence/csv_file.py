"""Evidence as a CSV file: every row, counted or not, with the reason, in cells no spreadsheet runs."""

import csv
from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.evidence import Evidence

COUNTED = gettext_lazy("counted")
ACTING = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(evidence: Evidence) -> Iterator[str]:
    """The lines of the file, the header first."""
    writer = csv.DictWriter(Echo(), _header(evidence), restval="")
    yield writer.writeheader()
    yield from _written(writer, evidence.counted, evidence.columns, lambda row: _counted(evidence, row))
    for other in evidence.others:
        said = str(COUNTED if other.is_counted else other.label)
        yield from _written(writer, other.rows, other.columns, lambda row, said=said: said)
    for reason, rows in evidence.left_out:
        yield from _written(writer, rows, evidence.left_out_columns, lambda row, said=str(reason): said)


def _header(evidence: Evidence) -> list[str]:
    """The columns of counted rows, then those only rows of other sources and rows left out have."""
    others = [column for other in evidence.others for column in other.columns]
    labels = [str(label) for label, _read in (*evidence.columns, *others, *evidence.left_out_columns)]
    return list(dict.fromkeys([str(COUNTED), *labels]))


def _written(writer: csv.DictWriter, rows: QuerySet, columns: list, word: Callable) -> Iterator[str]:
    for row in rows.iterator(chunk_size=1000):
        cells = {str(label): safe(str(read(row))) for label, read in columns}
        yield writer.writerow({str(COUNTED): safe(word(row)), **cells})


def safe(cell: str) -> str:
    """A cell that begins like a formula begins with an apostrophe instead."""
    return f"'{cell}" if cell.startswith(ACTING) else cell


def _counted(evidence: Evidence, row) -> str:
    hit = evidence.hit(row)
    return _("counted") if hit is None else _("yes") if hit else _("no")


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
