"""The raw records, taken out of PostgreSQL with one plain SELECT a table."""

import tempfile
from pathlib import Path

import duckdb
from django.db import connection

# table -> columns with their DuckDB types; columns settled by the product are left out on purpose
TABLES = {
    "organisation": "time_zone VARCHAR, currency VARCHAR, fiscal_year_start INTEGER",
    "setting": "key VARCHAR, value VARCHAR, from_on DATE",
    "team": "id BIGINT, parent_id BIGINT",
    "rep": "id BIGINT, team_id BIGINT, job VARCHAR",
    "teammove": "rep_id BIGINT, team_id BIGINT, from_on DATE",
    "account": "id BIGINT, lead_source_id BIGINT, owner_id BIGINT, created_at TIMESTAMPTZ, recorded_at TIMESTAMPTZ",
    "accountmove": "account_id BIGINT, owner_id BIGINT, from_at TIMESTAMPTZ",
    "relationship": "id BIGINT, contact_id BIGINT, score INTEGER, rated_on DATE",
    "timeentry": 'rep_id BIGINT, "on" DATE, hours DECIMAL(5,2)',
    "jobcost": "job VARCHAR, from_on DATE, hourly_cost DECIMAL(10,2), currency VARCHAR",
    "rebatetier": "account_id BIGINT, year INTEGER, from_amount DECIMAL(16,2), percent DECIMAL(6,3)",
    "spend": (
        "id BIGINT, month DATE, amount DECIMAL(16,2), kind VARCHAR, lead_source_id BIGINT, team_id BIGINT, currency VARCHAR"
    ),
    "contact": (
        "id BIGINT, account_id BIGINT, department VARCHAR, seniority INTEGER, buying_role VARCHAR,"
        " created_at TIMESTAMPTZ"
    ),
    "stage": "id BIGINT, milestone INTEGER",
    "deal": (
        "id BIGINT, account_id BIGINT, owner_id BIGINT, created_by_id BIGINT, lead_source_id BIGINT,"
        " amount DECIMAL(16,2), cost DECIMAL(16,2),"
        " currency VARCHAR, expected_close_on DATE, forecast VARCHAR,"
        " stage_id BIGINT, created_at TIMESTAMPTZ, is_created_dated BOOLEAN, closed_at TIMESTAMPTZ,"
        " is_closed_dated BOOLEAN, nda VARCHAR, recorded_at TIMESTAMPTZ"
    ),
    "dealmove": "deal_id BIGINT, owner_id BIGINT, from_at TIMESTAMPTZ",
    "stagechange": (
        "id BIGINT, deal_id BIGINT, stage_id BIGINT, at TIMESTAMPTZ, seq INTEGER, is_dated BOOLEAN, owner_id BIGINT"
    ),
    "dealchange": "deal_id BIGINT, field VARCHAR, value VARCHAR, at TIMESTAMPTZ",
    "dealfact": 'deal_id BIGINT, kind VARCHAR, "on" DATE',
    "accountfact": 'account_id BIGINT, kind VARCHAR, "on" DATE',
    "dealcontact": "deal_id BIGINT, contact_id BIGINT, from_at TIMESTAMPTZ, role VARCHAR",
    "material": "id BIGINT, type VARCHAR",
    "activitymaterial": "activity_id BIGINT, material_id BIGINT",
    "exchangerate": 'currency VARCHAR, "on" DATE, rate DECIMAL(18,8)',
    "activity": (
        "id BIGINT, rep_id BIGINT, kind INTEGER, at TIMESTAMPTZ, direction INTEGER, booked_by_id BIGINT,"
        " account_id BIGINT, deal_id BIGINT, booked_at TIMESTAMPTZ, duration_s BIGINT, status INTEGER,"
        " outcome INTEGER, interest INTEGER, in_reply_to_id BIGINT, provider_id VARCHAR, is_internal BOOLEAN, type VARCHAR"
    ),
    "activitycontact": (
        "id BIGINT, activity_id BIGINT, contact_id BIGINT, part INTEGER, attended INTEGER, outcome INTEGER"
    ),
}


def records() -> duckdb.DuckDBPyConnection:
    """A DuckDB with the raw records, read through Django's own connection: what a test has not committed counts."""
    db = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        for table, declared in TABLES.items():
            names = ", ".join(column.rsplit(" ", 1)[0] for column in declared.split(", "))
            path = Path(folder) / table
            with path.open("wb") as out:
                cursor.copy_expert(
                    f"COPY (SELECT {names} FROM pipeline_{table}) TO STDOUT (FORMAT csv, NULL '\\N', HEADER)",
                    out,
                )
            # `at` is a word of DuckDB's own
            db.execute(f"CREATE TABLE {table} ({declared.replace(' at ', ' moment ')})")
            db.execute(f"COPY {table} FROM '{path}' (FORMAT csv, NULLSTR '\\N', HEADER)")
    return db
