"""The dated records of a set of deals, read as frames for spans and episodes."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

STAGE_CHANGES = """
SELECT c.id, c.deal_id, c.at, c.seq, c.is_dated, c.stage_id, s.milestone, c.owner_id
FROM pipeline_stagechange c JOIN pipeline_stage s ON s.id = c.stage_id WHERE c.deal_id = ANY(%(ids)s)
UNION ALL
-- a deal without a history stands where its record says: since it closed, was created, or was learnt of
SELECT 0, d.id, CASE WHEN s.milestone >= 6 THEN coalesce(d.closed_at, d.created_at, d.recorded_at)
    ELSE coalesce(d.created_at, d.recorded_at) END, 0,
    CASE WHEN s.milestone >= 6 AND d.closed_at IS NOT NULL THEN d.is_closed_dated ELSE d.is_created_dated END,
    s.id, s.milestone, NULL
FROM pipeline_deal d JOIN pipeline_stage s ON s.id = d.stage_id
WHERE d.id = ANY(%(ids)s) AND NOT EXISTS (SELECT 1 FROM pipeline_stagechange c WHERE c.deal_id = d.id)
"""
MOVES = "SELECT deal_id, from_at AS at, owner_id FROM pipeline_dealmove WHERE deal_id = ANY(%(ids)s)"
CHANGES = "SELECT deal_id, field, value, at FROM pipeline_dealchange WHERE deal_id = ANY(%(ids)s) ORDER BY deal_id, at"
FACTS = """
SELECT DISTINCT deal_id, kind, "on", false AS is_inherited FROM pipeline_dealfact WHERE deal_id = ANY(%(ids)s)
UNION ALL SELECT d.id, f.kind, f."on", true FROM pipeline_accountfact f JOIN pipeline_deal d ON d.account_id = f.account_id
WHERE d.id = ANY(%(ids)s)
"""
DEALS = """
SELECT id AS deal_id, owner_id, created_by_id, amount, cost, currency, created_at, is_created_dated,
    expected_close_on, forecast FROM pipeline_deal WHERE id = ANY(%(ids)s)
"""
TEAM_SPANS = "SELECT rep_id, team_id, from_on, to_on FROM pipeline_team_span"


@dataclass
class DealFrames:
    """Frames keyed by deal_id; moments are UTC timestamps, `day`s local to `zone`."""

    zone: ZoneInfo
    deals: pd.DataFrame
    stage_changes: pd.DataFrame
    moves: pd.DataFrame
    changes: pd.DataFrame
    facts: pd.DataFrame
    team_spans: pd.DataFrame

    def local_day(self, moments: pd.Series) -> pd.Series:
        return moments.dt.tz_convert(self.zone).dt.tz_localize(None).dt.normalize()

    def midnight(self, days: pd.Series) -> pd.Series:
        """The moment a local day begins; a midnight the clock skips moves on to the first moment that exists."""
        days = pd.to_datetime(days)
        return days.dt.tz_localize(self.zone, nonexistent="shift_forward", ambiguous=True).dt.tz_convert(
            "UTC"
        )


def deal_frames(cursor, ids: list[int], organisation) -> DealFrames:
    def read(sql, moments=()):
        cursor.execute(sql, {"ids": ids})
        frame = pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description])
        for name in moments:
            frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
        return frame

    return DealFrames(
        zone=organisation.zone,
        deals=read(DEALS, ["created_at"]).set_index("deal_id", drop=False),
        stage_changes=read(STAGE_CHANGES, ["at"])
        .astype({"stage_id": "int64", "milestone": "int64"})  # also where there is no row to tell
        .sort_values(["deal_id", "at", "seq", "id"], ignore_index=True),
        moves=read(MOVES, ["at"]),
        changes=read(CHANGES, ["at"]),
        facts=read(FACTS),
        team_spans=read(TEAM_SPANS),
    )
