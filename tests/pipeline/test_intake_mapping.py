"""Another system's files become ours through a mapping; one with a fault is refused before any file."""

import pytest

from pipeline.intake.files import Refused
from pipeline.intake.mapping import load, parse, preset, preset_names
from pipeline.models import Account, Activity, Deal, Organisation, Rep, Stage, StageChange, Team
from tests.pipeline.bundle_files import write_files
from tests.pipeline.old_crm import MAPPING, REGIONS, SALES, run


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
