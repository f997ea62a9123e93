"""What was observed of a skill in sentences, for the page of its KPI and the sheet of a session."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.asked import Asked
from coaching.figures import DASH, number
from coaching.observed.agreement import LEAST, Seen, by_criterion, mean_of, seen_of
from coaching.observed.rubrics import HIGHEST
from pipeline.models import Rep

# Observations are few: a skill is told by those of the year before the day.
YEAR = timedelta(days=365)


def observed(rep: Rep, skill: str, asked: Asked) -> list[str]:
    """A sentence for each criterion that speaks of this KPI, over the year up to the period's end; one query."""
    until = asked.period.end
    seen = [
        one
        for one in seen_of(rep, asked.calendar.zone)
        if one.skill == skill and until - YEAR <= one.on < until
    ]
    return [_sentence(text, rows, rep) for text, rows in by_criterion(seen).items()]


def _sentence(text: str, rows: list[Seen], rep: Rep) -> str:
    lead = [one.lead for one in rows if one.lead is not None]
    own = [one.own for one in rows if one.own is not None]
    words = {
        "criterion": text,
        "mean": mean_text(mean_of(lead)),
        "most": HIGHEST,
        "talks": talks_text(len(lead)),
    }
    if mean_of(lead) is None:
        words["least"] = LEAST
        return _("“%(criterion)s”: %(talks)s scored so far, a mean from %(least)d on.") % words
    if mean_of(own) is None:
        return _("“%(criterion)s” %(mean)s of %(most)d over %(talks)s in the manager's eyes.") % words
    words |= {"own": mean_text(mean_of(own)), "name": rep.name}
    return (
        _(
            "“%(criterion)s” %(mean)s of %(most)d over %(talks)s in the manager's eyes, %(own)s in the eyes of %(name)s."
        )
        % words
    )


def mean_text(mean: float | None) -> str:
    return DASH if mean is None else number(mean, 1)


def talks_text(count: int) -> str:
    return ngettext("%(count)d call or meeting", "%(count)d calls and meetings", count) % {"count": count}
