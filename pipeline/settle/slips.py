"""Slips: where a deal's expected close was put off, and how long it stayed put off."""

import pandas as pd

from pipeline.models.deals import Milestone
from pipeline.settle.staleness import as_days

SLIP = ["slipped_from", "slipped_to"]


def with_slips(rows: pd.DataFrame, frames) -> pd.DataFrame:
    """The columns SLIP for a deal's stretches in order, those in which it was closed among them.

    A deal slips out of a period if, at its end, it is open and expected no sooner than that. For every end up to
    `slipped_to` that holds: no later stretch both begins and is expected before it, and a closed one is expected never.
    """
    is_open = rows["milestone"] < Milestone.WON
    day = frames.local_day(pd.to_datetime(rows["from_at"], utc=True)).astype("datetime64[us]")
    close = as_days(rows["expected_close_on"].where(is_open & (rows["expected_close_on"] != "")))
    deal = rows["deal_id"]
    before = close.groupby(deal).shift()
    is_later = before.notna() & (close > before)
    stays = close.where(close > day, day)[::-1].groupby(deal[::-1]).cummin()[::-1]
    return rows.assign(slipped_from=before.where(is_later).dt.date, slipped_to=stays.where(is_later).dt.date)
