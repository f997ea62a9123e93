"""Checking the stored snapshots against the records, in memory: episodes and spans first, then every figure."""

import orjson
from django.db import connection, transaction

from kpis.dated_settings import settings_held
from kpis.periods import BEGINNING
from kpis.pieces import merged, opened
from kpis.recompute import TeamTree, member_rows
from pipeline.models import Rep
from pipeline.settle import settle_all

REPS_AT_ONCE = 50


class _Undo(Exception):
    """Raised to leave a transaction without a trace."""


def differences() -> list[dict]:
    """Every stored figure that differs from a recompute out of the raw records: subject, period, measure, both values."""
    found: list[dict] = []
    try:
        with transaction.atomic(), settings_held():
            # Settled anew as well, so that a writer who went round the triggers shows.
            settle_all()
            computed = _computed()
            stored = _stored()
            raise _Undo
    except _Undo:
        pass
    for key in sorted(computed.keys() | stored.keys()):
        found += _compare(key, stored.get(key, {}), computed.get(key, {}))
    return found


def _computed() -> dict[tuple, dict]:
    reps = [0, *Rep.objects.order_by("pk").values_list("pk", flat=True)]
    figures: dict[tuple, dict] = {}
    by_team: dict[int | str, dict[str, list]] = {}  # own rows by id; with subteams by “whole <id>”
    for at in range(0, len(reps), REPS_AT_ONCE):
        for rep, team, period, pieces in member_rows(reps[at : at + REPS_AT_ONCE], BEGINNING, False)[0]:
            figures["member", rep, team, period.key] = pieces
            by_team.setdefault(team, {}).setdefault(period.key, []).append(pieces)
    tree = TeamTree()
    for team in tree.upwards(set(tree.parent)):
        parts = [
            by_team.get(team, {}),
            *(by_team.get(f"whole {child}", {}) for child in tree.children.get(team, [])),
        ]
        by_team[f"whole {team}"] = _merge("team", team, parts, figures)
    tops = [by_team[f"whole {team}"] for team in tree.children.get(None, [])]
    _merge("organisation", 0, [*tops, by_team.get(0, {})], figures)
    return figures


def _merge(kind: str, subject: int, parts: list[dict[str, list]], figures: dict) -> dict[str, list]:
    keys = {key for part in parts for key in part}
    whole = {key: [merged(pieces for part in parts for pieces in part.get(key, []))] for key in keys}
    figures.update({(kind, subject, 0, key): pieces[0] for key, pieces in whole.items()})
    return whole


def _stored() -> dict[tuple, dict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, subject_id, team_id, period, pieces::text FROM kpis_snapshot")
        return {
            (kind, subject, team, period): orjson.loads(text) for kind, subject, team, period, text in cursor
        }


def _compare(key: tuple, stored: dict, computed: dict) -> list[dict]:
    kind, subject, team, period = key
    return [
        {
            "kind": kind,
            "subject": subject,
            "team": team,
            "period": period,
            "measure": name,
            "stored": opened(stored.get(name)),
            "computed": opened(computed.get(name)),
        }
        for name in sorted(stored.keys() | computed.keys())
        if stored.get(name) != computed.get(name)
    ]
