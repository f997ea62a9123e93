"""Episodes: each life of a deal from start or reopening to its end, with what it was worth and who owned it then."""

from decimal import Decimal

import numpy as np
import pandas as pd

from pipeline.models.deals import Milestone
from pipeline.models.history import Episode

PASSED = {
    "qualified_day": Milestone.QUALIFIED,
    "prospect_day": Milestone.PROSPECT,
    "proposal_day": Milestone.PROPOSAL,
    "negotiation_day": Milestone.NEGOTIATION,
}
DAY_US = 86_400_000_000


def episodes_of(frames, spans, rates) -> pd.DataFrame:
    """Rows of Episode for these deals. A deal without any stage has one open episode."""
    timeline = spans.attrs["timeline"]
    changes = timeline[timeline["is_stage"]].copy()
    changes["day"] = frames.local_day(pd.to_datetime(changes["at"], utc=True))
    key = ["deal_id", "episode"]
    rows = changes.groupby(key).agg(reached=("reached", "max"), first_at=("at", "first")).reset_index()
    bare = frames.deals.index.difference(rows["deal_id"])
    rows = pd.concat([rows, pd.DataFrame({"deal_id": bare, "episode": 1})], ignore_index=True)
    rows = rows.merge(_closes(changes, key), how="left", on=key)
    for column, milestone in PASSED.items():
        passed = changes[changes["milestone"].between(milestone, Milestone.WON)]
        first = passed.drop_duplicates(key)[[*key, "day", "owner_id"]].rename(columns={"day": column})
        if milestone != Milestone.QUALIFIED:
            first = first.drop(columns="owner_id")
        rows = rows.merge(first.rename(columns={"owner_id": "qualifier_id"}), how="left", on=key)
    rows["qualifier_id"] = rows["qualifier_id"].astype("Int64")
    rows = rows.merge(_pricing(timeline, key), how="left", on=key)
    rows = rows.rename(columns={"episode": "number"}).sort_values(["deal_id", "number"], ignore_index=True)
    rows = _with_opening(rows, frames, timeline, rates)
    return _with_close(rows, frames, rates)


