"""The two ways of reading columns, binary in bulk and COPY inside a transaction, give the same arrays."""

import numpy as np
import pytest

from kpis.catalogue import CATALOGUE
from kpis.frames import Reps, read
from kpis.kernel import Kernel
from kpis.periods import Calendar, Grid
from kpis.reader import Reader
from kpis.recompute import drain
from kpis.rows import OPEN_DEALS
from pipeline.models import Activity, Contact, DealSpan, Rep
from tests.kpis.mean_world import MeanWorld

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def everybody(now) -> Reps:
    world = MeanWorld()
    Contact.objects.filter(pk=world.emil.pk).update(department='Fin"ance, ,\n\\N;é')
    drain()
    return Reps.chosen([0, *Rep.objects.values_list("pk", flat=True)])


def test_every_source_reads_alike_both_ways(everybody):
    sources = {measure.of.name: measure.of for kpi in CATALOGUE.values() for measure in kpi.measures.values()}
    apart, here = Reader(everybody, bulk=True), Reader(everybody, bulk=False)
    for source in sources.values():
        first, second = apart.frame(source), here.frame(source)
        assert first.size == second.size > 0
        orders = [np.argsort(_keys(frame), kind="stable") for frame in (first, second)]
        for name in sorted(first.columns):
            (a, a_known), (b, b_known) = (
                (values[order], known[order])
                for (values, known), order in zip(
                    (first.columns[name], second.columns[name]), orders, strict=True
                )
            )
            assert a.dtype == b.dtype, (source.name, name)
            assert a_known.tolist() == b_known.tolist(), (source.name, name)
            assert a[a_known].tolist() == b[b_known].tolist(), (source.name, name)


def _keys(frame) -> np.ndarray:
    """The rows in an order of their own: all columns as text."""
    columns = [
        np.where(known, values, "").astype(str)
        for values, known in (frame.columns[n] for n in sorted(frame.columns))
    ]
    return np.array(["|".join(row) for row in zip(*columns, strict=True)])


def test_the_kernel_computes_the_same_from_both(everybody):
    calendar = Calendar.current()
    periods = calendar.grid(DealSpan.objects.earliest("from_day").from_day, calendar.today())
    grid = Grid(periods, calendar, calendar.today())
    apart, here = (Kernel(Reader(everybody, bulk=bulk), grid).compute() for bulk in (True, False))
    assert {key: dict(value) for key, value in apart.items()} == {
        key: dict(value) for key, value in here.items()
    }


def test_texts_numbers_and_gaps_survive_both_readings(everybody):
    columns = ["name", "department"]
    rows = Contact.objects.filter(name__in=["Emil", "Carla"])
    tables = [read(rows, columns, bulk).sort_by("name").to_pylist() for bulk in (True, False)]
    assert tables[0] == tables[1] == [
        {"name": "Carla", "department": ""},
        {"name": "Emil", "department": 'Fin"ance, ,\n\\N;é'},
    ]  # fmt: skip
    spans = [
        read(OPEN_DEALS.table(), ["id", "amount", "to_day"], bulk).sort_by("id") for bulk in (True, False)
    ]
    assert [str(v) for v in spans[0]["amount"].to_pylist()] == [
        str(v) for v in spans[1]["amount"].to_pylist()
    ]
    assert spans[0]["to_day"].to_pylist() == spans[1]["to_day"].to_pylist()
    assert None in spans[0]["to_day"].to_pylist()


def test_no_rows_read_as_empty_columns_both_ways(everybody):
    for bulk in (True, False):
        table = read(Activity.objects.filter(pk=0), ["id", "day", "at"], bulk)
        assert table.num_rows == 0
        assert table.column_names == ["id", "day", "at"]
