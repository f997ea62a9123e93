"""Pieces: the mergeable part of a figure. Counts add up, samples append, sets unite; a value is read only at the end.

Count [n] · Sum [cents, rows, unknown] · Share [n, d] · FirstShare [n, d, inside] are lists of numbers.
Median {"v": [...]}, Distinct {"s": [...]} and Survival {"g": {group: [[ended …], [open …]]}} carry what adding would lose.
"""


def merge(into: dict, other: dict) -> dict:
    """Add the pieces of another subject or period to `into`, name by name."""
    for name, piece in other.items():
        mine = into.get(name)
        into[name] = piece if mine is None else _merged(mine, piece)
    return into


def merged(many) -> dict:
    """One set of pieces out of many; sorted, so that the same rows always give the same text."""
    total: dict = {}
    for pieces in many:
        merge(total, pieces)
    return {name: _settled(piece) for name, piece in total.items()}


def _merged(a, b):
    if isinstance(a, list):
        return [x + y for x, y in zip(a, b, strict=True)]
    if "v" in a:
        return {"v": a["v"] + b["v"]}
    if "s" in a:
        return {"s": a["s"] + b["s"]}
    groups = dict(a["g"])
    for group, (ended, still) in b["g"].items():
        mine = groups.get(group, [[], []])
        groups[group] = [mine[0] + ended, mine[1] + still]
    return {"g": groups}


def _settled(piece):
    if isinstance(piece, list):
        return piece
    if "v" in piece:
        return {"v": sorted(piece["v"])}
    if "s" in piece:
        return {"s": sorted(set(piece["s"]))}
    return {
        "g": {group: [sorted(ended), sorted(still)] for group, (ended, still) in sorted(piece["g"].items())}
    }
