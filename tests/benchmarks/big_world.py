"""A big, skewed, deterministic world by COPY: 1,000 reps in 100 teams, 40,000 accounts, 200,000 contacts, 100,000 deals.

Activities arrive settled (day, team, company, answers), as an import leaves them; deals are settled by the product.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.csv
from django.db import connection

DAY_US = 86_400_000_000
STAGES = [
    ("Lead", 1),
    ("Qualified", 2),
    ("Request", 3),
    ("Proposal", 4),
    ("Negotiation", 5),
    ("Won", 6),
    ("Lost", 7),
]
BIG = ("pipeline_activity", "pipeline_activitycontact")
TABLES = (
    *(
        "pipeline_team",
        "pipeline_rep",
        "pipeline_account",
        "pipeline_contact",
        "pipeline_stage",
        "pipeline_deal",
    ),
    *("pipeline_stagechange", "pipeline_organisation", *BIG),
)
DEPARTMENTS = ["Purchasing", "Plant", "Finance", "IT", "Quality", "Legal", "Logistics", "Board"]


@dataclass(frozen=True)
class Size:
    """How much of everything; rows are spread over `days` up to the day before `end`."""

    reps: int = 1_000
    teams: int = 100
    accounts: int = 40_000
    contacts: int = 200_000
    deals: int = 100_000
    activities: int = 10_000_000
    days: int = 1_096
    end: date = date(2026, 7, 1)


def build(size: Size, say=print) -> None:
    """Fill an empty, migrated database; takes minutes at the full size."""
    rng = np.random.default_rng(7)
    with connection.cursor() as cursor:
        indexes = _bare(cursor)
        people = _people(cursor, rng, size)
        say("people, accounts and contacts")
        deal_account = _deals(cursor, rng, size, people)
        say("deals")
        _activities(cursor, rng, size, people, deal_account, say)
        for number, index in enumerate(indexes, start=1):
            cursor.execute(index)
            say(f"index {number} of {len(indexes)}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table in (
            "team",
            "rep",
            "account",
            "contact",
            "stage",
            "deal",
            "stagechange",
            "activity",
            "activitycontact",
        ):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('pipeline_{table}', 'id'), (SELECT max(id) FROM pipeline_{table}))"
            )


def _bare(cursor) -> list[str]:
    """Silence the triggers, drop the big tables' keys and second indexes; returns how to make the indexes again."""
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
        [list(BIG)],
    )
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique",
        [list(BIG)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in indexes]


def settle_and_tidy(say=print) -> None:
    """Settle the deals through the product, clear the marks of the load, and leave tables vacuumed."""
    from kpis.models import Stale
    from pipeline.models import Unsettled
    from pipeline.settle import settle_all

    settle_all(deals=True, activities=False)
    Unsettled.objects.all().delete()
    Stale.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say("settled")


def copy(cursor, table: str, columns: dict) -> None:
    """COPY arrays into a table; masked or None entries become NULL."""
    arrow = pa.table(
        {
            name: values if isinstance(values, pa.Array) else pa.array(values)
            for name, values in columns.items()
        }
    )
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(arrow, sink, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed"))
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)", pa.BufferReader(sink.getvalue()))


def _record(prefix: str, ids: np.ndarray) -> dict:
    return {
        "id": ids,
        "source": np.full(len(ids), "bench"),
        "external_id": np.char.add(prefix, ids.astype(str)),
    }


def _spread(rng, parents: int, children: int, sigma: float) -> np.ndarray:
    """Skewed first child of each parent, every parent having at least one."""
    weight = rng.lognormal(0, sigma, parents)
    counts = np.floor(weight / weight.sum() * (children - parents)).astype(np.int64) + 1
    counts[: children - counts.sum()] += 1
    return np.concatenate([[0], np.cumsum(counts)])


