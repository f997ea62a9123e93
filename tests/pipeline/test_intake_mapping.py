"""Another system's files become ours through a mapping; one with a fault is refused before any file."""

import pytest

from pipeline.intake.files import Refused
from pipeline.intake.importing import import_records
from pipeline.intake.mapping import load, parse, preset, preset_names
from pipeline.models import Account, Activity, Deal, Organisation, Rep, Stage, StageChange, Team
from tests.pipeline.bundle_files import write_files

SALES = """\
No;Seller;Boss;Customer;State;Opened;Closed;Value
1;Ada;Maya;Brenta;won;01/02/2025;15/02/2025;1.250,50
2;Ben;Maya;Ostia;lost;03/02/2025;04/02/2025;
3;Ada;Maya;Brenta;open;05/02/2025;;900,00
4;Ada;Maya;;test;05/02/2025;;1,00
"""
REGIONS = "Boss;Region\nMaya;North\n"
MAPPING = """
source = "old_crm"
zone = "Europe/Rome"

[organisation]
currency = "CHF"
time_zone = "Europe/Rome"

[[teams]]
from = "sales"
distinct = true
where = { column = "State", is_not = "test", reason = "trial row" }
columns.id = "Boss"
columns.name = { join = "regions", on = "Boss", column = "Region" }

[[reps]]
from = "sales"
distinct = true
columns.id = "Seller"
columns.name = "Seller"
columns.team = "Boss"

[[accounts]]
from = "sales.csv"
distinct = true
columns.id = "Customer"
columns.name = "Customer"

[[stages]]
rows = [
  { id = "open", name = "Open", position = 1, milestone = "qualified" },
  { id = "won", name = "Won", position = 2, milestone = "won" },
  { id = "lost", name = "Lost", position = 3, milestone = "lost" },
]

[[deals]]
from = "sales"
where = [{ column = "State", is_not = "test", reason = "trial row" }]
columns.id = "No"
columns.name = { template = "{Customer} no. {No}" }
columns.account = "Customer"
columns.owner = "Seller"
columns.amount = "Value"
columns.currency = { constant = "CHF" }
columns.created_at = "Opened"
columns.closed_at = { column = "Closed", when = { column = "State", is = ["won", "lost"] } }
columns.lost_reason = { first_of = [{ column = "Reason", optional = true }, { constant = "not said" }], \
when = { column = "State", is = "lost" } }

[[stage_changes]]
from = "sales"
where = { column = "State", is_not = "test", reason = "trial row" }
columns.deal = "No"
columns.stage = { constant = "open" }
columns.at = "Opened"

[[stage_changes]]
from = "sales"
where = { column = "Closed", filled = true, reason = "still open" }
columns.deal = "No"
columns.stage = { column = "State", values = { won = "won", lost = "lost" } }
columns.at = "Closed"
columns.seq = { constant = 1 }
"""


def run(folder, mapping=MAPPING, **options):
    return import_records([folder], parse(mapping, "old"), **options)


@pytest.fixture
def sales(tmp_path):
    return write_files(tmp_path / "old", sales=SALES, regions=REGIONS)


@pytest.mark.django_db
def test_a_mapping_makes_our_records_of_theirs(sales):
    outcome = run(sales)
    assert outcome.state == "done", outcome.report
    deal = Deal.objects.get(external_id="1")
    assert (deal.source, deal.name, str(deal.amount), deal.currency) == (
        "old_crm",
        "Brenta no. 1",
        "1250.50",
        "CHF",
    )
    assert (deal.owner.name, deal.owner.team.name, deal.account.name) == ("Ada", "North", "Brenta")
    assert (deal.created_at.isoformat(), deal.is_created_dated) == ("2025-01-31T23:00:00+00:00", True)
    assert deal.stage.name == "Won"  # their deals carry no stage of ours: the last change tells it
    assert Deal.objects.get(external_id="2").lost_reason == "not said"
    assert Organisation.current().currency == "CHF"
    assert StageChange.objects.count() == 5
    assert (Team.objects.count(), Rep.objects.count(), Account.objects.count(), Stage.objects.count()) == (
        1,
        2,
        2,
        3,
    )


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
def test_a_value_without_translation_is_refused_or_treated_as_said(tmp_path):
    rules = {"": None, ', otherwise = "keep"': "smoke", ', otherwise = "empty"': ""}
    folder = write_files(
        tmp_path, calls="No,Rep,Way,When\n1,ada,smoke,2025-01-01T10:00:00Z\n", reps="id\nada\n"
    )
    for otherwise, stored in rules.items():
        mapping = f"""
source = "x"
[[reps]]
from = "reps"
columns.id = "id"
columns.name = "id"
[[activities]]
from = "calls"
columns.id = "No"
columns.rep = "Rep"
columns.kind = {{ constant = "call" }}
columns.at = "When"
columns.type = {{ column = "Way", values = {{ phone = "dial" }}{otherwise} }}
"""
        outcome = run(folder, mapping)
        if stored is None:
            [reject] = outcome.rejects.listed
            assert (reject.column, reject.value, reject.line) == ("Way", "smoke", 2)
        else:
            assert Activity.objects.get().type == stored


