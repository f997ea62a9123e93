"""targets.csv: the one bundle file whose rows the KPI layer owns."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.catalogue import CATALOGUE
from kpis.models import Target
from pipeline.intake import bundle  # noqa: F401 -- targets are written after what they refer to
from pipeline.intake.cells import CellError
from pipeline.intake.tables import Check, declare


def finish_target(row: dict) -> None:
    """A target is set on a KPI of the catalogue."""
    if row.get("kpi") and row["kpi"] not in CATALOGUE:
        raise CellError("kpi", row["kpi"], _("no KPI of this key"))


declare(
    "targets",
    Target,
    "kpi* period* from_on* value* rep team stretch",
    finish=finish_target,
    checks=(
        Check(
            "s.rep IS NULL OR s.team IS NULL",
            "team",
            gettext_lazy("for a rep or for a team, not both"),
        ),
    ),
)
