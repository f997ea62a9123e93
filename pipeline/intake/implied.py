"""What an import implies about the past: a deal that changed keeps what it was as dated history.

Without this, figures as of an earlier day would follow the latest import. Where the source brings that
history itself nothing is added.
"""

from pipeline.models.deals import DealChange

BASELINE_AT = "coalesce(t.created_at, (b.image->>'recorded_at')::timestamptz)"


def write_implied_history(cursor, batch_id: int, has_deal_stage: bool) -> None:
    """Dated rows for deals, accounts and reps that this batch changed. Amounts are text as in a deal."""
    if not has_deal_stage:
        _take_stage_from_history(cursor, batch_id)
    for field in DealChange.Field.values:
        _deal_change(cursor, batch_id, field)
    _stage_change(cursor, batch_id)
    _owner_moves(cursor, batch_id, "pipeline_deal", "pipeline_dealmove", "deal_id", _DEAL_OWNERS_ARE_TOLD)
    _owner_moves(cursor, batch_id, "pipeline_account", "pipeline_accountmove", "account_id", "false")
    _team_moves(cursor, batch_id)


_DEAL_OWNERS_ARE_TOLD = (
    "EXISTS (SELECT 1 FROM pipeline_stagechange c WHERE c.deal_id = t.id AND c.owner_id IS NOT NULL)"
)


def _changed(batch_id: int, table: str, column: str) -> str:
    """SQL: rows t of the table whose column this batch changed, with their image b."""
    return (
        f"pipeline_beforeimage b JOIN {table} t ON t.id = b.row_id WHERE b.batch_id = {batch_id}"
        f" AND b.\"table\" = '{table}' AND b.image IS NOT NULL"
        f" AND (b.image->>'{column}') IS DISTINCT FROM (to_jsonb(t)->>'{column}')"
    )


def _add(cursor, batch_id: int, table: str, columns: str, select: str) -> None:
    """Insert rows and note them as new, so that undoing the batch takes them away again."""
    cursor.execute(
        f"WITH added AS (INSERT INTO {table} ({columns}, batch_id) SELECT x.*, {batch_id} FROM ({select}) x"
        f' ON CONFLICT DO NOTHING RETURNING id) INSERT INTO pipeline_beforeimage (batch_id, "table", row_id)'
        f" SELECT {batch_id}, '{table}', id FROM added"
    )


def _deal_change(cursor, batch_id: int, field: str) -> None:
    changed, columns = _changed(batch_id, "pipeline_deal", field), "deal_id, field, value, at"
    known = f"FROM pipeline_dealchange c WHERE c.deal_id = t.id AND c.field = '{field}'"
    baseline = (
        f"SELECT t.id, '{field}', coalesce(b.image->>'{field}', ''), {BASELINE_AT} FROM {changed}"
        f" AND NOT EXISTS (SELECT 1 {known})"
    )
    now = f"coalesce(t.{field}::text, '')"
    latest = (
        f"SELECT t.id, '{field}', {now}, statement_timestamp() FROM {changed}"
        f" AND {now} IS DISTINCT FROM (SELECT c.value {known} ORDER BY c.at DESC, c.id DESC LIMIT 1)"
    )
    _add(cursor, batch_id, "pipeline_dealchange", columns, baseline)
    _add(cursor, batch_id, "pipeline_dealchange", columns, latest)


def _stage_change(cursor, batch_id: int) -> None:
    changed, columns = _changed(batch_id, "pipeline_deal", "stage_id"), "deal_id, stage_id, at, seq, is_dated"
    known = "FROM pipeline_stagechange c WHERE c.deal_id = t.id"
    baseline = (
        f"SELECT t.id, (b.image->>'stage_id')::bigint, {BASELINE_AT}, 0, t.is_created_dated FROM {changed}"
        f" AND b.image->>'stage_id' IS NOT NULL AND NOT EXISTS (SELECT 1 {known})"
    )
    closes = "s.milestone >= 6 AND t.closed_at IS NOT NULL"
    staged = changed.replace("WHERE", "JOIN pipeline_stage s ON s.id = t.stage_id WHERE", 1)
    last = f"SELECT c.stage_id {known} ORDER BY c.at DESC, c.seq DESC, c.id DESC LIMIT 1"
    latest = (
        f"SELECT t.id, t.stage_id, CASE WHEN {closes} THEN t.closed_at ELSE statement_timestamp() END, 0,"
        f" {closes} AND t.is_closed_dated FROM {staged} AND t.stage_id IS DISTINCT FROM ({last})"
    )
    _add(cursor, batch_id, "pipeline_stagechange", columns, baseline)
    _add(cursor, batch_id, "pipeline_stagechange", columns, latest)


