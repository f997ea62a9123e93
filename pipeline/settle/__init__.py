"""What follows from the raw records: local days, teams at the time, answers, episodes and spans of deals.

Triggers note in `Unsettled` what was written; a worker settles it. Settling twice changes nothing.
"""

from django.db import connection, transaction

from pipeline.models import Unsettled
from pipeline.settle.accounts import settle_accounts
from pipeline.settle.activities import settle_activities
from pipeline.settle.answers import match_answers
from pipeline.settle.attempts import settle_attempts
from pipeline.settle.costs import lead_months, settle_costs, settle_lead_spend
from pipeline.settle.deals import settle_deals
from pipeline.settle.meetings import deals_of, settle_meetings, settle_meetings_of_deals
from pipeline.settle.rebates import settle_rebates
from pipeline.settle.sales import deals_in, people_in, people_of, settle_every_sale, settle_sales

DEALS_AT_ONCE = 20_000


def settle(deal_ids=(), activity_ids=(), contact_ids=(), account_ids=()) -> None:
    """Settle these rows in one transaction; ids of rows that are gone are ignored."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL touchline.settling = 'on'")
        activity_ids = _with_activities_of(cursor, contact_ids, activity_ids)
        people = {*contact_ids} | people_in(cursor, activity_ids)
        tried = lead_months(cursor, people)
        repeats = settle_activities(cursor, activity_ids)
        match_answers(cursor, sorted({*activity_ids, *repeats}), contact_ids)
        for batch in _batches(sorted(deal_ids)):
            settle_deals(cursor, batch)
        people |= people_in(cursor, repeats)
        tried |= lead_months(cursor, people)
        _settle_efforts(cursor, {*deal_ids}, {*activity_ids, *repeats}, {*contact_ids})
        settle_meetings(cursor, activity_ids)
        for batch in _batches(sorted({*deal_ids, *deals_of(cursor, [*activity_ids, *repeats])})):
            settle_meetings_of_deals(cursor, batch)
        if activity_ids:
            # Of a contact that left an account, or an activity, nobody knows where its attempts lay.
            settle_lead_spend(cursor, None if contact_ids else tried | lead_months(cursor, people))
        if deal_ids:
            settle_rebates(cursor)
        settle_accounts(cursor, sorted(account_ids))
        cursor.execute("SET LOCAL touchline.settling = 'off'")


def settle_all(deals: bool = True, activities: bool = True) -> None:
    """Settle every deal, every activity, or both."""
    with connection.cursor() as cursor:
        deal_ids = _ids(cursor, "pipeline_deal") if deals else []
        with transaction.atomic():
            cursor.execute("SET LOCAL touchline.settling = 'on'")
            if activities:
                settle_activities(cursor, None)
                match_answers(cursor, None, ())
            for batch in _batches(deal_ids):
                settle_deals(cursor, batch)
            settle_attempts(cursor, None, [])
            settle_every_sale(cursor)
            if activities:
                settle_meetings(cursor, None)
            for batch in _batches(_ids(cursor, "pipeline_deal")):
                settle_meetings_of_deals(cursor, batch)
            settle_costs(cursor)
            settle_rebates(cursor)
            settle_accounts(cursor, None)
            cursor.execute("SET LOCAL touchline.settling = 'off'")


def settle_marked(limit: int = 5_000) -> int:
    """Settle what the triggers marked, oldest first; returns how many marks were cleared."""
    with transaction.atomic():
        marks = list(
            Unsettled.objects.select_for_update(skip_locked=True)
            .order_by("pk")
            .values_list("pk", "kind", "row_id")[:limit]
        )
        if not marks:
            return 0
        ids = {kind: {row for _, marked, row in marks if marked == kind} for kind in Unsettled.Kind.values}
        everything = {kind: 0 in rows for kind, rows in ids.items() if kind != Unsettled.Kind.COST}
        if any(everything.values()):
            settle_all(deals=everything["deal"], activities=everything["activity"])
        settle(ids["deal"] - {0}, ids["activity"] - {0}, ids["contact"], ids["account"] - {0})
        if ids["cost"]:
            with connection.cursor() as cursor:
                settle_costs(cursor)
                settle_rebates(cursor)
        Unsettled.objects.filter(pk__in=[pk for pk, _, _ in marks]).delete()
        return len(marks)


def _settle_efforts(cursor, deals: set[int], activities: set[int], contacts: set[int]) -> None:
    """The attempts on everybody these rows are about, and what the deals of those people took."""
    contacts = contacts | people_in(cursor, activities) | people_of(cursor, deals)
    settle_attempts(cursor, sorted(contacts), sorted(activities))
    settle_sales(cursor, deals | deals_in(cursor, activities), contacts)


def _with_activities_of(cursor, contact_ids, activity_ids) -> list[int]:
    """A contact's seniority or account decides what its activities say: they are settled again with it."""
    if not contact_ids:
        return sorted(activity_ids)
    cursor.execute(
        "SELECT DISTINCT activity_id FROM pipeline_activitycontact WHERE contact_id = ANY(%s)",
        [list(contact_ids)],
    )
    return sorted({*activity_ids, *(row[0] for row in cursor)})


def _ids(cursor, table: str) -> list[int]:
    cursor.execute(f"SELECT id FROM {table} ORDER BY id")
    return [row[0] for row in cursor]


def _batches(ids: list[int]):
    for start in range(0, len(ids), DEALS_AT_ONCE):
        yield ids[start : start + DEALS_AT_ONCE]
