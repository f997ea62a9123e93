"""Deals settled: their dated records laid on one line of time, cut into spans and episodes."""

import io

import pandas as pd

from pipeline.models import DealSpan, Episode, Organisation
from pipeline.settle.episodes import episodes_of
from pipeline.settle.money import Rates
from pipeline.settle.sources import deal_frames
from pipeline.settle.spans import spans_of

# What activities and its account's other contracts say of an episode is settled after it.
SETTLED_LATER = ("presentations", "follow_ups", "rebate_cents")
EPISODE = [
    field.column
    for field in Episode._meta.concrete_fields
    if field.column and not field.primary_key and field.column not in SETTLED_LATER
]
MANY = 1_000  # so many new rows, and the planner must be told of them
SPAN = [field.column for field in DealSpan._meta.concrete_fields if field.column and not field.primary_key]


def settle_deals(cursor, ids: list[int]) -> None:
    """Write the episodes and spans of these deals; rows that stay as they were are not touched."""
    if not ids:
        return
    organisation = Organisation.current()
    frames = deal_frames(cursor, ids, organisation)
    rates = Rates(cursor, organisation.currency)
    spans = spans_of(frames)
    _replace(cursor, "pipeline_dealspan", SPAN, spans, ids)
    _replace(cursor, "pipeline_episode", EPISODE, episodes_of(frames, spans, rates), ids)


def _replace(cursor, table: str, columns: list[str], rows: pd.DataFrame, ids: list[int]) -> None:
    """Make the table's rows of these deals equal to `rows`: delete what differs, insert what is new."""
    names = ", ".join(columns)
    cursor.execute(f"CREATE TEMP TABLE settling ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0")
    text = io.StringIO()
    rows[columns].to_csv(text, index=False, header=False, na_rep="\\N", date_format="%Y-%m-%d %H:%M:%S.%f%z")
    text.seek(0)
    cursor.copy_expert(f"COPY settling ({names}) FROM STDIN (FORMAT csv, NULL '\\N')", text)
    alike = " AND ".join(f"s.{name} IS NOT DISTINCT FROM t.{name}" for name in columns)
    same = f"s.deal_id = t.deal_id AND {alike}"  # `=` can be hashed, the rest cannot
    cursor.execute(
        f"DELETE FROM {table} t WHERE t.deal_id = ANY(%s) AND NOT EXISTS (SELECT 1 FROM settling s WHERE {same})",
        [ids],
    )
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM settling s"
        f" WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {same})"
    )
    if cursor.rowcount > MANY:
        cursor.execute(f"ANALYZE {table}")
    cursor.execute("DROP TABLE settling")
