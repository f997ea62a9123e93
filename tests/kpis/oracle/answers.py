"""Runs the oracle's SQL and hands its answers back by subject, period and measure."""

from datetime import date
from pathlib import Path

from tests.kpis.oracle.records import records

STEPS = sorted(Path(__file__).parent.glob("*.sql"))
FIRST_DAY = """
SELECT min(day)::DATE - 2 FROM (
    SELECT min("on")::TIMESTAMPTZ FROM timeentry UNION ALL SELECT min(month)::TIMESTAMPTZ FROM spend UNION ALL
    SELECT min(moment) FROM activity UNION ALL SELECT min(booked_at) FROM activity
    UNION ALL SELECT min(moment) FROM stagechange
    UNION ALL SELECT min(least(created_at, recorded_at)) FROM account UNION ALL SELECT min(from_at) FROM accountmove
    UNION ALL SELECT min(created_at) FROM deal UNION ALL SELECT min(closed_at) FROM deal
    UNION ALL SELECT min(recorded_at) FROM deal
) AS d(day)
"""

# (kind, subject id, period key) -> measure -> the answer's columns by name
Answers = dict[tuple[str, int, str], dict[str, dict]]


def oracle_answers(today: date) -> Answers:
    """Every figure of every subject and stored period, as of a local day."""
    with records() as db:
        db.execute("SET TimeZone = 'UTC'")
        first = db.execute(FIRST_DAY).fetchone()[0] or today
        db.execute("SET VARIABLE today = CAST($1 AS DATE)", [today.isoformat()])
        db.execute("SET VARIABLE first_day = CAST($1 AS DATE)", [min(first, today).isoformat()])
        for step in STEPS:
            db.execute(step.read_text())
        found: Answers = {}
        for table in ("answers", "visit_answers", "split_answers"):
            _take(db.execute(f"SELECT * FROM {table}"), found)
        return found


def _take(result, found: Answers) -> None:
    names = [column[0] for column in result.description]
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        measures = found.setdefault((row["kind"], row["subject"], row["key"]), {})
        if "stage" in row:
            stages = measures.setdefault(row["measure"], {"stages": {}})["stages"]
            stages[str(row["stage"])] = [row["ended"] or [], row["open"] or []]
        elif "grp" in row:
            measures.setdefault(row["measure"], {"groups": {}})["groups"][str(row["grp"])] = row
        else:
            measures[row["measure"]] = row