def _closes(changes: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """An episode closed when it first said what it last says: won, or lost."""
    closes = changes[changes["milestone"] >= Milestone.WON]
    turns = closes["milestone"] != closes.groupby(key)["milestone"].shift()
    turn = turns.groupby([closes[column] for column in key]).cumsum()
    closes = closes[
        turn == turn.groupby([closes[column] for column in key]).transform("max")
    ].drop_duplicates(key)
    closes = closes.assign(
        outcome=closes["milestone"] - Milestone.WON + Episode.Outcome.WON, closed_at=closes["at"]
    )
    return closes[[*key, "outcome", "closed_at", "day", "is_dated", "owner_id", "amount", "cost"]]


def _pricing(timeline: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The day pricing or procurement first came up, as each episode's end knew it."""
    known = timeline.dropna(subset=["episode", "pricing_on"]).drop_duplicates(key, keep="last")
    return known[[*key, "pricing_on"]].rename(columns={"pricing_on": "pricing_day"})


def _with_opening(rows, frames, timeline, rates) -> pd.DataFrame:
    """A first episode opens when the deal was created, credited to its creator; a later one when it reopened."""
    deals = frames.deals.loc[rows["deal_id"]].reset_index(drop=True)
    first = rows["number"] == 1
    at = deals["created_at"].where(first, pd.to_datetime(rows["first_at"], utc=True))
    before = timeline.drop_duplicates("deal_id").set_index("deal_id")
    known = rows["deal_id"].map(before["amount"]).astype(object)
    amount = known.where(known.notna(), deals["amount"].astype(object).where(deals["amount"].notna()))
    owner = rows["deal_id"].map(before["owner_id"]).fillna(deals["owner_id"])
    rows["opened_at"] = at
    rows["opened_day"] = frames.local_day(at)
    rows["opener_id"] = deals["created_by_id"].astype("Int64").fillna(owner.astype("Int64"))
    rows["opener_team_id"] = team_at(frames, rows["opener_id"], rows["opened_day"])
    rows["opened_cents"], rows["is_open_convertible"] = _cents(
        rates, amount, deals["currency"], rows["opened_day"]
    )
    rows["created_at"], rows["is_created_dated"] = deals["created_at"], deals["is_created_dated"]
    return rows.assign(currency=deals["currency"], deal_owner_id=deals["owner_id"])


def _with_close(rows, frames, rates) -> pd.DataFrame:
    closed = rows["closed_at"].notna()
    rows["outcome"] = rows["outcome"].fillna(Episode.Outcome.OPEN).astype(int)
    rows["number"], rows["reached"] = rows["number"].astype(int), rows["reached"].astype("Int64")
    rows["closed_day"] = rows["day"]
    rows["owner_id"] = rows["owner_id"].where(closed, rows["deal_owner_id"]).astype("Int64")
    rows["team_id"] = team_at(
        frames, rows["owner_id"], rows["closed_day"].fillna(pd.Timestamp.max.normalize())
    )
    rows["cycle_us"] = _cycle_us(rows, frames)
    rows["amount_cents"], rows["is_convertible"] = _cents(
        rates, rows["amount"], rows["currency"], rows["closed_day"]
    )
    rows["cost_cents"], _ = _cents(rates, rows["cost"], rows["currency"], rows["closed_day"])
    rows = _with_passage(rows, frames)
    for column in ("opened_day", "closed_day", "pricing_day", *PASSED):
        rows[column] = pd.to_datetime(rows[column]).dt.date
    rows["closed_at"] = pd.to_datetime(rows["closed_at"], utc=True)
    return rows


def _with_passage(rows, frames) -> pd.DataFrame:
    """Who owned the deal when it was qualified; days from there to a request, and from pricing to the close."""
    rows["qualifier_team_id"] = team_at(frames, rows["qualifier_id"], rows["qualified_day"])
    rows["prospect_days"] = _days_between(rows["qualified_day"], rows["prospect_day"])
    rows["priced_days"] = _days_between(rows["pricing_day"], rows["closed_day"])
    return rows


def _days_between(first: pd.Series, last: pd.Series) -> pd.Series:
    span = (pd.to_datetime(last) - pd.to_datetime(first)) // pd.Timedelta(days=1)
    return span.where(span >= 0).astype("Int64")


def _cycle_us(rows, frames) -> pd.Series:
    """Creation to close: days where either end is known to the day only, else exact; none if it runs backwards."""
    exact = (pd.to_datetime(rows["closed_at"], utc=True) - rows["created_at"]) // pd.Timedelta(microseconds=1)
    days = (rows["closed_day"] - frames.local_day(rows["created_at"])) // pd.Timedelta(days=1) * DAY_US
    dated = rows["is_created_dated"].astype(bool) | rows["is_dated"].eq(True)
    span = days.where(dated, exact)
    return span.where(span >= 0).astype("Int64")


def _cents(rates, amounts, currencies, days):
    numbers = [
        None if day is pd.NaT else day.to_datetime64().astype("datetime64[D]").astype(int) for day in days
    ]
    decimals = [Decimal(str(a)) if a not in ("", None) and a == a else None for a in amounts]
    pairs = [rates.cents(a, c, d) for a, c, d in zip(decimals, currencies, numbers, strict=True)]
    return pd.array([pair[0] for pair in pairs], dtype="Int64"), [pair[1] for pair in pairs]


def team_at(frames, reps: pd.Series, days: pd.Series) -> pd.Series:
    """The team each rep was in on each day; none for no rep, no day or no team."""
    asked = pd.DataFrame({"rep_id": reps.astype("Int64"), "day": pd.to_datetime(days)}).reset_index()
    asked = asked.dropna(subset=["rep_id", "day"]).astype({"rep_id": "int64"}).sort_values("day")
    spans = frames.team_spans.dropna(subset=["team_id"]).astype({"rep_id": "int64"})
    spans = spans.assign(day=pd.to_datetime(spans["from_on"]).astype("datetime64[us]")).sort_values("day")
    asked["day"] = asked["day"].astype("datetime64[us]")
    found = pd.merge_asof(asked, spans[["rep_id", "day", "team_id"]], on="day", by="rep_id")
    return (
        found.set_index("index")["team_id"].reindex(range(len(reps))).astype("Int64").replace({np.nan: pd.NA})
    )
