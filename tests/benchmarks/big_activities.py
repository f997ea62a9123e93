"""The big world's activities and who took part in them."""

import numpy as np
import pyarrow as pa

from tests.benchmarks.loading import DAY_US, copy, record, stamps


def big_activities(cursor, rng, size, people: dict, of_account: np.ndarray, say) -> None:
    """Busy reps, favourite accounts and contacts; 9 % meetings, a fifth of the mails inbound."""
    total, at_once = size.activities, 1_000_000
    weight = rng.lognormal(0, 0.5, size.reps)
    rep = np.repeat(np.arange(size.reps), rng.multinomial(total, weight / weight.sum()))
    rep = rep[rng.permutation(total)]
    done = 0
    while done < total:
        count = min(at_once, total - done)
        _some_activities(cursor, rng, size, people, of_account, rep[done : done + count], done)
        done += count
        say(f"{done:,} activities")


def _some_activities(cursor, rng, size, people, of_account, rep, offset) -> None:
    count = len(rep)
    ids = np.arange(offset + 1, offset + count + 1)
    of_rep, of_contact = people["of_rep"], people["of_account"]
    pick = rng.random((4, count))
    account = (of_rep[rep] + (pick[0] ** 2 * (of_rep[rep + 1] - of_rep[rep])).astype(np.int64)).astype(
        np.int64
    )
    contact = of_contact[account] + (pick[1] ** 1.6 * (of_contact[account + 1] - of_contact[account])).astype(
        np.int64
    )
    deal = of_account[account] + (pick[2] * (of_account[account + 1] - of_account[account])).astype(np.int64)
    kind = rng.choice([1, 2, 3, 4], count, p=[0.46, 0.38, 0.07, 0.09])
    inbound = (kind == 2) & (pick[3] < 0.22) | (kind == 1) & (pick[3] < 0.08) | (kind == 3) & (pick[3] < 0.3)
    outcome = np.where((kind == 1) & (rng.random(count) < 0.35), 1, np.where(kind == 1, 2, 0))
    outcome = np.where((kind == 2) & ~inbound & (rng.random(count) < 0.02), 6, outcome)
    status = np.where(kind == 4, rng.choice([2, 3, 4], count, p=[0.8, 0.12, 0.08]), 0)
    start = np.datetime64(size.end, "us").astype(np.int64) - size.days * DAY_US
    day = rng.integers(0, size.days, count)
    at = start + day * DAY_US + ((7 + 10 * rng.beta(2.2, 2.2, count)) * 3_600_000_000).astype(np.int64)
    on = pa.array((at // DAY_US).astype(np.int32), pa.date32()).cast(pa.string())
    meeting = kind == 4
    booked = at - (rng.random(count) * 14 * DAY_US).astype(np.int64)
    booked_on = pa.array((booked // DAY_US).astype(np.int32), pa.date32(), mask=~meeting).cast(pa.string())
    blank, no = np.full(count, ""), np.zeros(count, bool)
    team = people["rep_team"][rep]
    copy(
        cursor,
        "pipeline_activity",
        record("x", ids)
        | {
            "rep_id": rep + 1,
            "kind": kind,
            "at": stamps(at),
            "direction": np.where(inbound, 2, 1),
            "account_id": account + 1,
            "deal_id": pa.array(deal + 1, mask=rng.random(count) > 0.6),
            "type": blank,
            "booked_at": stamps(booked, meeting),
            "duration_s": pa.array(rng.integers(5, 900, count), mask=kind != 1),
            "status": status,
            "outcome": outcome,
            "interest": np.zeros(count, np.int64),
            "provider_id": blank,
            "is_internal": no,
            "subject": rng.choice(
                ["Re: pricing", "Follow-up on the visit", "Offer for line 2", "Intro"], count
            ),
            "day": on,
            "booked_day": booked_on,
            "team_id": team,
            "booker_id": pa.array(rep + 1, mask=~meeting),
            "booked_team_id": pa.array(team, mask=~meeting),
            "company_id": account + 1,
            "top_seniority": people["seniority"][contact],
            "is_declined": no,
        },
    )
    mail = (kind == 2) & ~inbound
    answered = mail & (rng.random(count) < 0.12)
    copy(
        cursor,
        "pipeline_activitycontact",
        {
            "id": ids,
            "activity_id": ids,
            "contact_id": contact + 1,
            "part": np.where(meeting, 4, np.where(inbound, 1, 2)),
            "attended": np.where(meeting & (status == 2), 1, 0),
            "outcome": np.zeros(count, np.int64),
            "rep_id": rep + 1,
            "answered_at": stamps(at + (rng.random(count) * 20 * DAY_US).astype(np.int64), answered),
        },
    )
