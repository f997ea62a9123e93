"""The big world's deals and the stages they went through."""

import numpy as np

from tests.benchmarks.loading import DAY_US, copy, record, spread, stamps

STAGES = [
    ("Lead", 1),
    ("Qualified", 2),
    ("Request", 3),
    ("Proposal", 4),
    ("Negotiation", 5),
    ("Won", 6),
    ("Lost", 7),
]


def big_deals(cursor, rng, size, people: dict) -> np.ndarray:
    """Deals go through the stages with a median cycle near 50 days; a fifth stays open at each stage."""
    stage_ids = np.arange(1, len(STAGES) + 1)
    copy(
        cursor,
        "pipeline_stage",
        record("s", stage_ids)
        | {
            "name": [name for name, _ in STAGES],
            "position": stage_ids,
            "milestone": [milestone for _, milestone in STAGES],
            "pipeline": ["default"] * len(STAGES),
        },
    )
    of_account = spread(rng, size.accounts, size.deals, 0.6)
    account = np.repeat(np.arange(1, size.accounts + 1), np.diff(of_account))
    rep = people["owner"][account - 1]
    start = np.datetime64(size.end, "us").astype(np.int64) - size.days * DAY_US
    end = np.datetime64(size.end, "us").astype(np.int64)
    created = start + (rng.random(size.deals) * size.days * DAY_US).astype(np.int64)
    cycle = (rng.lognormal(3.9, 0.6, size.deals) * DAY_US).astype(np.int64)
    reach = rng.choice([1, 2, 3, 4, 5], size.deals, p=[0.2, 0.2, 0.15, 0.15, 0.3])
    steps = np.sort(rng.random((size.deals, 4)), axis=1)
    entered = np.concatenate(
        [created[:, None], created[:, None] + (steps * cycle[:, None]).astype(np.int64)], axis=1
    )
    closes = created + cycle
    won = (reach == 5) & (rng.random(size.deals) < 0.55)
    closed = closes < end
    ids = np.arange(1, size.deals + 1)
    parts = []
    for stage in range(1, 6):
        there = np.nonzero((reach >= stage) & (entered[:, stage - 1] < end))[0]
        parts.append((ids[there], np.full(len(there), stage), entered[there, stage - 1]))
    there = np.nonzero(closed)[0]
    parts.append((ids[there], np.where(won[there], 6, 7), closes[there]))
    deal, stage, at = (np.concatenate(column) for column in zip(*parts, strict=True))
    current = np.where(closed, np.where(won, 6, 7), np.minimum(reach, (entered < end).sum(axis=1)))
    blank = np.full(size.deals, "")
    copy(
        cursor,
        "pipeline_deal",
        record("d", ids)
        | {
            "name": np.char.add("Deal ", ids.astype(str)),
            "account_id": account,
            "owner_id": rep,
            "amount": np.round(rng.lognormal(9.2, 1, size.deals), 2),
            "currency": blank,
            "stage_id": current,
            "created_at": stamps(created),
            "is_created_dated": np.zeros(size.deals, bool),
            "forecast": blank,
            "closed_at": stamps(closes, closed),
            "is_closed_dated": np.zeros(size.deals, bool),
            "lost_reason": blank,
            "nda": rng.choice(["needed", "not_needed", ""], size.deals),
            "next_step": blank,
            "version": np.ones(size.deals, np.int64),
        },
    )
    copy(
        cursor,
        "pipeline_stagechange",
        {
            "id": np.arange(1, len(deal) + 1),
            "deal_id": deal,
            "stage_id": stage,
            "at": stamps(at),
            "seq": np.zeros(len(deal), np.int64),
            "is_dated": np.zeros(len(deal), bool),
        },
    )
    return of_account
