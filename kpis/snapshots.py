"""Writing snapshots: COPY into a staging table, then only what really changed. Nothing else writes them."""

import io
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection

from kpis.models import Snapshot
from kpis.periods import Period

PARTS_AT_ONCE = 200
MEMBER, TEAM, ORGANISATION = Snapshot.Kind.MEMBER, Snapshot.Kind.TEAM, Snapshot.Kind.ORGANISATION

UPSERT = """
INSERT INTO kpis_snapshot AS s (kind, subject_id, team_id, period, start, "end", pieces, version, computed_at)
SELECT kind, subject_id, team_id, period, start, "end", pieces, 1, clock_timestamp() FROM computed
ON CONFLICT (kind, period, subject_id, team_id) DO UPDATE
SET pieces = excluded.pieces, start = excluded.start, "end" = excluded."end", version = s.version + 1,
    computed_at = excluded.computed_at
WHERE s.pieces IS DISTINCT FROM excluded.pieces OR s.start <> excluded.start OR s."end" <> excluded."end"
RETURNING s.subject_id
"""
# A subject that has no pieces left in a period loses its row there.
GONE = """
DELETE FROM kpis_snapshot s WHERE s.kind = %(kind)s AND s.subject_id = ANY(%(subjects)s)
AND s."end" > %(from_day)s AND NOT EXISTS (
    SELECT 1 FROM computed c WHERE (c.subject_id, c.team_id, c.period) = (s.subject_id, s.team_id, s.period))
RETURNING s.subject_id
"""
FRESH = """
INSERT INTO kpis_freshness AS f (kind, subject_id, computed_at, version)
SELECT %(kind)s, unnest(%(subjects)s::bigint[]), clock_timestamp(), 1
ON CONFLICT (kind, subject_id) DO UPDATE SET computed_at = excluded.computed_at,
    version = f.version + (f.subject_id = ANY(%(changed)s))::int
"""


def write(
    kind: str, subjects: list[int], from_day: date, rows: Iterable[tuple[int, int, Period, dict]]
) -> set[int]:
    """Make the snapshots of these subjects for periods that end after `from_day` equal to `rows`.

    A row is (subject, team, period, pieces).

    Runs in the caller's transaction. Returns the subjects of which a figure changed.
    """
    text = _copy_text(
        kind, rows
    )  # before the table is made: the rows may be read from the database as they go
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE computed (kind text, subject_id bigint, team_id bigint, period text, start date,"
            ' "end" date, pieces jsonb) ON COMMIT DROP;'
            "ALTER TABLE computed ALTER pieces SET STORAGE EXTERNAL"
        )
        cursor.copy_expert("COPY computed FROM STDIN", text)
        cursor.execute(UPSERT)
        changed = {row[0] for row in cursor}
        params: dict[str, Any] = {"kind": kind, "subjects": subjects, "from_day": from_day}
        cursor.execute(GONE, params)
        changed |= {row[0] for row in cursor}
        cursor.execute(FRESH, {"kind": kind, "subjects": subjects, "changed": list(changed)})
        cursor.execute("DROP TABLE computed")
    return changed


def _copy_text(kind: str, rows) -> io.BytesIO:
    out = io.BytesIO()
    for subject, team, period, pieces in rows:
        # JSON escapes control characters itself; only the backslashes of those escapes need doubling for COPY.
        text = orjson.dumps(pieces, option=orjson.OPT_SORT_KEYS).replace(b"\\", b"\\\\")
        out.write(
            f"{kind}\t{subject}\t{team}\t{period.key}\t{period.start}\t{period.end}\t".encode() + text + b"\n"
        )
    out.seek(0)
    return out


def parts_of_team(team: int, subteams: list[int], from_day: date) -> Iterator[tuple[Period, list[dict]]]:
    """By period that ends after a day: pieces credited to the team itself and those of its subteams."""
    return _by_period(
        "(kind = 'member' AND team_id = %s OR kind = 'team' AND subject_id = ANY(%s))",
        [team, subteams],
        from_day,
    )


def parts_of_organisation(top_teams: list[int], from_day: date) -> Iterator[tuple[Period, list[dict]]]:
    """By period that ends after a day: pieces of the top teams, and what is credited to no team at all."""
    return _by_period(
        "(kind = 'team' AND subject_id = ANY(%s) OR kind = 'member' AND team_id = 0)", [top_teams], from_day
    )


def _by_period(condition: str, params: list, from_day: date) -> Iterator[tuple[Period, list[dict]]]:
    """One period in memory at a time. Rolling periods of an earlier day are left out: they wait for their own recompute."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f'SELECT period, start, "end", pieces::text FROM kpis_snapshot WHERE {condition} AND "end" > %s'
            ' ORDER BY period, "end" DESC',
            [*params, from_day],
        )
        every = chain.from_iterable(iter(lambda: cursor.fetchmany(PARTS_AT_ONCE), []))
        for key, group in groupby(every, itemgetter(0)):
            rows = list(group)
            start, end = rows[0][1:3]
            yield Period("", key, start, end), [orjson.loads(row[3]) for row in rows if row[2] == end]


def capture(first_days: dict[str, date]) -> None:
    """Remember the first day each measure found a row, if earlier than known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kpis_capture AS c (measure, first_on) SELECT * FROM unnest(%s::text[], %s::date[])"
            " ORDER BY 1 ON CONFLICT (measure) DO UPDATE SET first_on = excluded.first_on"
            " WHERE c.first_on > excluded.first_on",
            [list(first_days), list(first_days.values())],
        )
