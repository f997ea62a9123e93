"""How days and moments read where Django has no format: by how far away they are, or with their weekday."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _


def days_from(day: date | None, today: date) -> str:
    """How far a day lies from today, in words."""
    if day is None:
        return ""
    away = (day - today).days
    if away == 0:
        return _("today")
    if away > 0:
        return ngettext("in %(count)d day", "in %(count)d days", away) % {"count": away}
    return ngettext("%(count)d day ago", "%(count)d days ago", -away) % {"count": -away}


def weekday(day: date) -> str:
    """“Tue 24 Nov”."""
    # Translators: letters as in Django's date formats; “D” is the weekday in short, “l” in full.
    return _small(date_format(day, pgettext("date format", "D j M")))


def weekday_name(day: date) -> str:
    """“Tuesday”, as it stands within a sentence."""
    return _small(date_format(day, "l"))


def month_of(day: date) -> str:
    """“February 2025”, as it stands within a sentence."""
    return _small(date_format(day, "YEAR_MONTH_FORMAT"))


def moment(at: datetime, with_year: bool = False) -> str:
    """“Tue 24 Nov, 09:30” in the time zone that is active."""
    local = timezone.localtime(at)
    if with_year:
        return _small(date_format(local, pgettext("date format", "D j M Y, H:i")))
    return _small(date_format(local, pgettext("date format", "D j M, H:i")))


def _small(text: str) -> str:
    """Italian and Spanish write weekdays and months small, which Django's own words do not always."""
    return text if get_language() in (None, "en") else text.lower()
