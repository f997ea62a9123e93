"""The big world's teams, reps, accounts and contacts."""

import numpy as np

from tests.benchmarks.loading import copy, record, spread

DEPARTMENTS = ["Purchasing", "Plant", "Finance", "IT", "Quality", "Legal", "Logistics", "Board"]


def big_people(cursor, rng, size) -> dict:
    teams, reps = np.arange(1, size.teams + 1), np.arange(1, size.reps + 1)
    cursor.execute(
        "INSERT INTO pipeline_organisation VALUES (1, 'Bench', 'Europe/Rome', 'EUR', '', 1, 1) ON CONFLICT DO NOTHING"
    )
    blank = np.full(size.teams, "")
    copy(
        cursor,
        "pipeline_team",
        record("t", teams)
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
        record("r", reps)
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
        spread(rng, size.reps, size.accounts, 0.4),
        spread(rng, size.accounts, size.contacts, 0.7),
    )
    owner = np.repeat(reps, np.diff(of_rep))
    accounts = np.arange(1, size.accounts + 1)
    none = np.full(size.accounts, "")
    copy(
        cursor,
        "pipeline_account",
        record("a", accounts)
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
        record("c", contacts)
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
