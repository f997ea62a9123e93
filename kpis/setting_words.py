"""What each dated setting is called, decides and may hold, for the page that sets it and the glossary that names it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pipeline.models import Contact


@dataclass(frozen=True)
class Words:
    """`sentence` ends what “From that day on …” would begin; `most` and `least` bound what may be entered."""

    label: str | Promise
    sentence: str | Promise
    unit: str
    least: int = 1
    most: int = 3650
    below: str = ""


DAYS, PERCENT, SECONDS, COUNT, SENIORITY = "days", "percent", "seconds", "count", "seniority"

WORDS = {
    "reply_window_days": Words(
        gettext_lazy("reply window"),
        gettext_lazy("How long somebody may take to answer and still count as having answered."),
        DAYS,
    ),
    "first_attempt_days": Words(
        gettext_lazy("silence before a first attempt"),
        gettext_lazy(
            "After so many days without a touch either way, the next touch is a first attempt again."
        ),
        DAYS,
    ),
    "inferred_reach_seconds": Words(
        gettext_lazy("talk time that counts as reached"),
        gettext_lazy("A call without a noted outcome counts as reached once it lasted this long."),
        SECONDS,
        most=3600,
    ),
    "executive_threshold": Words(
        gettext_lazy("lowest seniority of an executive"),
        gettext_lazy("Whoever stands at this level or above counts as an executive."),
        SENIORITY,
    ),
    "qualified_window_days": Words(
        gettext_lazy("time from qualified to prospect"),
        gettext_lazy("A qualified deal that becomes a prospect within these days counts as converted."),
        DAYS,
    ),
    "manoeuvre_amount_change": Words(
        gettext_lazy("amount moved too far"),
        gettext_lazy("When a deal's amount moves by more, its room for manoeuvre has to be discussed anew."),
        PERCENT,
        most=1000,
    ),
    "manoeuvre_slip_days": Words(
        gettext_lazy("close slipped too far"),
        gettext_lazy(
            "When the expected close slips by more, the room for manoeuvre has to be discussed anew."
        ),
        DAYS,
    ),
    "min_people_shown": Words(
        gettext_lazy("people behind a team median"),
        gettext_lazy("Medians and quartiles of a team are shown only with so many people behind them."),
        COUNT,
        least=3,
        most=1000,
    ),
    "pricing_alert_days": Words(
        gettext_lazy("days from pricing to a decision"),
        gettext_lazy(
            "A deal without a decision so long after pricing is flagged, while fewer than ten won deals say what is usual."
        ),
        DAYS,
    ),
    "departments_thin": Words(
        gettext_lazy("departments that are thin"),
        gettext_lazy("With fewer departments talking than this, a deal is critical."),
        COUNT,
        most=100,
        below="departments_fine",
    ),
    "departments_fine": Words(
        gettext_lazy("departments that are fine"),
        gettext_lazy("From so many departments on, a deal is fine."),
        COUNT,
        least=2,
        most=100,
    ),
    "two_way_days": Words(
        gettext_lazy("how far back departments count"),
        gettext_lazy("A department counts as involved while its last two-way touch is no older."),
        DAYS,
    ),
    "rating_stale_days": Words(
        gettext_lazy("age at which a rating is old"),
        gettext_lazy("Older ratings of a relationship are shown, but no longer averaged."),
        DAYS,
    ),
    "untouched_days": Words(
        gettext_lazy("days without a touch"),
        gettext_lazy("An open deal without a touch for so long, and without a meeting ahead, is untouched."),
        DAYS,
    ),
    "pressure_touches": Words(
        gettext_lazy("unanswered touches that press"),
        gettext_lazy("So many unanswered touches to one person are pressure."),
        COUNT,
        least=2,
        most=1000,
    ),
    "pressure_days": Words(
        gettext_lazy("days in which they press"),
        gettext_lazy("The days within which those unanswered touches fall."),
        DAYS,
    ),
    "small_source_leads": Words(
        gettext_lazy("leads of a source worth a line"),
        gettext_lazy("Lead sources with fewer leads are grouped."),
        COUNT,
        most=100_000,
    ),
}


def value_text(key: str, value: str) -> str:
    """A setting's value as people read it: “14 days”, “director”."""
    match WORDS[key].unit:
        case "seniority":
            return str(Contact.Seniority[value.upper()].label)
        case "days":
            return ngettext("%(n)s day", "%(n)s days", int(float(value))) % {"n": value}
        case "seconds":
            return _("%(n)s seconds") % {"n": value}
        case "percent":
            return _("%(n)s %%") % {"n": value}
    return value
