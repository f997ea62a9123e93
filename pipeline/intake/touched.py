"""Which deals, activities, contacts and accounts a batch touched, so that just these are settled."""

from collections.abc import Callable

from django.db import connection
from django.utils.translation import gettext as _

MANY = 20_000
# A change here moves more than the rows that changed: their days, teams, milestones or money.
FAR_REACHING = (
    "pipeline_organisation",
    "pipeline_setting",
    "pipeline_rep",
    "pipeline_team",
    "pipeline_teammove",
    "pipeline_stage",
    "pipeline_exchangerate",
    "pipeline_accountfact",
)
DEAL_ROWS = ("stagechange", "dealmove", "dealchange", "dealfact")


def settle_touched(batch_id: int, tell: Callable[[str], None]) -> None:
    """Settle what follows from a batch's rows, in its transaction; nothing touched: nothing done."""
    from pipeline.settle import settle, settle_all

    with connection.cursor() as cursor:
        deals, activities, contacts, accounts = touched(cursor, batch_id)
        reaches_far = _reaches_far(cursor, batch_id)
    tell(_("settling"))
    if reaches_far or len(deals) + len(activities) + len(contacts) + len(accounts) > MANY:
        with connection.cursor() as cursor:
            # Even a small import may follow a large one that was taken back, whose rows the planner still reckons with.
            cursor.execute(
                "ANALYZE pipeline_activity, pipeline_activitycontact, pipeline_contact, pipeline_deal"
            )
        settle_all(deals=True, activities=True)
    elif deals or activities or contacts or accounts:
        settle(deal_ids=deals, activity_ids=activities, contact_ids=contacts, account_ids=accounts)


def touched(cursor, batch_id: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Ids of deals, activities, contacts and accounts whose own or dependent rows the batch wrote."""
    deals = " UNION ".join(
        [
            _ids(batch_id, "pipeline_deal"),
            *(_parents(batch_id, f"pipeline_{name}", "deal_id") for name in DEAL_ROWS),
        ]
    )
    people = _parents(batch_id, "pipeline_activitycontact", "activity_id")
    activities = f"{_ids(batch_id, 'pipeline_activity')} UNION {people}"
    moved = _parents(batch_id, "pipeline_accountmove", "account_id")
    accounts = f"{_ids(batch_id, 'pipeline_account')} UNION {moved}"
    return (
        _column(cursor, deals),
        _column(cursor, activities),
        _column(cursor, _ids(batch_id, "pipeline_contact")),
        _column(cursor, accounts),
    )


def _ids(batch_id: int, table: str) -> str:
    return f"SELECT row_id FROM pipeline_beforeimage WHERE batch_id = {batch_id} AND \"table\" = '{table}'"


def _parents(batch_id: int, table: str, column: str) -> str:
    return (
        f"SELECT t.{column} FROM {table} t JOIN ({_ids(batch_id, table)}) b ON b.row_id = t.id"
        f" UNION SELECT (image->>'{column}')::bigint FROM pipeline_beforeimage"
        f" WHERE batch_id = {batch_id} AND \"table\" = '{table}' AND image IS NOT NULL"
    )


def _column(cursor, sql: str) -> list[int]:
    cursor.execute(sql)
    return [row[0] for row in cursor.fetchall()]


def _reaches_far(cursor, batch_id: int) -> bool:
    cursor.execute(
        'SELECT EXISTS (SELECT 1 FROM pipeline_beforeimage WHERE batch_id = %s AND "table" = ANY(%s))',
        [batch_id, list(FAR_REACHING)],
    )
    return cursor.fetchone()[0]
