"""What a judgement says: why a figure is a flag, and just as plainly why it is none."""

from math import floor, log10

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue.kpi import Unit
from kpis.judging.comparing import Comparison, Seen
from kpis.judging.decision import ALERT, Finding
from kpis.judging.funnel import Gap, Peers
from kpis.judging.magnitudes import Ranks
from kpis.judging.tallies import Rates, Shares

THIN = "\N{NARROW NO-BREAK SPACE}"
RAREST = 10_000


def why(finding: Finding, gap: Gap, peers: Peers, comparing: Comparison, seen: Seen, comparisons: int) -> str:
    """One sentence: the figure, what the role has, and what chance would do."""
    words = {
        "seen": observed(peers, comparing, seen),
        "mean": said(comparing.in_unit(peers.mean, seen), seen.reading.kpi.unit),
        "odds": _one_in(finding.p),
        "all": number_format(comparisons),
        "by_chance": _rounded(ALERT * comparisons),
    }
    return _template(finding, gap) % words


def _template(finding: Finding, gap: Gap) -> str:
    if finding.is_flag:
        return _(
            "%(seen)s, where reps of the same job are at %(mean)s: a gap this wide comes by chance about once in %(odds)s."
        )
    if finding.is_outside:
        return _(
            "%(seen)s is far from the %(mean)s of reps of the same job, but of %(all)s comparisons %(by_chance)s are "
            "expected out there by chance: no flag."
        )
    if gap.chance <= ALERT:
        return _("%(seen)s is no further from the %(mean)s of reps of the same job than reps usually differ.")
    return _("%(seen)s is within chance: reps of the same job are at %(mean)s.")


def observed(peers: Peers, comparing: Comparison, seen: Seen) -> str:
    """The figure with what it stands on: “3 of 10”, “38 in 20 days at work”."""
    reading = seen.reading
    value = said(reading.value, reading.kpi.unit)
    if isinstance(peers, Shares):
        parts = (reading.numerator or 0, reading.denominator or 0)
        hits, of = reversed(parts) if comparing.is_inverse else parts
        return _("%(hits)s of %(of)s") % {"hits": number_format(hits), "of": number_format(of)}
    if isinstance(peers, Ranks):
        return _("A median of %(value)s over %(rows)s") % {
            "value": value,
            "rows": number_format(reading.evidence_count),
        }
    if comparing.is_timed:
        return ngettext(
            "%(value)s in %(days)s day at work", "%(value)s in %(days)s days at work", seen.days
        ) % {
            "value": value,
            "days": seen.days,
        }
    if isinstance(peers, Rates) and reading.denominator is not None:
        return _("%(top)s for %(bottom)s") % {
            "top": number_format(reading.numerator or 0),
            "bottom": number_format(reading.denominator),
        }
    return value


def said(value: float | None, unit: str) -> str:
    """A value as a sentence says it; percent as a fraction, money in whole units of the organisation's currency."""
    if value is None:
        return "–"
    if unit == Unit.PERCENT:
        share = round(value * 100, 1 if 0 < abs(value) < 0.0995 else 0)
        return f"{number_format(_whole(share))}{THIN}%"
    if unit == Unit.DAYS:
        return ngettext("%(n)s day", "%(n)s days", round(value)) % {"n": _rounded(value)}
    if unit == Unit.HOURS:
        return _("%(n)s h") % {"n": _rounded(value)}
    return _rounded(value)


def _rounded(value: float) -> str:
    digits = 0 if abs(value) >= 20 or float(value).is_integer() else 1
    return number_format(_whole(round(value, digits)), use_l10n=True, force_grouping=True)


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def _one_in(p: float) -> str:
    """1 / p to one digit: more would claim more than is known."""
    if p <= 1 / RAREST:
        return _("%(n)s or more") % {"n": number_format(RAREST, force_grouping=True)}
    odds = 1 / p
    digit = 10 ** floor(log10(odds))
    return number_format(round(odds / digit) * digit, 0, force_grouping=True)


def too_few_peers(people: int, needed: int) -> str:
    return ngettext(
        "Only %(n)s rep of the same job has a figure to compare, and it takes %(needed)s.",
        "Only %(n)s reps of the same job have figures to compare, and it takes %(needed)s.",
        people,
    ) % {"n": people, "needed": needed}


def summary(reps: int, kpis: int, flags: int, alarms: float) -> str:
    """What was judged together, and how many of its flags to expect to be wrong."""
    parts = {
        "reps": ngettext("%(n)s rep", "%(n)s reps", reps) % {"n": reps},
        "kpis": ngettext("%(n)s KPI", "%(n)s KPIs", kpis) % {"n": kpis},
        "flags": ngettext("%(n)s flag", "%(n)s flags", flags) % {"n": flags},
        "alarms": number_format(alarms, 1),
    }
    return _("%(reps)s × %(kpis)s judged, %(flags)s, %(alarms)s false alarms to expect") % parts