def _owner_moves(cursor, batch_id: int, table: str, moves: str, key: str, is_told: str) -> None:
    changed, columns = _changed(batch_id, table, "owner_id"), f"{key}, owner_id, from_at"
    known = f"FROM {moves} m WHERE m.{key} = t.id"
    baseline = (
        f"SELECT t.id, (b.image->>'owner_id')::bigint, {BASELINE_AT} FROM {changed}"
        f" AND b.image->>'owner_id' IS NOT NULL AND NOT {is_told} AND NOT EXISTS (SELECT 1 {known})"
    )
    latest = (
        f"SELECT t.id, t.owner_id, statement_timestamp() FROM {changed} AND t.owner_id IS NOT NULL"
        f" AND NOT {is_told}"
        f" AND t.owner_id IS DISTINCT FROM (SELECT m.owner_id {known} ORDER BY m.from_at DESC LIMIT 1)"
    )
    _add(cursor, batch_id, moves, columns, baseline)
    _add(cursor, batch_id, moves, columns, latest)


def _team_moves(cursor, batch_id: int) -> None:
    changed, columns = _changed(batch_id, "pipeline_rep", "team_id"), "rep_id, team_id, from_on"
    known = "FROM pipeline_teammove m WHERE m.rep_id = t.id"
    zone = "coalesce((SELECT time_zone FROM pipeline_organisation), 'UTC')"
    baseline = (
        f"SELECT t.id, (b.image->>'team_id')::bigint, coalesce(t.started_on, date '1900-01-01')"
        f" FROM {changed} AND b.image->>'team_id' IS NOT NULL AND NOT EXISTS (SELECT 1 {known})"
    )
    latest = (
        f"SELECT t.id, t.team_id, (statement_timestamp() AT TIME ZONE {zone})::date FROM {changed}"
        f" AND t.team_id IS NOT NULL"
        f" AND t.team_id IS DISTINCT FROM (SELECT m.team_id {known} ORDER BY m.from_on DESC LIMIT 1)"
    )
    _add(cursor, batch_id, "pipeline_teammove", columns, baseline)
    _add(cursor, batch_id, "pipeline_teammove", columns, latest)


def _take_stage_from_history(cursor, batch_id: int) -> None:
    """A source without a deal's present stage tells it by the last stage the deal entered."""
    last = (
        "SELECT DISTINCT ON (c.deal_id) c.deal_id, c.stage_id FROM pipeline_stagechange c WHERE c.deal_id IN"
        f" (SELECT deal_id FROM pipeline_stagechange WHERE batch_id = {batch_id})"
        " ORDER BY c.deal_id, c.at DESC, c.seq DESC, c.id DESC"
    )
    differs = (
        f"FROM ({last}) l JOIN pipeline_deal t ON t.id = l.deal_id"
        " WHERE t.stage_id IS DISTINCT FROM l.stage_id"
    )
    imaged = (
        f"SELECT row_id FROM pipeline_beforeimage WHERE batch_id = {batch_id} AND \"table\" = 'pipeline_deal'"
    )
    cursor.execute(
        'INSERT INTO pipeline_beforeimage (batch_id, "table", row_id, image)'
        f" SELECT {batch_id}, 'pipeline_deal', t.id, to_jsonb(t) {differs} AND t.id NOT IN ({imaged})"
    )
    cursor.execute(
        f"UPDATE pipeline_deal d SET stage_id = x.stage_id FROM (SELECT t.id, l.stage_id {differs}) x"
        " WHERE d.id = x.id"
    )
