"""Figures of an imported data set, asked as a person would: manage.py show_kpi … --json."""

import io
import json
from contextlib import contextmanager

import time_machine
from django.core.management import call_command

from kpis.recompute import drain
from tests.realdata.published import imported


@contextmanager
def computed(blocker, folder: str, mapping: str, now: str):
    """The data set imported and recomputed at its own time, for the tests of one module."""
    with time_machine.travel(now, tick=True), imported(blocker, folder, mapping) as outcome:
        assert drain() > 0
        yield outcome


def show(key: str, period: str = "all", **whom) -> list[dict]:
    out = io.StringIO()
    call_command("show_kpi", key, period=period, json=True, stdout=out, **whom)
    return json.loads(out.getvalue())


def figure(key: str, period: str = "all", **whom) -> dict:
    [row] = show(key, period, **whom)
    return row


def by_name(key: str, period: str = "all") -> dict[str, dict]:
    """The reading of every rep."""
    return {row["name"]: row for row in show(key, period, all_reps=True)}


def percent(row: dict) -> float | None:
    """As the answers print it: in percent, four digits."""
    return None if row["value"] is None else round(100 * row["value"], 4)
