"""One line of time per deal: stage changes, owners, values and facts in order, each row knowing all that held then."""

import numpy as np
import pandas as pd

from pipeline.models.deals import Milestone
from pipeline.settle.staleness import DISCUSSED, still_known

NDA_STATES = {"nda_requested": "requested", "nda_expired": "expired", "nda_signed": "signed"}
NOTED = {**DISCUSSED, "infosec_review": "infosec_on"}
PRICED = ("pricing", "procurement")
FIELDS = ("amount", "cost", "expected_close_on", "forecast")
CARRIED = [
    "visit", "stage_id", "milestone", "reached", "episode", "entered_at", "is_entered_dated", "owner_id",
    "amount", "cost", "expected_close_on", "forecast", "own_nda", "inherited_nda",
    *NOTED.values(), "pricing_on", "last_pricing_on",
]  # fmt: skip


def timeline_of(frames) -> pd.DataFrame:
    """Events sorted by deal and moment; every CARRIED column holds its value after the event.

    Within a moment facts come first, then values, owners and stage changes. Stage changes are marked `is_stage`.
    """
    stages = _stage_events(frames.stage_changes)
    owners = _owner_events(frames, stages)
    parts = [_fact_events(frames), _value_events(frames), owners, stages.drop(columns="owner_id")]
    events = pd.concat([part.assign(order=order) for order, part in enumerate(parts)], ignore_index=True)
    events["seq"] = events["seq"].fillna(0)
    events = events.sort_values(["deal_id", "at", "order", "seq"], kind="stable", ignore_index=True)
    for column in CARRIED:
        if column not in events:
            events[column] = np.nan
    by_deal = events.groupby("deal_id", sort=False)
    events[CARRIED] = by_deal[CARRIED].ffill()
    # The first value known is taken to have held from the beginning.
    backwards = ["owner_id", *FIELDS]
    events[backwards] = events.groupby("deal_id", sort=False)[backwards].bfill()
    events["is_stage"] = events["is_stage"].eq(True)
    events["nda"] = _nda_in_force(events["own_nda"], events["inherited_nda"])
    events = _with_present_values(events, frames.deals)
    events[list(DISCUSSED.values())] = still_known(events, frames)
    return events


def _stage_events(changes: pd.DataFrame) -> pd.DataFrame:
    """Number visits and episodes: a change from a closed stage to an open one opens an episode.

    From won straight to lost, or back, nothing reopened: it corrects how the episode ended.
    """
    events = changes.copy()
    deal = events["deal_id"]
    before = events.groupby("deal_id")["milestone"].shift()
    reopened = (before >= Milestone.WON) & (events["milestone"] < Milestone.WON)
    events["episode"] = reopened.groupby(deal).cumsum() + 1
    moved = events["stage_id"] != events.groupby("deal_id")["stage_id"].shift()
    events["visit"] = (moved | reopened).groupby(deal).cumsum()
    is_open = events["milestone"] < Milestone.WON
    implied = (
        events["milestone"]
        .where(is_open, 0)
        .where(events["milestone"] != Milestone.WON, Milestone.NEGOTIATION)
    )
    events["reached"] = implied.groupby(deal).cummax().replace(0, np.nan)
    first = events.groupby(["deal_id", "visit"])
    events["entered_at"] = first["at"].transform("first")
    events["is_entered_dated"] = first["is_dated"].transform("first").astype(float)
    events["is_stage"] = True
    return events


def _owner_events(frames, stages) -> pd.DataFrame:
    """The owner's own history; without one the owners named by the stage changes; else the deal's owner."""
    moves = frames.moves
    told = stages.loc[stages["owner_id"].notna() & ~stages["deal_id"].isin(moves["deal_id"])]
    return pd.concat([moves, told[["deal_id", "at", "owner_id"]]], ignore_index=True)


def _value_events(frames) -> pd.DataFrame:
    """A row per dated value; the last one of a field yields to the deal's own column, which is the latest known."""
    changes = frames.changes
    events = changes[["deal_id", "at"]].copy()
    last = ~changes.duplicated(["deal_id", "field"], keep="last")
    for field in FIELDS:
        mine = changes["field"] == field
        events[field] = changes["value"].where(mine)
        now = changes["deal_id"].map(_as_text(frames.deals[field]))
        events[field] = events[field].mask(mine & last, now)
    return events


def _fact_events(frames) -> pd.DataFrame:
    facts = frames.facts.copy()
    facts["at"] = frames.midnight(facts["on"])
    on = facts["on"].map(str)
    rank = {kind: number for number, kind in enumerate(NDA_STATES)}
    facts["seq"] = facts["kind"].map(rank).fillna(-1)
    facts = facts.sort_values(["deal_id", "at", "seq"], kind="stable")
    on = on.loc[facts.index]
    nda = _nda_states(facts)
    facts["own_nda"], facts["inherited_nda"] = (
        nda.where(facts["is_inherited"] == side) for side in (False, True)
    )
    for kind, column in NOTED.items():
        facts[column] = on.where(facts["kind"] == kind)
    priced = on.where(facts["kind"].isin(PRICED))
    facts["last_pricing_on"] = priced
    facts["pricing_on"] = priced.where(priced.notna() & ~facts["deal_id"].where(priced.notna()).duplicated())
    return facts.drop(columns=["kind", "on", "is_inherited"])


def _nda_states(facts: pd.DataFrame) -> pd.Series:
    """What each fact says of the NDA; asking for another does not undo one that is signed."""
    state = facts["kind"].map(NDA_STATES)
    is_request = state == "requested"
    lasting = state.mask(is_request).groupby([facts["deal_id"], facts["is_inherited"]]).ffill()
    return state.mask(is_request & (lasting == "signed"))


def _nda_in_force(own: pd.Series, inherited: pd.Series) -> pd.Series:
    """Signed while the deal's own NDA or its account's is; else what is known of the deal's own, else the account's."""
    return own.where((own == "signed") | (inherited != "signed"), "signed").fillna(inherited)


def _with_present_values(events: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Where a field has no history the deal's own column has held all along."""
    owner = events["deal_id"].map(deals["owner_id"])
    events["owner_id"] = events["owner_id"].fillna(owner)
    for field in FIELDS:
        known, now = (
            events[field].astype(object),
            events["deal_id"].map(_as_text(deals[field])).astype(object),
        )
        events[field] = known.where(known.notna(), now.where(now.notna(), ""))
    return events


def _as_text(values: pd.Series) -> pd.Series:
    return values.map(lambda value: "" if value is None or value != value else str(value))
