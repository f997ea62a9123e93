"""Does each lock belong to its list? The lock's first line names the digest of what it was made from."""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.txt": ("requirements.in",),
    "requirements-dev.txt": ("requirements.in", "requirements-dev.in"),
}
MARK = "# locked from "


def mark(lists: tuple[str, ...]) -> str:
    content = b"".join((ROOT / name).read_bytes() for name in lists)
    return f"{MARK}{hashlib.sha256(content).hexdigest()}"


def write() -> None:
    for lock, lists in LOCKS.items():
        path = ROOT / lock
        body = [line for line in path.read_text().splitlines() if not line.startswith(MARK)]
        path.write_text("\n".join([mark(lists), *body]) + "\n")


def outdated() -> list[str]:
    return [
        lock for lock, lists in LOCKS.items() if (ROOT / lock).read_text().split("\n", 1)[0] != mark(lists)
    ]


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        write()
    elif stale := outdated():
        sys.exit(f"Run make lock: {', '.join(stale)} was not made from the present list.")
