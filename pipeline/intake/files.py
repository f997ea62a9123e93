"""The files an import is given, out of folders, zips and gzips; limits hold while bytes are read."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

ENDINGS = (".csv", ".csv.gz", ".tsv", ".txt")
MOST_ENTRIES = 500
MOST_BYTES = 4 * 2**30


class Refused(Exception):
    """The import as a whole cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class SourceFile:
    """One text file of the import: `name` as people know it, `stem` as mappings call it."""

    name: str
    size: int
    open_bytes: Callable[[], AbstractContextManager[BinaryIO]]

    @property
    def stem(self) -> str:
        return stem_of(self.name)

    @contextmanager
    def reading(self) -> Iterator["Counted"]:
        """The unpacked bytes, counted against the limit: declared sizes are not believed."""
        try:
            with self.open_bytes() as raw:
                yield Counted(raw, self.name)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise Refused(
                _("%(file)s is damaged or cut off: %(why)s") % {"file": self.name, "why": error}
            ) from error


class Counted(io.RawIOBase):
    """Bytes of a stream, refused once more than the limit have come."""

    def __init__(self, raw: BinaryIO, name: str):
        self.raw, self.name, self.count = raw, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self.raw.read(len(buffer))
        self.count += len(data)
        if self.count > MOST_BYTES:
            limit = MOST_BYTES // 2**20
            raise Refused(_("%(file)s is larger than %(limit)s MB") % {"file": self.name, "limit": limit})
        buffer[: len(data)] = data
        return len(data)


def stem_of(name: str) -> str:
    """`Folder/Deals.CSV.gz` is called `deals`."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if base.endswith(ending):
            return base.removesuffix(ending)
    return base


def find_files(paths: Iterable[str | Path]) -> dict[str, SourceFile]:
    """All text files under these folders, zips and files, by stem. Raises Refused when two share one."""
    found: dict[str, SourceFile] = {}
    for path in map(Path, paths):
        for file in _files_at(path):
            if file.stem in found:
                names = {"one": found[file.stem].name, "other": file.name}
                raise Refused(_("%(one)s and %(other)s are called the same") % names)
            found[file.stem] = file
    if not found:
        raise Refused(_("no CSV file there"))
    return found


def _files_at(path: Path) -> Iterator[SourceFile]:
    if path.is_dir():
        for child in sorted(path.iterdir()):
            if child.is_file() and child.name.lower().endswith(ENDINGS):
                yield _file_at(child)
    elif not path.is_file():
        raise Refused(_("%(path)s is not there") % {"path": path})
    elif zipfile.is_zipfile(path):
        yield from _files_in_zip(path)
    elif path.name.lower().endswith(ENDINGS):
        yield _file_at(path)
    else:
        raise Refused(_("%(path)s is neither a folder, a zip nor a CSV file") % {"path": path})


def _file_at(path: Path) -> SourceFile:
    opener: Callable = gzip.open if path.name.lower().endswith(".gz") else open
    return SourceFile(path.name, path.stat().st_size, partial(opener, path, "rb"))


def _files_in_zip(path: Path) -> Iterator[SourceFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Refused(
            _("%(file)s is damaged or cut off: %(why)s") % {"file": path.name, "why": error}
        ) from error
    if len(entries) > MOST_ENTRIES:
        raise Refused(
            _("%(file)s holds more than %(limit)s files") % {"file": path.name, "limit": MOST_ENTRIES}
        )
    for entry in entries:
        name = entry.filename.rsplit("/", 1)[-1]
        if name.lower().endswith(ENDINGS) and not name.startswith("."):
            if entry.flag_bits & 1:
                raise Refused(_("%(file)s is locked with a password") % {"file": entry.filename})
            yield SourceFile(entry.filename, entry.file_size, partial(_open_entry, path, entry))


@contextmanager
def _open_entry(path: Path, entry: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    with zipfile.ZipFile(path) as archive, archive.open(entry) as stream:
        yield gzip.GzipFile(fileobj=stream) if entry.filename.lower().endswith(".gz") else stream  # type: ignore[misc]
