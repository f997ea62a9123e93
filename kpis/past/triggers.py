"""What figures said before: triggers that keep the version of a snapshot known at a day's end, and its purge.

Only calendar periods are kept (a rolling one is another period every day), and of each day only what was known when it
ended: at most one row per snapshot and day. Days are the organisation's.
"""

from django.db import connection

from pipeline.past import HASHED

# Thirteen months, the longest there are.
DAYS_KEPT = 397
ZONE = "coalesce((SELECT time_zone FROM pipeline_organisation WHERE id = 1), 'UTC')"
KEEP = """
CREATE FUNCTION past_snapshot_{event}() RETURNS trigger LANGUAGE plpgsql {hashed} AS $$
DECLARE zone text := {zone}; today date := (clock_timestamp() AT TIME ZONE zone)::date;
BEGIN
    INSERT INTO kpis_pastsnapshot (kind, subject_id, team_id, period, pieces, known_from, known_until)
    SELECT b.kind, b.subject_id, b.team_id, b.period, b.pieces, b.computed_at, clock_timestamp() FROM {rows}
    WHERE b.period ~ '^[0-9]{{4}}' AND (b.computed_at AT TIME ZONE zone)::date < today{moved};
    RETURN NULL;
END $$"""
TRIGGER = """CREATE TRIGGER past_snapshot_{event} AFTER {event} ON kpis_snapshot REFERENCING {images}
FOR EACH STATEMENT EXECUTE FUNCTION past_snapshot_{event}()"""
# Long pieces are packed already, as in the snapshots themselves.
UNCOMPRESSED = "ALTER TABLE kpis_pastsnapshot ALTER pieces SET STORAGE EXTERNAL"


def past_sql() -> list[str]:
    """Statements that create the functions and triggers of changed and of removed snapshots."""
    changed = {
        "event": "update",
        "images": "OLD TABLE AS before NEW TABLE AS after",
        "rows": "before b JOIN after a USING (id)",
        "moved": " AND a.pieces IS DISTINCT FROM b.pieces",
    }
    gone = {"event": "delete", "images": "OLD TABLE AS before", "rows": "before b", "moved": ""}
    made = [sql.format(zone=ZONE, hashed=HASHED, **one) for one in (changed, gone) for sql in (KEEP, TRIGGER)]
    return [UNCOMPRESSED, *made]


def purge() -> int:
    """Drop what was known until more than thirteen months ago; returns how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kpis_pastsnapshot WHERE known_until < now() - make_interval(days => %s)",
            [DAYS_KEPT],
        )
        return cursor.rowcount
