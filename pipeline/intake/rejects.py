"""Rows that cannot be taken: each named by file, line, column, value and reason, all of them at once."""

import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path

MOST_LISTED = 100_000


@dataclass(frozen=True)
class Reject:
    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.column}: {self.value!r} {self.reason}"


class Rejects:
    """A list that stops growing, but not counting, at a hundred thousand."""

    def __init__(self) -> None:
        self.listed: list[Reject] = []
        self.count = 0

    def __bool__(self) -> bool:
        return self.count > 0

    def add(self, file: str, line: int, column: str, value: str, reason: str) -> None:
        self.count += 1
        if self.count <= MOST_LISTED:
            self.listed.append(Reject(file, line, column, value[:200], reason))

    def as_dicts(self, limit: int) -> list[dict]:
        return [asdict(reject) for reject in self.sorted()[:limit]]

    def sorted(self) -> list[Reject]:
        return sorted(self.listed, key=lambda reject: (reject.file, reject.line))

    def write(self, path: str | Path) -> None:
        """A CSV file to mend from; values are guarded against acting as formulas."""
        with Path(path).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([field.name for field in fields(Reject)])
            for reject in self.sorted():
                value = (
                    f"'{reject.value}" if reject.value[:1] in "=+-@\t\r\n" and reject.value else reject.value
                )
                writer.writerow([reject.file, reject.line, reject.column, value, reject.reason])
