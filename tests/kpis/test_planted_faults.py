"""The comparison with the oracle can fail: each planted fault turns it red on one fixed world."""

from dataclasses import replace

import numpy as np
import pytest
from django.db.models import Q

from kpis import conditions as c
from kpis import departments, kernel, periods, recompute, rows, values
from kpis.catalogue import CATALOGUE
from kpis.catalogue.measures import Median, Share, Survival
from kpis.pieces import pack, unpack
from pipeline.models import Organisation
from pipeline.models.deals import Milestone
from pipeline.settle import activities, answers, timeline
from pipeline.settle.money import Rates
from tests.kpis.mean_world import MeanWorld
from tests.kpis.planted import told_of

pytestmark = pytest.mark.django_db


told = told_of(MeanWorld)


def altered(monkeypatch, key: str, **changes) -> None:
    """The KPI with another condition or source."""
    monkeypatch.setitem(
        CATALOGUE, key, replace(CATALOGUE[key], measure=replace(CATALOGUE[key].measure, **changes))
    )


def inclusive_end(monkeypatch):
    monkeypatch.setattr(
        periods.Grid, "hi", property(lambda grid: periods._days([p.end for p in grid.periods]) + 1)
    )


def state_as_of_today(monkeypatch):
    monkeypatch.setattr(periods.Period, "as_of", lambda period, today: today)


def days_in_utc(monkeypatch):
    monkeypatch.setattr(Organisation, "time_zone", "UTC")
    monkeypatch.setattr(activities, "SETTLED", activities.SETTLED.replace("%(zone)s", "'UTC'"))


def current_owner(monkeypatch):
    honest = timeline._owner_events
    monkeypatch.setattr(timeline, "_owner_events", lambda frames, stages: honest(frames, stages).iloc[:0])


def current_team(monkeypatch):
    today = "(SELECT id AS rep_id, team_id, date '1900-01-01' AS from_on, date '2200-01-01' AS to_on FROM pipeline_rep)"
    monkeypatch.setattr(activities, "SETTLED", activities.SETTLED.replace("pipeline_team_span", today))


def current_amount(monkeypatch):
    monkeypatch.setattr(
        timeline, "_value_events", lambda frames: frames.changes[["deal_id", "at"]].iloc[:0].copy()
    )


def own_follow_up_is_a_reply(monkeypatch):
    told = "a.direction = 2 AND p.part IN (0, 1)"
    assert told in answers.ANSWERS
    monkeypatch.setattr(answers, "ANSWERS", answers.ANSWERS.replace(told, "p.part IN (0, 1, 2)"))


def automatic_reply_is_an_answer(monkeypatch):
    monkeypatch.setattr(answers, "ANSWERS", answers.ANSWERS.replace("NOT IN (6, 7)", "NOT IN (6)"))


def each_copy_of_a_reply_is_an_answer(monkeypatch):
    told = "AND r.duplicate_of_id IS NULL AND NOT r.is_internal"
    assert told in answers.ANSWERS
    monkeypatch.setattr(answers, "ANSWERS", answers.ANSWERS.replace(told, ""))


def open_windows_count(monkeypatch):
    altered(monkeypatch, "reply_rate", within=_Days(0))


class _Days:
    """A window of its own, whatever the setting says."""

    def __init__(self, days: int):
        self.days = days

    def on_days(self, days):
        return np.full(len(days), self.days)


def currency_relabelled(monkeypatch):
    monkeypatch.setattr(Rates, "rate", lambda rates, currency, day: 1)


def currency_dropped(monkeypatch):
    honest = Rates.rate
    monkeypatch.setattr(
        Rates, "rate", lambda rates, currency, day: 0 if currency == "CHF" else honest(rates, currency, day)
    )


def rate_of_today(monkeypatch):
    honest = Rates.rate
    monkeypatch.setattr(Rates, "rate", lambda rates, currency, day: honest(rates, currency, 10**6))


def survivors_only(monkeypatch):
    honest = kernel.pieces_of.dispatch(Survival)

    def faulty(measure, kernel, name, frame, rows):
        honest(measure, kernel, name, frame, rows)
        for by_period in kernel.pieces.values():
            for pieces in by_period.values():
                for visits in pieces.get(name, {"g": {}})["g"].values():
                    visits[1] = ""

    monkeypatch.setattr(kernel, "pieces_of", _instead(kernel.pieces_of, Survival, faulty))


def _instead(dispatcher, kind, faulty):
    def chosen(measure, *args):
        return (faulty if type(measure) is kind else dispatcher)(measure, *args)

    return chosen


def latest_stage_instead_of_highest(monkeypatch):
    honest = timeline._stage_events

    def faulty(changes):
        events = honest(changes)
        return events.assign(reached=events["milestone"].where(events["milestone"] < 6, 5).astype(float))

    monkeypatch.setattr(timeline, "_stage_events", faulty)


def each_change_into_won_is_a_contract(monkeypatch):
    _reopens(monkeypatch, lambda before, now: (before == Milestone.WON) & (now == Milestone.WON))


def going_back_a_stage_starts_the_deal_anew(monkeypatch):
    _reopens(monkeypatch, lambda before, now: now < before)


