"""Rows out of a CSV file: encoding and delimiter recognised, header checked, lines numbered."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pipeline.intake.files import Refused, SourceFile

DELIMITERS = ",;\t|"
LONGEST_CELL = 200_000
MOST_COLUMNS = 1_000
CHUNK = 1 << 20

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True)
class Layout:
    """How a file is written: encoding, delimiter and the header's columns."""

    file: SourceFile
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    def index(self, column: str) -> int | None:
        return self.header.index(column) if column in self.header else None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of each row that is not blank; one too short or too long keeps its length."""
        with _text(self.file, self.encoding) as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            try:
                _skip_header(reader)
                line = reader.line_num + 1
                for cells in reader:
                    if any(cells):
                        yield line, cells
                    line = reader.line_num + 1
            except (csv.Error, UnicodeDecodeError) as error:
                raise _broken(self.file, reader.line_num, error) from error


def layout_of(file: SourceFile, expected: Iterable[str] = (), encoding="", delimiter="") -> Layout:
    """Recognise how `file` is written; `expected` columns decide between delimiters. Raises Refused."""
    encoding = encoding or _encoding(file)
    wanted = set(expected)
    layouts = [_with_delimiter(file, encoding, mark) for mark in (delimiter or DELIMITERS)]
    best = max(layouts, key=lambda layout: (len(wanted & set(layout.header)), len(layout.header)))
    _check_header(best)
    return best


def _with_delimiter(file: SourceFile, encoding: str, delimiter: str) -> Layout:
    with _text(file, encoding) as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            header = _skip_header(reader)
        except (csv.Error, UnicodeDecodeError) as error:
            raise _broken(file, reader.line_num, error) from error
    return Layout(file, encoding, delimiter, tuple(cell.strip() for cell in header))


def _skip_header(reader) -> list[str]:
    """The header row; the `sep=;` line that some spreadsheets write above it is passed over."""
    for cells in reader:
        is_hint = reader.line_num == 1 and ",".join(cells).lower().startswith("sep=")
        if any(cells) and not is_hint:
            return cells
    return []


def _check_header(layout: Layout) -> None:
    name, header = layout.file.name, [column for column in layout.header if column]
    if not header:
        raise Refused(_("%(file)s has no header row") % {"file": name})
    if len(header) > MOST_COLUMNS:
        raise Refused(_("%(file)s has more than %(limit)s columns") % {"file": name, "limit": MOST_COLUMNS})
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise Refused(
            _("%(file)s has the column %(column)s twice") % {"file": name, "column": ", ".join(twice)}
        )


def _broken(file: SourceFile, line: int, error: Exception) -> Refused:
    if "field larger" in str(error):
        why = _("a cell is longer than %(limit)s characters") % {"limit": LONGEST_CELL}
    elif "unexpected end" in str(error):
        why = _("it ends within a quoted cell: the file is cut off")
    else:
        why = str(error)
    return Refused(_("%(file)s, line %(line)s: %(why)s") % {"file": file.name, "line": line, "why": why})


@contextmanager
def _text(file: SourceFile, encoding: str) -> Iterator[io.TextIOBase]:
    with file.reading() as raw:
        yield io.TextIOWrapper(io.BufferedReader(raw, CHUNK), encoding=encoding, newline="")


def _encoding(file: SourceFile) -> str:
    """By its mark, else UTF-16 by its zeros, else UTF-8 if all of it is, else cp1252 if all of it is."""
    with file.reading() as raw:
        start = raw.read(4096) or b""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            return name
    if len(start) > 3 and start[1:2] == b"\0" and start[3:4] == b"\0":
        return "utf-16-le"
    if len(start) > 3 and start[0:1] == b"\0" and start[2:3] == b"\0":
        return "utf-16-be"
    for name in ("utf-8", "cp1252"):
        if _decodes(file, name):
            return name
    raise Refused(_("%(file)s is not text in UTF-8, UTF-16 or Windows-1252") % {"file": file.name})


def _decodes(file: SourceFile, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with file.reading() as raw:
        while chunk := raw.read(CHUNK):
            if b"\0" in chunk:
                raise Refused(_("%(file)s holds zero bytes: it is not a text file") % {"file": file.name})
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
