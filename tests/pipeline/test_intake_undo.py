"""An import can be taken back, whole or not at all."""

import pytest
from django.db import connection

from pipeline.intake.exporting import export_records
from pipeline.intake.files import Refused
from pipeline.intake.importing import import_records
from pipeline.intake.mapping import preset
from pipeline.intake.tables import tables
from pipeline.intake.undo import undo
from pipeline.models import Deal, DealSpan, Episode, ImportBatch, Organisation, Rep, StageChange, Unsettled
from tests.pipeline.bundle_files import FILES, write_bundle, write_files

pytestmark = pytest.mark.django_db


def take(folder) -> ImportBatch:
    outcome = import_records([folder], preset("touchline"))
    assert outcome.state == "done", (outcome.report, outcome.rejects.listed)
    return outcome.batch


def exported(folder) -> dict[str, str]:
    export_records(folder)
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def test_undoing_a_first_import_leaves_nothing(tmp_path):
    batch = take(write_bundle(tmp_path / "in"))
    undo(batch)
    with connection.cursor() as cursor:
        for table in tables().values():
            cursor.execute(f"SELECT count(*) FROM {table.db_table}")
            assert cursor.fetchone()[0] == 0, table.name
    assert not (Episode.objects.exists() or DealSpan.objects.exists() or Organisation.objects.exists())
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.UNDONE


def test_undoing_a_later_import_brings_back_what_was(tmp_path):
    take(write_bundle(tmp_path / "in"))
    before, settled = exported(tmp_path / "before"), _settled()
    changed = {
        "deals": FILES["deals.csv"]
        .replace("1200.5", "99")
        .replace(",ada,ben", ",olga,ben")
        .replace("Valves", "V"),
        "teams": FILES["teams.csv"].replace(",maya,", ",ada,"),
        "reps": FILES["reps.csv"].replace("ada,Ada", "ada,Ada B.") + "cleo,Cleo,,north,rep,,,,,\n",
        "organisation": FILES["organisation.csv"]
        .replace("Adige Pumps", "Other")
        .replace("days,12", "days,20"),
        "stage_changes": FILES["stage_changes.csv"].replace("008,offer", "008,talk"),
    }
    batch = take(write_bundle(tmp_path / "changed", **changed))
    assert exported(tmp_path / "between") != before
    undo(batch)
    assert exported(tmp_path / "after") == before
    assert _settled() == settled
    assert not Unsettled.objects.exists()


def test_an_import_under_a_later_one_is_not_undone_first(tmp_path):
    first = take(write_files(tmp_path / "1", reps="id,name\nada,Ada\n"))
    second = take(write_files(tmp_path / "2", reps="id,name\nada,Ada Bianchi\n"))
    with pytest.raises(Refused, match=f"import {second.pk} wrote the same records later"):
        undo(first)
    undo(second)
    undo(first)
    assert not Rep.objects.exists()


def test_what_was_edited_by_hand_since_is_not_undone(tmp_path):
    batch = take(write_bundle(tmp_path / "in"))
    deal = Deal.objects.get(external_id="008")
    deal.next_step = "Visit"
    deal.save()
    with pytest.raises(Refused, match="1 records were edited by hand"):
        undo(batch)
    assert Deal.objects.count() == 3


def test_rows_that_others_refer_to_now_are_not_taken_away(tmp_path):
    batch = take(write_files(tmp_path / "1", reps="id,name\nada,Ada\n"))
    Deal.objects.create(name="By hand", owner=Rep.objects.get())
    with pytest.raises(Refused, match="entered since"):
        undo(batch)
    assert Rep.objects.get().name == "Ada"
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.DONE


def test_an_undone_import_can_be_taken_again(tmp_path):
    folder = write_bundle(tmp_path / "in")
    undo(take(folder))
    take(folder)
    assert StageChange.objects.count() == 6
    with pytest.raises(Refused, match="only an import that is done"):
        undo(ImportBatch.objects.get(state=ImportBatch.State.UNDONE))


def _settled() -> list:
    columns = (
        "deal__external_id",
        "number",
        "outcome",
        "owner__name",
        "amount_cents",
        "closed_at",
        "reached",
    )
    return list(Episode.objects.order_by("deal__external_id", "number").values_list(*columns))