@pytest.mark.django_db
def test_a_join_with_two_answers_needs_a_pick(tmp_path):
    folder = write_files(tmp_path, sales=SALES, regions=REGIONS + "Maya;South\n")
    assert "pick" in run(folder).report["why"]
    assert (
        run(folder, MAPPING.replace('column = "Region"', 'column = "Region", pick = "last"')).state == "done"
    )
    assert Team.objects.get().name == "South"


@pytest.mark.django_db
def test_a_rep_with_two_teams_is_a_fault_and_not_a_choice(tmp_path):
    sales = SALES + "5;Ada;Olga;Brenta;open;06/02/2025;;\n"
    outcome = run(write_files(tmp_path, sales=sales, regions=REGIONS + "Olga;South\n"))
    assert [(r.file, r.line, r.column) for r in outcome.rejects.listed] == [("sales.csv", 6, "Seller")]


@pytest.mark.django_db
def test_a_missing_file_or_column_is_named(tmp_path):
    assert "regions.csv is missing" in run(write_files(tmp_path / "a", sales=SALES)).report["why"]
    folder = write_files(tmp_path / "b", sales=SALES.replace("Seller", "Vendor"), regions=REGIONS)
    assert "sales.csv has no column Seller" in run(folder).report["why"]


@pytest.mark.django_db
def test_an_own_mapping_can_extend_a_preset(tmp_path):
    text = """
extends = "salesforce"
[[stages]]
rows = [{ id = "Signed", name = "Signed", position = 1, milestone = "won" }]
"""
    mapping = parse(text, "ours")
    assert mapping.source == "salesforce"
    assert [row["id"] for block in mapping.blocks if block.table == "stages" for row in block.rows] == [
        "Signed"
    ]
    assert {block.table for block in mapping.blocks} >= {"deals", "contacts", "accounts"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "source is missing"),
        ('source = "My CRM"', "source: a short name"),
        ('source = "x"\ncolour = 1', "unknown key colour"),
        ('source = "x"\ndate_order = "us"', "date_order: must be one of"),
        ('source = "x"\nzone = "Rome"', "zone: no time zone"),
        ('source = "x"\n[reps]\nfrom = "a"', "a list of blocks"),
        ('source = "x"\n[[reps]]\ndistinct = true', "either from or rows"),
        ('source = "x"\n[[reps]]\nfrom = "a"\ncolumns.id = "Id"', "name is missing"),
        ('source = "x"\n[[reps]]\nfrom = "a"\ncolumns.nick = "N"', "unknown key nick"),
        (
            'source = "x"\n[[reps]]\nfrom = "a"\ncolumns = { id = 1, name = "N" }',
            "a column's name, or a table",
        ),
        (
            'source = "x"\n[[reps]]\nfrom = "a"\ncolumns = { id = { colum = "I" }, name = "N" }',
            "a table with one of",
        ),
        (
            'source = "x"\n[[reps]]\nfrom = "a"\ncolumns = { id = { column = "I", values = {}, otherwise = "skip" },'
            ' name = "N" }',
            "otherwise: must be one of",
        ),
        (
            'source = "x"\n[[reps]]\nfrom = "a"\nwhere = { column = "A" }\ncolumns = {id="I",name="N"}',
            "one of is",
        ),
        ('source = "x"\n[[reps]]\nrows = [{ id = "a" }]', "name is missing"),
        ('extends = "nobody"', "no preset nobody"),
        ("source = ", "mapping bad"),
    ],
)
def test_a_mapping_with_a_fault_says_where(text, why):
    with pytest.raises(Refused) as refusal:
        parse(text, "bad")
    assert why in str(refusal.value)


def test_every_shipped_preset_reads(tmp_path):
    assert {"touchline", "salesforce"} <= set(preset_names())
    for name in preset_names():
        assert preset(name).name == name
    with pytest.raises(Refused, match="no preset gold"):
        preset("gold")
    with pytest.raises(Refused, match="is not there"):
        load(tmp_path / "none.toml")


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
