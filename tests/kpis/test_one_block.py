"""One KPI, one place: a block in the catalogue is all there is to adding one, and no key is known elsewhere."""

import ast
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Q

from kpis import conditions as c
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import Count, Median, Share, Sum
from kpis.checks import check_catalogue
from kpis.rows import ACTIVITIES, CLOSED_DEALS, OPEN_DEALS
from kpis.values import Value

ROOT = Path(__file__).parents[2]
# Words of the records that are a KPI's key as well: the bundle's for a kind of fact, a settled column of deals.
WORDS_OF_THE_RECORDS = {"nda_signed", "follow_ups"}


def kpi(measure, key="lost_value", unit=Unit.MONEY, **more) -> Kpi:
    return Kpi(
        key=key,
        category=Category.RESULT,
        label="Lost",
        unit=unit,
        definition="What got away.",
        sentence="%(count)s deals lost",
        measure=measure,
        good="down",
        seeds=("T1",),
        ask="To whom?",
        **more,
    )


@pytest.fixture
def added(monkeypatch):
    def add(block: Kpi) -> Kpi:
        monkeypatch.setitem(CATALOGUE, block.key, block)
        assert check_catalogue(None) == []
        return block

    return add


def shown(key: str, *args: str) -> dict:
    out = StringIO()
    call_command("show_kpi", key, "--json", *args, stdout=out)
    return json.loads(out.getvalue())[0]


def test_a_block_gives_number_evidence_and_command(world, added):
    """Ada lost €300 and €200 in March, won €1,000, and lost €50 in April: €500 of March got away."""
    added(
        kpi(
            Sum(CLOSED_DEALS, where=c.LOST, value=Value("amount_cents")),
            beside=(Beside("count", "deals lost", Count(CLOSED_DEALS, where=c.LOST), Unit.COUNT),),
        )
    )
    for amount, stage, closed in (
        (300, "lost", "03-10"),
        (200, "lost", "03-20"),
        (1000, "won", "03-21"),
        (50, "lost", "04-01"),
    ):
        world.deal(world.ada, ("lead", "2026-02-01 09:00"), (stage, f"2026-{closed} 09:00"), amount=amount)
    reading = world.reading("lost_value", world.ada, "2026-03")
    assert (reading.value, reading.evidence_count, reading.sentence) == (500, 2, "2 deals lost")
    assert reading.beside["count"][1] == 2
    assert [row.amount_cents for row in world.evidence("lost_value", world.ada, "2026-03").counted] == [
        20000,
        30000,
    ]
    line = shown("lost_value", "--rep", "Ada", "--period", "2026-03")
    assert (line["value"], line["unit"], line["evidence_count"]) == (500.0, "money", 2)
    assert world.value("lost_value", None, "2026-03-01..2026-05-01") == 550


def test_every_other_kind_of_measure_takes_a_block_as_well(world, added):
    added(
        kpi(Share(ACTIVITIES, where=c.DIALS, counted=Q(outcome=3)), key="voicemail_rate", unit=Unit.PERCENT)
    )
    added(
        kpi(
            Median(OPEN_DEALS, where=Q(reached=1), value=Value("reached")),
            key="lead_median",
            unit=Unit.NUMBER,
        )
    )
    world.call(world.ada, "2026-03-03 09:00", outcome="voicemail")
    world.call(world.ada, "2026-03-03 10:00", outcome="reached")
    for _ in range(5):
        world.deal(world.ada, ("lead", "2026-02-01 09:00"))
    assert world.value("voicemail_rate", world.ada, "2026-03") == 0.5
    assert world.value("lead_median", world.ada, "2026-03") == 1


def test_a_condition_the_bulk_reading_does_not_know_fails_at_start_up(monkeypatch):
    from django.db.models import Exists

    from pipeline.models import Activity

    bad = kpi(Count(ACTIVITIES, where=Q(Exists(Activity.objects.all()))), key="bad", unit=Unit.COUNT)
    monkeypatch.setitem(CATALOGUE, "bad", bad)
    assert [error.id for error in check_catalogue(None)] == ["kpis.E002"]


def test_every_kpi_says_what_it_is():
    for block in CATALOGUE.values():
        for text in (block.label, block.definition, block.ask, block.formula, *block.seeds):
            assert str(text).strip(), block.key
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", block.key)
        assert block.good in ("up", "down")


def python_strings(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def sources() -> list[Path]:
    """Code, templates, styles and scripts; not the catalogue, the tests, or the demo, whose rows are data."""
    found = [path for layer in ("coaching", "kpis", "pipeline") for path in (ROOT / layer).rglob("*.py")]
    found += [
        *(ROOT / "templates").rglob("*.*"),
        *(ROOT / "static").rglob("*.*ss"),
        *(ROOT / "static").rglob("*.js"),
    ]
    data = (ROOT / "kpis/catalogue", ROOT / "pipeline/demo")
    return [path for path in found if not any(path.is_relative_to(place) for place in data)]


def test_no_kpi_key_appears_outside_the_catalogue():
    paths = sources()
    assert len(paths) > 100
    keys = set(CATALOGUE) - WORDS_OF_THE_RECORDS
    word = re.compile(rf"(?<![\w.])({'|'.join(keys)})(?!\w)")
    said = {
        f"{path.relative_to(ROOT)}: {match}"
        for path in paths
        for text in (python_strings(path) if path.suffix == ".py" else [path.read_text(errors="replace")])
        for match in word.findall(text)
    }
    assert said == set()
