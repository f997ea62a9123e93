"""Pieces: the mergeable part of a figure. Counts add up, samples append, sets unite; a value is read only at the end.

Count [n] · Sum [cents, rows, unknown] · Mean and Concentration [sum, n] · Share [n, d] · FirstShare [n, d, inside]
are lists of numbers.
Median {"v": packed}, Distinct {"s": packed} and Survival {"g": {group: [packed ended, packed open]}} carry what adding
would lose, packed: sorted whole numbers as a letter for their width and base64 of their bytes. Less text than digits
would take, and read and joined without making an object of each number. Split {"b": {group: piece}}.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable

import numpy as np

# Letter -> little-endian type; its width decides how many numbers a text holds.
WIDTHS: dict[str, np.dtype] = {"H": np.dtype("<u2"), "I": np.dtype("<u4"), "q": np.dtype("<i8")}


def pack(numbers) -> str:
    """Sorted whole numbers as text; none as an empty one."""
    ordered = np.asarray(numbers, np.int64)
    return pack_runs(ordered, np.array([0]))[0] if len(ordered) else ""


def pack_runs(numbers: np.ndarray, starts: np.ndarray) -> list[str]:
    """The runs of an array that begin at `starts`, each sorted and not empty, packed one by one."""
    ends = np.append(starts, len(numbers))[1:]
    low, high = numbers[starts], numbers[ends - 1]
    letters = np.where((low < 0) | (high >> 32 > 0), "q", np.where(high >> 16 > 0, "I", "H"))
    raw = {letter: memoryview(numbers.astype(kind).tobytes()) for letter, kind in WIDTHS.items()}
    return [
        letter
        + b2a_base64(
            raw[letter][start * (width := WIDTHS[letter].itemsize) : end * width], newline=False
        ).decode()
        for letter, start, end in zip(letters.tolist(), starts.tolist(), ends.tolist(), strict=True)
    ]


def unpack(text: str) -> np.ndarray:
    """The numbers of a packed text, as int64."""
    if not text:
        return np.zeros(0, np.int64)
    return np.frombuffer(a2b_base64(text[1:]), WIDTHS[text[0]]).astype(np.int64)


def size(text: str) -> int:
    """How many numbers a packed text holds."""
    if not text:
        return 0
    return ((len(text) - 1) // 4 * 3 - text.count("=", -2)) // WIDTHS[text[0]].itemsize


def merged(many: Iterable[dict]) -> dict:
    """One set of pieces out of many; sorted, so that the same rows always give the same text.

    All pieces of a measure are joined at once: appending one after the other would copy the long ones over and over.
    """
    by_name: dict[str, list] = {}
    for pieces in many:
        for name, piece in pieces.items():
            by_name.setdefault(name, []).append(piece)
    return {name: _joined(pieces) for name, pieces in by_name.items()}


def _joined(pieces: list):
    first = pieces[0]
    if len(pieces) == 1:
        return first
    if isinstance(first, list):
        return [sum(column) for column in zip(*pieces, strict=True)]
    if "v" in first:
        return {"v": _appended([piece["v"] for piece in pieces])}
    if "s" in first:
        return {"s": pack(np.unique(_together([piece["s"] for piece in pieces])))}
    if "b" in first:
        return {"b": merged(piece["b"] for piece in pieces)}
    groups = sorted({group for piece in pieces for group in piece["g"]})
    return {"g": {group: _both_sides([p["g"][group] for p in pieces if group in p["g"]]) for group in groups}}


def _both_sides(visits: list) -> list[str]:
    """[ended, still open] of one group out of many."""
    return [_appended(side) for side in zip(*visits, strict=True)]


def _appended(texts: Iterable[str]) -> str:
    filled = [text for text in texts if text]
    if len(filled) < 2:
        return filled[0] if filled else ""
    return pack(np.sort(_together(filled), kind="stable"))  # sorted runs are merged, not sorted anew


def _together(texts: list[str]) -> np.ndarray:
    return np.concatenate([unpack(text) for text in texts])


def opened(piece):
    """A piece with its numbers spelt out, for people to read."""
    if isinstance(piece, str):
        return unpack(piece).tolist()
    if isinstance(piece, dict):
        return {name: opened(part) for name, part in piece.items()}
    return [opened(part) for part in piece] if isinstance(piece, list) else piece
