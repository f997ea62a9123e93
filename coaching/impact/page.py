"""Which coaching helps: the reviewed commitments of a manager's reps put together, skill by skill."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.impact import forest
from coaching.impact.effects import Pooled, pooled
from coaching.impact.verdicts import STATES
from coaching.impact.words import change
from coaching.models import Commitment
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi
from kpis.judging.window_samples import MONTH, per_day
from pipeline import access

KINDS = Commitment.Verdict


@dataclass(frozen=True)
class Skill:
    """One KPI coached on: its reviewed commitments, latest first; `seen` are those the reader may open."""

    kpi: Kpi
    commitments: list[Commitment]
    seen: frozenset[int]
    currency: str

    @cached_property
    def counts(self) -> list[tuple[str, str, int]]:
        """(state, word, how many) for every verdict there is."""
        found = Counter(one.verdict for one in self.commitments)
        return [(STATES[kind], str(kind.label), found[kind]) for kind in KINDS]

    @cached_property
    def judged(self) -> list[Commitment]:
        """Those with an effect; too early ones have none."""
        return [one for one in self.commitments if "effect" in one.figures.get("verdict", {})]

    @cached_property
    def together(self) -> Pooled | None:
        return pooled([(_of(one)["effect"], _of(one)["error"]) for one in self.judged])

    @property
    def effect(self) -> str:
        """The pooled effect with its interval, and per what a sum is told."""
        if self.together is None:
            return ""
        words = {name: self._change(getattr(self.together, name)) for name in ("mean", "low", "high")}
        return _("%(mean)s (%(low)s to %(high)s)") % words

    @property
    def per(self) -> str:
        return _("per %(days)d working days") % {"days": MONTH} if per_day(self.kpi) else ""

    @property
    def says(self) -> str:
        """What the commitments together show, as seen and not as proved."""
        if self.together is None:
            return _("It takes two judged commitments to put them together.")
        low, high = self._good(self.together.low), self._good(self.together.high)
        if min(low, high) > 0:
            return _("Those coached on it did better than those who were not.")
        if max(low, high) < 0:
            return _("Those coached on it did worse than those who were not.")
        return _("No difference that chance could not explain.")

    @property
    def picture(self) -> SafeString:
        rows = [(STATES[KINDS(one.verdict)], self._interval(_of(one))) for one in self.judged]
        together = self._interval(vars(self.together), "mean") if self.together else None
        label = ngettext(
            "%(kpi)s: effect of %(count)d commitment with its interval, better to the right",
            "%(kpi)s: effects of %(count)d commitments with their intervals, better to the right",
            len(rows),
        ) % {"kpi": self.kpi.label, "count": len(rows)}
        return forest.forest(rows, together, label)

    @property
    def lines(self) -> list[tuple[Commitment, str, str, str, str]]:
        """The picture as a table: commitment, address if the reader may open it, effect, interval, verdict."""
        return [
            (
                one,
                self._url(one),
                self._change(found["effect"]),
                self._between(found),
                one.get_verdict_display(),
            )
            for one in self.judged
            for found in [_of(one)]
        ]

    def _url(self, one: Commitment) -> str:
        return reverse("commitment_review", args=[one.pk]) if one.pk in self.seen else ""

    def _between(self, found: dict) -> str:
        ends = {name: self._change(found[name]) for name in ("low", "high")}
        return _("%(low)s to %(high)s") % ends

    def _interval(self, found: dict, middle: str = "effect") -> forest.Interval:
        ends = sorted(self._good(found[name]) for name in ("low", "high"))
        return self._good(found[middle]), ends[0], ends[1]

    def _good(self, value: float) -> float:
        """Better is to the right, whichever way the KPI should go."""
        return value if self.kpi.good == "up" else -value

    def _change(self, value: float) -> str:
        return change(value, self.kpi, self.currency)


def _of(one: Commitment) -> dict:
    return one.figures["verdict"]


def skills_of(user, currency: str) -> list[Skill]:
    """Skill by skill, those most often coached first; two queries whatever the number of commitments."""
    found = reviewed_of(user).select_related("rep").order_by("-reviewed_at", "-pk")
    seen = frozenset(Commitment.objects.visible_to(user).values_list("pk", flat=True))
    by_kpi: dict[str, list[Commitment]] = {}
    for one in found:
        by_kpi.setdefault(one.kpi, []).append(one)
    skills = [Skill(CATALOGUE[key], ones, seen, currency) for key, ones in by_kpi.items() if key in CATALOGUE]
    return sorted(skills, key=lambda skill: (-len(skill.commitments), str(skill.kpi.label)))


def reviewed_of(user) -> QuerySet[Commitment]:
    """Reviewed commitments of the reps of the user's teams; an admin's are everybody's."""
    found = Commitment.objects.filter(reviewed_at__isnull=False).exclude(verdict="")
    if access.is_admin(user):
        return found
    return found.filter(rep__in=access.reps_led_by(user))
