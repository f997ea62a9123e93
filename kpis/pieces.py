"""Pieces: the mergeable part of a figure. Counts add up, samples append, sets unite; a value is read only at the end.

Count [n] · Sum [cents, rows, unknown] · Share [n, d] · FirstShare [n, d, inside] are lists of numbers.
Median {"v": [...]}, Distinct {"s": [...]} and Survival {"g": {group: [[ended …], [open …]]}} carry what adding would lose.
"""

from collections.abc import Iterable
from itertools import chain


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
    if isinstance(first, list):
        return first if len(pieces) == 1 else [sum(column) for column in zip(*pieces, strict=True)]
    if "v" in first:
        return {"v": sorted(chain.from_iterable(piece["v"] for piece in pieces))}
    if "s" in first:
        return {"s": sorted(set().union(*(piece["s"] for piece in pieces)))}
    groups = sorted({group for piece in pieces for group in piece["g"]})
    return {"g": {group: _both_sides([p["g"][group] for p in pieces if group in p["g"]]) for group in groups}}


def _both_sides(visits: list) -> list[list]:
    """[ended, still open] of one group out of many."""
    return [sorted(chain.from_iterable(side)) for side in zip(*visits, strict=True)]
