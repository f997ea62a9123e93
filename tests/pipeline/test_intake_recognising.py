"""What files look like is recognised and told: encodings, delimiters, dates, files and columns by other names."""

import pytest

from pipeline.intake.importing import import_records
from pipeline.intake.mapping import parse, preset
from pipeline.models import Deal, Rep
from tests.pipeline.bundle_files import write_files
from tests.pipeline.old_crm import MAPPING, REGIONS, SALES, run


@pytest.fixture
def sales(tmp_path):
    return write_files(tmp_path / "old", sales=SALES, regions=REGIONS)


@pytest.mark.django_db
def test_what_was_recognised_is_shown_and_what_was_left_out_is_counted(sales):
    report = run(sales).report
    [told] = [file for file in report["files"] if file["file"] == "sales.csv"]
    assert (told["delimiter"], told["date_order"], told["numbers"]) == (";", "dmy", "comma")
    assert report["tables"]["deals"]["left_out"] == {"trial row": 1}
    assert report["tables"]["stage_changes"]["left_out"] == {"still open": 2, "trial row": 1}


@pytest.mark.django_db
def test_dates_that_prove_nothing_are_asked_about_and_a_word_on_the_command_line_answers(tmp_path):
    ambiguous = "No;Seller;Boss;Customer;State;Opened;Closed;Value\n1;Ada;Maya;Brenta;open;03/04/2025;;\n"
    folder = write_files(tmp_path, sales=ambiguous, regions=REGIONS)
    outcome = run(folder)
    assert "03/04/2025 can be read as dmy or mdy" in outcome.report["why"]
    assert not Deal.objects.exists()
    outcome = import_records([folder], parse(MAPPING, "old").declaring(date_order="mdy"))
    assert Deal.objects.get().created_at.date().isoformat() == "2025-03-03"


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_recognised(tmp_path, encoding, delimiter):
    text = "Note;No;Name\r\nsì, €;1;Zoë Straße\r\n".replace(";", delimiter)
    text = text.replace("sì, €", '"sì, €"')
    (tmp_path / "people.csv").write_bytes(text.encode(encoding))
    mapping = 'source = "x"\n[[reps]]\nfrom = "people"\ncolumns.id = "No"\ncolumns.name = "Name"\n'
    outcome = run(tmp_path, mapping)
    assert Rep.objects.get().name == "Zoë Straße"
    assert outcome.report["files"][0]["delimiter"] == delimiter
    assert outcome.report["files"][0]["columns_not_read"] == ["Note"]


@pytest.mark.django_db
def test_a_spreadsheets_hint_line_is_passed_over(tmp_path):
    (tmp_path / "reps.csv").write_text("sep=;\nid;name\nada;Ada\n")
    assert import_records([tmp_path], preset("touchline")).state == "done"
    assert Rep.objects.get().name == "Ada"


@pytest.mark.django_db
def test_a_missing_file_or_column_is_named(tmp_path):
    assert "regions.csv is missing" in run(write_files(tmp_path / "a", sales=SALES)).report["why"]
    folder = write_files(tmp_path / "b", sales=SALES.replace("Seller", "Vendor"), regions=REGIONS)
    assert "sales.csv has no column Seller" in run(folder).report["why"]


@pytest.mark.django_db
def test_files_and_columns_may_go_by_several_names(tmp_path):
    mapping = """
source = "x"
[files.people]
called = ["staff", "all-staff"]
[[reps]]
from = "people"
columns.id = { column = ["No", "Number"] }
columns.name = { column = ["Name", "Full name"] }
columns.email = { column = ["Mail", "E-mail"], optional = true }
"""
    outcome = run(write_files(tmp_path / "a", staff="Number,Full name\n1,Ada\n"), mapping)
    assert (Rep.objects.get().name, outcome.state) == ("Ada", "done")
    why = run(write_files(tmp_path / "b", staff="Number,Nick\n1,Ada\n"), mapping).report["why"]
    assert "staff.csv has no column Name or Full name" in why
