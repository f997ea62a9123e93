"""What records said before: triggers that keep the image of a row that is changed or removed, and what settles apart.

Entering rows costs nothing. A write by `pipeline.settle`, or one that changes nothing a person would call a value (the
import that brought it, settled columns), keeps nothing; nor does a row changed in the transaction that entered it, which
nobody has seen.
"""

from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import GeneratedField, Model

# Thirteen months, the longest there are.
DAYS_KEPT = 397
# What says who wrote a row and how often, never what it says.
OWN_KEEPING = {"batch", "recorded_at", "version", "source", "external_id"}
SETTLED = {
    "pipeline_activity": {
        "day",
        "booked_day",
        "team",
        "booker",
        "booked_team",
        "company",
        "top_seniority",
        "is_declined",
        "duplicate_of",
        "attempt",
        "deal_reached",
        "is_presentation",
        "has_material",
    },
    "pipeline_activitycontact": {"rep", "answered_at", "answer", "answer_days", "attempt", "won_days"},
}
# The columns that say something are written out here, for the triggers are made before any model is loaded.
KEPT = {
    "pipeline_account": "name, domain, owner_id, industry, country, lead_source_id, parent_id, created_at",
    "pipeline_accountfact": 'account_id, kind, "on", note',
    "pipeline_accountmove": "account_id, owner_id, from_at",
    "pipeline_activity": "rep_id, kind, at, direction, booked_by_id, account_id, deal_id, type, booked_at, duration_s,"
    " status, outcome, interest, in_reply_to_id, provider_id, is_internal, subject",
    "pipeline_activitycontact": "activity_id, contact_id, part, attended, outcome",
    "pipeline_activitymaterial": "activity_id, material_id",
    "pipeline_contact": "account_id, name, email, phone, title, department, seniority, is_seniority_read, buying_role,"
    " created_at",
    "pipeline_deal": "name, account_id, owner_id, created_by_id, amount, cost, currency, stage_id, lead_source_id,"
    " created_at, is_created_dated, expected_close_on, forecast, closed_at, is_closed_dated, lost_reason, nda,"
    " next_step, next_step_on",
    "pipeline_dealchange": "deal_id, field, value, at",
    "pipeline_dealcontact": "deal_id, contact_id, from_at, role",
    "pipeline_dealfact": 'deal_id, kind, "on", activity_id, note',
    "pipeline_dealmove": "deal_id, owner_id, from_at",
    "pipeline_relationship": "contact_id, rater_id, score, rated_on, note",
    "pipeline_stagechange": "deal_id, stage_id, at, seq, is_dated, actor_id, owner_id",
    "pipeline_timeentry": 'rep_id, "on", hours, deal_id',
    "pipeline_spend": "month, amount, kind, lead_source_id, team_id, currency",
    "pipeline_jobcost": "job, hourly_cost, currency, from_on",
    "pipeline_teammove": "rep_id, team_id, from_on",
}
QUIET = (
    "IF current_setting('touchline.settling', true) = 'on'"
    " AND coalesce(current_setting('touchline.importing', true), '') <> 'on' THEN RETURN NULL; END IF;"
)
# A session plans a trigger's statement once, for the few rows of its first firing: a nested loop over the thousands of a
# later one would take the square of them.
HASHED = "SET enable_nestloop = off"
INDEX = 'CREATE INDEX past_record_by_time ON pipeline_pastrecord ("table", at)'


def past_sql() -> list[str]:
    """Statements that create one function and trigger for changes, and one for removals, per table of records."""
    statements = [INDEX]
    for table, columns in KEPT.items():
        own = ", ".join(f"b.{name}" for name in columns.split(", "))
        new = ", ".join(f"a.{name}" for name in columns.split(", "))
        changed = f"before b JOIN after a USING (id) WHERE ({own}) IS DISTINCT FROM ({new})"
        statements += _keeping(table, "UPDATE", "OLD TABLE AS before NEW TABLE AS after", changed, "false")
        statements += _keeping(table, "DELETE", "OLD TABLE AS before", "before b WHERE true", "true")
    return statements


def _keeping(table: str, event: str, images: str, rows: str, is_gone: str) -> list[str]:
    name = f"past_{table.removeprefix('pipeline_')}_{event.lower()}"
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {HASHED} AS $$ BEGIN {QUIET}
        INSERT INTO pipeline_pastrecord ("table", row_id, image, at, is_gone)
        SELECT '{table}', b.id, to_jsonb(b), statement_timestamp(), {is_gone} FROM {rows}
        AND b.recorded_at < transaction_timestamp();
        RETURN NULL; END $$""",
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {images} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def said_fields(model: type[Model]) -> list[Any]:
    """The fields of a record that say something: without its key, its keeping and what settling adds."""
    hidden = OWN_KEEPING | SETTLED.get(model._meta.db_table, set())
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not isinstance(field, GeneratedField) and field.name not in hidden
    ]


def model_of(table: str) -> type[Model]:
    return next(
        model for model in apps.get_app_config("pipeline").get_models() if model._meta.db_table == table
    )


def purge() -> int:
    """Drop what was said more than thirteen months ago; returns how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pipeline_pastrecord WHERE at < now() - make_interval(days => %s)", [DAYS_KEPT]
        )
        return cursor.rowcount
