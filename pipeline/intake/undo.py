"""Taking a batch back: changed rows as they were before it, rows it brought gone. Whole or not at all."""

from collections.abc import Iterator

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pipeline.intake.files import Refused
from pipeline.intake.touched import touched
from pipeline.models import BeforeImage, ImportBatch

# What settling wrote about rows that go: it is settled anew, so it may go with them.
SETTLED_ROWS = (
    ("pipeline_episode", "deal_id", "pipeline_deal"),
    ("pipeline_dealspan", "deal_id", "pipeline_deal"),
    ("pipeline_accountspan", "account_id", "pipeline_account"),
    ("pipeline_cost", "rep_id", "pipeline_rep"),
    ("pipeline_cost", "time_entry_id", "pipeline_timeentry"),
    ("pipeline_cost", "spend_id", "pipeline_spend"),
    ("pipeline_cost", "lead_source_id", "pipeline_leadsource"),
)
SETTLED_COLUMNS = (
    ("pipeline_activity", "team_id", "pipeline_team"),
    ("pipeline_activity", "booked_team_id", "pipeline_team"),
    ("pipeline_activity", "booker_id", "pipeline_rep"),
    ("pipeline_activity", "company_id", "pipeline_account"),
    ("pipeline_accountspan", "owner_id", "pipeline_rep"),
    ("pipeline_accountspan", "team_id", "pipeline_team"),
    ("pipeline_cost", "team_id", "pipeline_team"),
    ("pipeline_activity", "duplicate_of_id", "pipeline_activity"),
    ("pipeline_activitycontact", "rep_id", "pipeline_rep"),
    ("pipeline_activitycontact", "answer_id", "pipeline_activity"),
)


def undo(batch: ImportBatch) -> None:
    """Undo a batch and settle what it touched.

    Raises Refused when a later batch wrote the same rows (undo that first), when they were edited by hand
    since, or when records entered since refer to rows that would go.
    """
    if batch.state != ImportBatch.State.DONE:
        raise Refused(_("only an import that is done can be undone"))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('touchline import'))")
            _refuse_later_work(cursor, batch)
            settled = touched(cursor, batch.pk)
            cursor.execute("SET LOCAL touchline.settling = 'on'; SET LOCAL touchline.importing = 'on'")
            _take_back(cursor, batch)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET LOCAL touchline.settling = 'off'; SET LOCAL touchline.importing = 'off'")
            _settle(settled)
            batch.state, batch.finished_at = ImportBatch.State.UNDONE, timezone.now()
            batch.save(update_fields=["state", "finished_at"])
    except IntegrityError as error:
        detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", None) or str(error)
        raise Refused(
            _("records entered since refer to this import: %(detail)s") % {"detail": detail}
        ) from error


def _settle(ids: tuple[list[int], ...]) -> None:
    from pipeline.settle import settle_all

    if any(ids):
        settle_all(deals=True, activities=True)


def _refuse_later_work(cursor, batch: ImportBatch) -> None:
    cursor.execute(
        "SELECT max(later.batch_id) FROM pipeline_beforeimage own"
        ' JOIN pipeline_beforeimage later USING ("table", row_id)'
        " JOIN pipeline_importbatch b ON b.id = later.batch_id AND b.state = 'done'"
        " WHERE own.batch_id = %s AND later.batch_id > own.batch_id",
        [batch.pk],
    )
    later = cursor.fetchone()[0]
    if later is not None:
        raise Refused(
            _("import %(later)s wrote the same records later: undo that one first") % {"later": later}
        )
    for table in ("account", "contact", "deal"):
        cursor.execute(
            "SELECT count(*) FROM pipeline_beforeimage b"
            f" JOIN pipeline_historical{table} h ON h.id = b.row_id"
            ' WHERE b.batch_id = %s AND b."table" = %s AND h.history_date > %s',
            [batch.pk, f"pipeline_{table}", batch.finished_at],
        )
        edited = cursor.fetchone()[0]
        if edited:
            raise Refused(_("%(count)s records were edited by hand since this import") % {"count": edited})


def _take_back(cursor, batch: ImportBatch) -> None:
    names = (
        BeforeImage.objects.filter(batch=batch).order_by("table").values_list("table", flat=True).distinct()
    )
    for table in names:
        gone = (
            f"SELECT row_id FROM pipeline_beforeimage WHERE batch_id = {batch.pk} AND \"table\" = '{table}'"
        )
        gone += " AND image IS NULL"
        _forget_what_was_settled(cursor, table, gone)
        cursor.execute(f"DELETE FROM {table} WHERE id IN ({gone})")
        _restore(cursor, batch, table)


def _forget_what_was_settled(cursor, table: str, gone: str) -> None:
    for settled, column, of in SETTLED_ROWS:
        if of == table:
            cursor.execute(f"DELETE FROM {settled} WHERE {column} IN ({gone})")
    for settled, column, of in SETTLED_COLUMNS:
        if of == table:
            cursor.execute(f"UPDATE {settled} SET {column} = NULL WHERE {column} IN ({gone})")


def _restore(cursor, batch: ImportBatch, table: str) -> None:
    names = list(_restored(table))
    cursor.execute(
        f"UPDATE {table} t SET ({', '.join(names)}) = (SELECT {', '.join(f'r.{name}' for name in names)}"
        f" FROM jsonb_populate_record(NULL::{table}, b.image) r) FROM pipeline_beforeimage b"
        f" WHERE b.batch_id = %s AND b.\"table\" = '{table}' AND b.image IS NOT NULL AND t.id = b.row_id",
        [batch.pk],
    )


def _restored(table: str) -> Iterator[str]:
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    for field in model._meta.concrete_fields:
        if not field.primary_key and not isinstance(field, models.GeneratedField):
            yield f'"{field.column}"'
