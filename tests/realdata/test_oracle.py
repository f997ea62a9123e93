"""Published data through the eyes of plain SQL: every figure of every rep, team and period that is stored."""

import pytest

from kpis.models import Snapshot
from kpis.periods import Calendar
from tests.kpis.oracle import disagreements, oracle_answers
from tests.realdata.figures import computed
from tests.realdata.published import needs

# folder, mapping, a moment of its own time
SETS = [
    ("maven_crm", "maven_crm", "2018-01-02T12:00Z"),
    ("bpic2012", "bpic2012", "2012-04-02T12:00Z"),
    ("crm_exports/salesforce/dev_edition", "salesforce", "2026-11-20T12:00Z"),
    ("crm_exports/hubspot/faker_dump", "hubspot", "2026-11-20T12:00Z"),
]


@pytest.mark.parametrize(
    ("folder", "mapping", "now"), [pytest.param(*one, id=one[1], marks=needs(one[0])) for one in SETS]
)
def test_every_figure_is_what_plain_sql_says(folder, mapping, now, db, django_db_blocker):
    with computed(django_db_blocker, folder, mapping, now):
        answers = oracle_answers(Calendar.current().today())
        assert Snapshot.objects.filter(kind="organisation").exists()
        assert sum(map(len, answers.values())) > 500, "figures to hold them against"
        quarrels = disagreements(answers)
        assert not quarrels, (len(quarrels), quarrels[:20])
