"""Standing: a reading against its target. A word, never a score."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kpis.catalogue.kpi import Kpi, Unit
from kpis.readings import Reading
from kpis.targets import Due

# A sum is watched, not judged, while it is within a fifth of what is due; a team may set another share.
NEAR = 0.8


class Standing(TextChoices):
    ON_TRACK = "on_track", _("on track")
    WATCH = "watch", _("watch")
    OFF_TRACK = "off_track", _("off track")
    TOO_FEW = "too_few", _("too few to say")


def standing(kpi: Kpi, reading: Reading, target: Due | None, near: float = NEAR) -> Standing | None:
    """None without a target; too few where there is no value or fewer rows than the KPI's minimum.

    `near`: the share of what is due from which a sum is watched.

    A share is off track only when its whole 95 % interval misses the target: a small sample can at most be watched.
    """
    if target is None:
        return None
    if reading.value is None or (reading.denominator is not None and reading.evidence_count < kpi.min_sample):
        return Standing.TOO_FEW
    missed = (lambda a, b: a < b) if kpi.good == "up" else (lambda a, b: a > b)
    if not missed(reading.value, target.due):
        return Standing.ON_TRACK
    if kpi.unit == Unit.PERCENT and reading.low is not None:
        best = reading.high if kpi.good == "up" else reading.low
        return Standing.OFF_TRACK if missed(best, target.due) else Standing.WATCH
    border = target.due * near if kpi.good == "up" else target.due / near
    return Standing.OFF_TRACK if missed(reading.value, border) else Standing.WATCH
