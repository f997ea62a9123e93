"""Spans: the line of time of each deal cut wherever anything changed, kept where the deal was open."""

import numpy as np
import pandas as pd

from pipeline.models.deals import Milestone
from pipeline.settle.slips import SLIP, with_slips
from pipeline.settle.timeline import timeline_of


def spans_of(frames) -> pd.DataFrame:
    """Rows of DealSpan for these deals; the uncut line of time rides along in `attrs["timeline"]`."""
    events = timeline_of(frames)
    known = events[events["stage_id"].notna()]
    rows = known.drop_duplicates(["deal_id", "at"], keep="last").rename(columns={"at": "from_at"})
    following = rows.groupby("deal_id", sort=False)
    rows = rows.assign(
        to_at=following["from_at"].shift(-1),
        ends_visit=following["visit"].shift(-1).notna() & (following["visit"].shift(-1) != rows["visit"]),
    )
    rows = with_slips(rows, frames)
    spans = rows[rows["milestone"] < Milestone.WON]
    spans = _cut_by_team(spans, frames)
    spans = _present(spans, frames)
    spans.attrs["timeline"] = events
    return spans


def _cut_by_team(spans: pd.DataFrame, frames) -> pd.DataFrame:
    """A span in which the owner changed team becomes one span per team."""
    teams = frames.team_spans.assign(
        team_from=frames.midnight(frames.team_spans["from_on"]),
        team_to=frames.midnight(frames.team_spans["to_on"]),
    )
    cut = spans.astype({"owner_id": "Int64"}).merge(
        teams[["rep_id", "team_id", "team_from", "team_to"]].astype({"rep_id": "Int64"}),
        how="left",
        left_on="owner_id",
        right_on="rep_id",
    )
    starts = cut[["from_at", "team_from"]].max(axis=1)
    ends = cut[["to_at", "team_to"]].min(axis=1).where(cut["to_at"].notna() | (cut["team_to"].dt.year < 2199))
    cut["ends_visit"] &= ends.eq(cut["to_at"])
    # A deal slipped on the day of the move, not when its owner changed team.
    cut[SLIP] = cut[SLIP].where(starts.eq(cut["from_at"]))
    keeps = cut["team_from"].isna() | ends.isna() | (starts < ends)
    keeps &= cut["team_from"].isna() | cut["to_at"].isna() | (cut["team_from"] < cut["to_at"])
    return cut.assign(from_at=starts, to_at=ends)[keeps]


def _present(spans: pd.DataFrame, frames) -> pd.DataFrame:
    """The columns as the table holds them: whole ids, local days, empty text for unknown."""
    spans = spans.assign(
        from_day=frames.local_day(spans["from_at"]).dt.date,
        to_day=frames.local_day(spans["to_at"]).dt.date,
        entered_day=frames.local_day(pd.to_datetime(spans["entered_at"], utc=True)).dt.date,
        is_entered_dated=spans["is_entered_dated"] == 1,
        currency=spans["deal_id"].map(frames.deals["currency"]),
        amount=spans["amount"].replace("", np.nan),
        expected_close_on=spans["expected_close_on"].replace("", np.nan),
        nda=spans["nda"].fillna(""),
    )
    for column in ("stage_id", "milestone", "reached", "episode", "owner_id", "team_id"):
        spans[column] = spans[column].astype("Int64")
    return spans
