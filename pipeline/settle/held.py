"""A dated setting as an expression over the day of a row, for statements that settle."""

from django.db.models import F

from pipeline.models import Setting
from pipeline.models.organisation import DEFAULTS


def setting_on(key: str, day: str) -> str:
    """The number in force on each row's `day`, a column of the statement it is put into."""
    oldest_first = Setting.objects.filter(key=key).order_by(F("from_on").asc(nulls_first=True))
    held = float(DEFAULTS[key])
    cases = ""
    for start, value in oldest_first.values_list("from_on", "value"):
        if start is None:
            held = float(value)
        else:
            cases = f" WHEN {day} >= date '{start:%Y-%m-%d}' THEN {float(value)!r}" + cases
    return f"(CASE{cases} ELSE {held!r} END)" if cases else f"({held!r})"
