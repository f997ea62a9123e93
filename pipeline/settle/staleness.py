"""When scope, discount range and timing cease to be known: the amount moved, or the expected close slipped, too far.

What was agreed about one deal says little of another: a fact goes stale with the change and stays so until noted again.
"""

import numpy as np
import pandas as pd

from pipeline.models import Setting
from pipeline.models.organisation import DEFAULTS

DISCUSSED = {"scope": "scope_on", "discount_range": "discount_range_on", "timing": "timing_on"}
# A change of these settles every deal again.
SETTINGS = ("manoeuvre_amount_change", "manoeuvre_slip_days")


def still_known(events: pd.DataFrame, frames) -> pd.DataFrame:
    """The dates of the facts that still hold after each event; `events` are a timeline, values filled in."""
    day = frames.local_day(pd.to_datetime(events["at"], utc=True)).astype("datetime64[us]")
    amount = pd.to_numeric(events["amount"], errors="coerce").mul(100).round()
    close = as_days(events["expected_close_on"].where(events["expected_close_on"] != ""))
    deal = events["deal_id"]
    # Only a change is judged, by the settings of its day; a setting lowered later judges no old change.
    amount_moved = amount.notna() & (amount != amount.groupby(deal).shift())
    close_moved = close.notna() & (close != close.groupby(deal).shift())
    allowed, slack = (_on_days(key, day) for key in SETTINGS)
    held = {}
    for column in DISCUSSED.values():
        on = events[column].astype(object)
        noted = _as_noted(deal, on, day, amount, close)
        after = day > as_days(on)
        swing = (amount - noted["amount"]).abs() * 100 > noted["amount"].abs() * allowed
        slip = (close - noted["close"]).dt.days > slack
        broken = after & (amount_moved & swing | close_moved & slip)
        held[column] = on.mask(broken.groupby([deal, on.fillna("")]).cummax())
    return pd.DataFrame(held)


def _as_noted(deal, on, day, amount, close) -> pd.DataFrame:
    """What the deal was worth and expected when the fact was noted: at the end of that day, it being known to the day."""
    that_day = day == as_days(on)
    rows = pd.DataFrame({"deal": deal, "on": on, "amount": amount, "close": close})
    last = rows[that_day].drop_duplicates(["deal", "on"], keep="last")
    return rows[["deal", "on"]].merge(last, how="left", on=["deal", "on"]).set_axis(rows.index)


def as_days(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts.astype(object)).astype("datetime64[us]")


def _on_days(key: str, days: pd.Series) -> np.ndarray:
    """The setting's value in force on each day."""
    known = Setting.objects.filter(key=key, from_on__isnull=True).values_list("value", flat=True).first()
    dated = Setting.objects.filter(key=key, from_on__isnull=False).order_by("from_on")
    starts, values = [], [float(known or DEFAULTS[key])]
    for start, value in dated.values_list("from_on", "value"):
        starts.append(start)
        values.append(float(value))
    place = np.searchsorted(np.array(starts, "datetime64[us]"), days.to_numpy("datetime64[us]"), side="right")
    return np.array(values)[place]