def _people(cursor, rng, size: Size) -> dict:
    teams, reps = np.arange(1, size.teams + 1), np.arange(1, size.reps + 1)
    cursor.execute(
        "INSERT INTO pipeline_organisation VALUES (1, 'Bench', 'Europe/Rome', 'EUR', '', 1, 1) ON CONFLICT DO NOTHING"
    )
    blank = np.full(size.teams, "")
    copy(
        cursor,
        "pipeline_team",
        _record("t", teams)
        | {
            "name": np.char.add("Team ", teams.astype(str)),
            "playbook": np.full(size.teams, "process"),
            "focus_kpis": blank,
        },
    )
    rep_team = (reps - 1) * size.teams // size.reps + 1
    empty = np.full(size.reps, "")
    copy(
        cursor,
        "pipeline_rep",
        _record("r", reps)
        | {
            "name": np.char.add("Rep ", reps.astype(str)),
            "email": empty,
            "role": np.full(size.reps, "rep"),
            "job": empty,
            "is_machine": np.zeros(size.reps, bool),
            "team_id": rep_team,
        },
    )
    of_rep, of_account = (
        _spread(rng, size.reps, size.accounts, 0.4),
        _spread(rng, size.accounts, size.contacts, 0.7),
    )
    owner = np.repeat(reps, np.diff(of_rep))
    accounts = np.arange(1, size.accounts + 1)
    none = np.full(size.accounts, "")
    copy(
        cursor,
        "pipeline_account",
        _record("a", accounts)
        | {
            "name": np.char.add("Account ", accounts.astype(str)),
            "owner_id": owner,
            "domain": none,
            "industry": none,
            "country": none,
        },
    )
    contacts = np.arange(1, size.contacts + 1)
    of = np.repeat(accounts, np.diff(of_account))
    department = rng.choice(8, size.contacts, p=[0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.04])
    seniority = rng.choice(7, size.contacts, p=[0.1, 0.25, 0.3, 0.15, 0.1, 0.06, 0.04])
    nothing = np.full(size.contacts, "")
    copy(
        cursor,
        "pipeline_contact",
        _record("c", contacts)
        | {
            "account_id": of,
            "name": np.char.add("Contact ", contacts.astype(str)),
            "email": nothing,
            "phone": nothing,
            "title": nothing,
            "department": np.array(DEPARTMENTS)[department],
            "seniority": seniority,
            "is_seniority_read": np.zeros(size.contacts, bool),
            "buying_role": nothing,
        },
    )
    return {
        "of_rep": of_rep,
        "of_account": of_account,
        "owner": owner,
        "rep_team": rep_team,
        "seniority": seniority,
    }


def _stamps(us: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    return pa.array(us, pa.timestamp("us", tz="UTC"), mask=None if known is None else ~known).cast(
        pa.string()
    )


def _deals(cursor, rng, size: Size, people: dict) -> np.ndarray:
    """Deals go through the stages with a median cycle near 50 days; a fifth stays open at each stage."""
    stage_ids = np.arange(1, len(STAGES) + 1)
    copy(
        cursor,
        "pipeline_stage",
        _record("s", stage_ids)
        | {
            "name": [name for name, _ in STAGES],
            "position": stage_ids,
            "milestone": [milestone for _, milestone in STAGES],
            "pipeline": ["default"] * len(STAGES),
        },
    )
    of_account = _spread(rng, size.accounts, size.deals, 0.6)
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
        _record("d", ids)
        | {
            "name": np.char.add("Deal ", ids.astype(str)),
            "account_id": account,
            "owner_id": rep,
            "amount": np.round(rng.lognormal(9.2, 1, size.deals), 2),
            "currency": blank,
            "stage_id": current,
            "created_at": _stamps(created),
            "is_created_dated": np.zeros(size.deals, bool),
            "forecast": blank,
            "closed_at": _stamps(closes, closed),
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
            "at": _stamps(at),
            "seq": np.zeros(len(deal), np.int64),
            "is_dated": np.zeros(len(deal), bool),
        },
    )
    return of_account


def _activities(cursor, rng, size: Size, people: dict, of_account: np.ndarray, say) -> None:
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
        _record("x", ids)
        | {
            "rep_id": rep + 1,
            "kind": kind,
            "at": _stamps(at),
            "direction": np.where(inbound, 2, 1),
            "account_id": account + 1,
            "deal_id": pa.array(deal + 1, mask=rng.random(count) > 0.6),
            "type": blank,
            "booked_at": _stamps(booked, meeting),
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
            "answered_at": _stamps(at + (rng.random(count) * 20 * DAY_US).astype(np.int64), answered),
        },
    )