def _reopens(monkeypatch, is_new):
    """A change that meets `is_new` opens another episode, which knows nothing of those before."""
    honest = timeline._stage_events

    def faulty(changes):
        events = honest(changes)
        by_deal = events.groupby("deal_id")
        more = is_new(by_deal["milestone"].shift(), events["milestone"]).groupby(events["deal_id"]).cumsum()
        return events.assign(episode=events["episode"] + more, visit=events["visit"] + more)

    monkeypatch.setattr(timeline, "_stage_events", faulty)


def reopening_erases_the_win(monkeypatch):
    monkeypatch.setattr(
        rows.CLOSED_DEALS.__class__,
        "countable",
        lambda source: (
            source.table().filter(number=1).exclude(deal__episodes__number=2)
            if source is rows.CLOSED_DEALS
            else _countable(source)
        ),
    )


_countable = rows.Rows.countable


def repeats_count(monkeypatch):
    none = "UPDATE pipeline_activity SET duplicate_of_id = NULL WHERE duplicate_of_id > 0 RETURNING id"
    monkeypatch.setattr(activities, "REPEATED_BY_ID", none)
    monkeypatch.setattr(activities, "REPEATED_CALLS", none)


def internal_counts(monkeypatch):
    monkeypatch.setattr(
        rows.Rows,
        "countable",
        lambda source: source.table() if source is rows.ACTIVITIES else _countable(source),
    )


def bounced_mails_are_sent(monkeypatch):
    altered(monkeypatch, "emails_sent", where=c.MAILS)


def inferred_reach_needs_more_than_the_limit(monkeypatch):
    altered(
        monkeypatch,
        "reach_rate",
        counted=Q(outcome=c.Outcome.REACHED) | Q(outcome=c.Outcome.UNKNOWN, duration_s__gt=120),
    )


def todays_setting_for_old_periods(monkeypatch):
    altered(monkeypatch, "executive_meetings", counted=Q(top_seniority__gte=2))


def open_deals_dilute_the_win_rate(monkeypatch):
    altered(monkeypatch, "win_rate", where=Q())


def declined_meetings_are_held(monkeypatch):
    altered(monkeypatch, "meetings_held", where=c.MEETINGS & Q(status=c.Status.HELD))


def bookings_credited_to_the_host(monkeypatch):
    told = "coalesce(a.booked_by_id, a.rep_id)"
    assert told in activities.SETTLED
    monkeypatch.setattr(activities, "SETTLED", activities.SETTLED.replace(told, "a.rep_id"))


def window_a_day_too_long(monkeypatch):
    honest = departments.Departments._counted
    monkeypatch.setattr(
        departments.Departments,
        "_counted",
        lambda touches, row, deals, as_of, window: honest(touches, row, deals, as_of, window + 1),
    )


def days_in_stage_from_the_creation(monkeypatch):
    altered(monkeypatch, "stage_days", value=values.TimeSince("from_at", "from_day"))


def means_of_medians(monkeypatch):
    """Only the middle of each rep's sample is handed up."""
    honest = kernel.pieces_of.dispatch(Median)

    def faulty(measure, kernel, name, frame, rows):
        honest(measure, kernel, name, frame, rows)
        for by_period in kernel.pieces.values():
            for pieces in by_period.values():
                if name in pieces:
                    pieces[name] = {"v": pack(unpack(pieces[name]["v"])[:1])}

    monkeypatch.setattr(kernel, "pieces_of", _instead(kernel.pieces_of, Median, faulty))


def mean_of_ratios(monkeypatch):
    """A team's share is the mean of the shares below it."""
    honest = recompute.merged
    shares = [name for kpi in CATALOGUE.values() for name, m in kpi.measures.items() if type(m) is Share]

    def faulty(many):
        many = list(many)
        found = honest(many)
        for name in shares:
            parts = [hits / of for hits, of in (pieces[name] for pieces in many if name in pieces)]
            if len(parts) > 1:
                found[name] = [round(found[name][1] * sum(parts) / len(parts)), found[name][1]]
        return found

    monkeypatch.setattr(recompute, "merged", faulty)


FAULTS = [
    inclusive_end, state_as_of_today, days_in_utc, current_owner, current_team, current_amount, own_follow_up_is_a_reply,
    automatic_reply_is_an_answer, open_windows_count, currency_relabelled, currency_dropped, rate_of_today, survivors_only,
    latest_stage_instead_of_highest, reopening_erases_the_win, repeats_count, internal_counts, bounced_mails_are_sent,
    inferred_reach_needs_more_than_the_limit, todays_setting_for_old_periods, open_deals_dilute_the_win_rate,
    declined_meetings_are_held, bookings_credited_to_the_host, window_a_day_too_long, days_in_stage_from_the_creation,
    means_of_medians, mean_of_ratios, each_copy_of_a_reply_is_an_answer, each_change_into_won_is_a_contract,
    going_back_a_stage_starts_the_deal_anew,
]  # fmt: skip


def test_without_a_fault_the_oracle_agrees(quarrels):
    assert quarrels() == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(quarrels, monkeypatch, fault):
    fault(monkeypatch)
    assert quarrels() != []
