"""Bad input is refused as a whole; every fault is named by file, line, column, value and reason."""

import csv
import gzip
import io
import zipfile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from pipeline.intake import files
from pipeline.intake.importing import import_records
from pipeline.intake.mapping import preset
from pipeline.intake.tables import tables
from pipeline.models import Absence, Deal, ImportBatch, Organisation, Rep
from tests.pipeline.bundle_files import write_bundle, write_files

pytestmark = pytest.mark.django_db

REPS = "id,name\nada,Ada\n"
DEALS = "id,name,owner,amount,created_at,closed_at\n"


def run(path, **options):
    return import_records([path], preset("touchline"), **options)


def refused(path) -> str:
    """Why the import was refused; nothing of it may be in the database."""
    outcome = run(path)
    assert outcome.is_refused
    with connection.cursor() as cursor:
        for table in tables().values():
            cursor.execute(f"SELECT count(*) FROM {table.db_table}")
            assert cursor.fetchone()[0] == 0, table.name
    assert ImportBatch.objects.get().state == ImportBatch.State.REFUSED
    return outcome.report["why"]


def faults(folder, **texts) -> list[tuple]:
    """(line, column, value, reason) of every bad row of an import of these files."""
    outcome = run(write_files(folder, **texts))
    assert outcome.is_refused, outcome.report
    assert not Deal.objects.exists()
    assert not Rep.objects.exists()
    return [
        (r.file.removesuffix(".csv"), r.line, r.column, r.value, r.reason) for r in outcome.rejects.sorted()
    ]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("amount", "NaN", "not a number"),
        ("amount", "inf", "not a number"),
        ("amount", "1e309", "not a number"),
        ("amount", "1e5", "not a number"),
        ("amount", "100000000000000", "too large"),
        ("amount", "-100000000000000", "too large"),
        ("amount", "10.005", "more than 2 decimals"),
        ("amount", "1.234,50", "numbers = "),
        ("amount", "€ 10", "not a number"),
        ("created_at", "2025-02-30", "no such day"),
        ("created_at", "0102-03-04", "the year 102"),
        ("created_at", "2201-01-01", "the year 2201"),
        ("created_at", "0001-01-01T00:00:00Z", "the year 1"),
        ("created_at", "03/04/2025", "date_order"),
        ("created_at", "2025-03-01T25:00:00Z", "no such moment"),
        ("created_at", "soon", "not a date"),
        ("owner", "nobody", "no rep has this id"),
        ("name", "", "must not be empty"),
        ("name", "x" * 301, "longer than 300"),
        ("name", "bell\x07", "control character"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named_with_its_place(tmp_path, column, value, reason):
    cells = {
        "id": "1",
        "name": "One",
        "owner": "",
        "amount": "",
        "created_at": "",
        "closed_at": "",
        column: value,
    }
    out = io.StringIO()
    csv.writer(out).writerow(cells.values())
    [(file, line, named, found, why)] = faults(tmp_path, deals=DEALS + out.getvalue())
    assert (file, line, named, found) == ("deals", 2, column, value[:200])
    assert reason in why


def test_a_time_the_clock_skipped_is_named(tmp_path):
    Organisation.objects.create(time_zone="Europe/Rome")
    [fault] = faults(tmp_path, deals=DEALS + "1,One,,,2025-03-30T02:30:00,\n")
    assert "skipped" in fault[-1]


def test_all_faults_of_all_files_are_named_at_once(tmp_path):
    found = faults(
        tmp_path,
        reps="id,name,started_on,ended_on\nada,Ada,2025-02-01,2025-01-01\nada,Ada again,,\n,Nameless,,\n",
        deals=DEALS + "1,One,ada,x,,\n2,Two,zoe,y,2025-13-01,\n3,Three\n4,Four,ada,,,,extra\n",
    )
    assert [(file, line, column) for file, line, column, *_ in found] == [
        ("deals", 2, "amount"),
        ("deals", 3, "amount"),
        ("deals", 3, "created_at"),
        ("deals", 3, "owner"),
        ("deals", 4, ""),
        ("deals", 5, ""),
        ("reps", 2, "ended_on"),
        ("reps", 3, "id"),
        ("reps", 4, "id"),
    ]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    found = faults(tmp_path, deals='id,name,amount\n1,"two\nlines",5\n\n2,Two,x\n')
    assert [(line, value) for _file, line, _column, value, _reason in found] == [(5, "x")]


def test_a_record_that_comes_twice_points_at_the_first(tmp_path):
    [fault] = faults(tmp_path, reps="id,name\nada,Ada\nben,Ben\nada,Ada\n")
    assert fault == ("reps", 4, "id", "ada", "is the same record as line 2")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name\nAda\n", "lacks the required column id"),
        ("id,name,name\n1,a,b\n", "has the column name twice"),
        ("", "no header row"),
        ('id,name\n1,"Ada\n', "cut off"),
        ("id,name\n1," + "x" * 300_000 + "\n", "longer than"),
        (",".join(f"c{n}" for n in range(16_000)) + "\n", "more than 1000 columns"),
        ("id,name\n1,A\x00da\n", "zero bytes"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, text, why):
    assert why in refused(write_files(tmp_path, reps=text))


def test_an_unknown_encoding_is_refused(tmp_path):
    (tmp_path / "reps.csv").write_bytes(b"id,name\n1,\x81\x8d\xff\n")
    assert "not text" in refused(tmp_path)


def test_a_cut_off_gzip_and_a_damaged_zip_are_refused(tmp_path):
    (tmp_path / "gz").mkdir()
    whole = gzip.compress(("id,name\n" + "".join(f"{n},Rep {n}\n" for n in range(9_000))).encode())
    (tmp_path / "gz" / "reps.csv.gz").write_bytes(whole[: len(whole) // 2])
    assert "damaged or cut off" in refused(tmp_path / "gz")
    ImportBatch.objects.all().delete()
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("reps.csv", "id,name\n" + "ada,Ada\n" * 500)
    data = bytearray((tmp_path / "bundle.zip").read_bytes())
    data[45:60] = b"\0" * 15
    (tmp_path / "bundle.zip").write_bytes(bytes(data))
    assert "damaged" in refused(tmp_path / "bundle.zip")


def test_a_zip_that_unpacks_past_the_limit_is_refused_while_reading(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("reps.csv", "id,name\n" + "1,Ada\n" * 400_000)
    assert (tmp_path / "bomb.zip").stat().st_size < 20_000
    assert "larger than" in refused(tmp_path / "bomb.zip")


def test_a_zip_of_too_many_files_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(files.MOST_ENTRIES + 1):
            archive.writestr(f"{number}.csv", "")
    assert "more than 500 files" in refused(tmp_path / "many.zip")


def test_files_nobody_knows_or_that_are_not_there_are_refused(tmp_path):
    assert "none of these files" in refused(write_files(tmp_path / "a", customers="id\n1\n"))
    ImportBatch.objects.all().delete()
    assert "is not there" in refused(tmp_path / "nowhere")


def test_absences_that_overlap_are_refused(tmp_path):
    absences = "rep,from_on,to_on\nada,2025-08-01,2025-08-10\nada,2025-08-10,2025-08-12\n"
    assert "overlap" in refused(write_files(tmp_path, reps=REPS, absences=absences))


def test_settings_are_checked_too(tmp_path):
    organisation = (
        "key,value,from_on\ncurrency,euro,\nreply_window_days,many,\nfree_beer,1,\ntime_zone,Rome,\n"
    )
    outcome = run(write_files(tmp_path, organisation=organisation, reps=REPS))
    assert [(r.line, r.reason.split(":")[0]) for r in outcome.rejects.sorted()] == [
        (2, "currency"),
        (3, "reply_window_days"),
        (4, "free_beer"),
        (5, "time_zone"),
    ]


def test_the_time_zone_does_not_move_under_records(tmp_path):
    run(write_bundle(tmp_path / "in"))
    moved = write_files(tmp_path / "moved", organisation="key,value\ntime_zone,Asia/Tokyo\n")
    outcome = run(moved)
    assert "records rest on it" in outcome.report["why"]
    assert Organisation.current().time_zone == "Europe/Rome"


def test_good_rows_are_taken_when_bad_ones_may_be_left_out(tmp_path):
    folder = write_files(
        tmp_path,
        reps="id,name,email,started_on\nada,Ada,,\nben,Ben,,never\n",
        deals=DEALS + "1,One,ada,5,,\n2,Two,ben,6,,\n",
        stages="id,name,position,milestone\nlead,Lead,1,lead\n",
        stage_changes="deal,stage,at\n1,lead,2025-01-01\n2,lead,2025-01-01\n",
    )
    outcome = run(folder, leave_bad_rows_out=True)
    assert outcome.state == "done"
    assert list(Deal.objects.values_list("external_id", flat=True)) == ["1"]
    assert [(r.file, r.column) for r in outcome.rejects.sorted()] == [
        ("deals.csv", "owner"),
        ("reps.csv", "started_on"),
        ("stage_changes.csv", "deal"),
    ]
    assert outcome.report["bad"] == 3


def test_a_rule_of_the_database_refuses_too(tmp_path):
    run(write_files(tmp_path / "one", reps="id,name,started_on\nada,Ada,2025-05-01\n"))
    outcome = run(write_files(tmp_path / "two", reps="id,name,ended_on\nada,Ada,2025-04-01\n"))
    assert "rep leaves after starting" in outcome.report["why"]
    assert Rep.objects.get().ended_on is None


def test_the_command_writes_bad_rows_to_a_file_and_fails(tmp_path, capsys):
    folder = write_files(tmp_path / "in", deals=DEALS + '1,"=cmd()",nobody,,,\n2,Two,=2,,,\n')
    with pytest.raises(CommandError, match="2 faults"):
        call_command("import_records", str(folder), rejects=str(tmp_path / "bad.csv"))
    rows = list(csv.DictReader((tmp_path / "bad.csv").open(encoding="utf-8")))
    assert [(row["line"], row["column"], row["value"]) for row in rows] == [
        ("2", "owner", "nobody"),
        ("3", "owner", "'=2"),
    ]
    assert "no rep has this id" in capsys.readouterr().err


def test_absences_apart_are_taken(tmp_path):
    absences = "rep,from_on,to_on\nada,2025-08-01,2025-08-09\nada,2025-08-10,2025-08-12\n"
    assert run(write_files(tmp_path, reps=REPS, absences=absences)).state == "done"
    assert Absence.objects.count() == 2
