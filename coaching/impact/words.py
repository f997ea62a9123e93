"""What a verdict says in words: where the figure went, against whom, and what that tells."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coaching.figures import DASH, figure, points
from kpis.catalogue.kpi import Kpi, Unit
from kpis.judging.window_samples import MONTH, per_day
from kpis.words import Said

NO_KPI = gettext_lazy("No KPI was agreed: say in your own words what changed.")
MINUS = "\N{MINUS SIGN}"


def level(value: float | None, kpi: Kpi, currency: str) -> str:
    """A value of a window: a share, days, or a sum per twenty working days."""
    if value is None:
        return DASH
    shown = value if kpi.unit == Unit.PERCENT else round(value, 0 if kpi.unit == Unit.MONEY else 1)
    return figure(shown, kpi.unit, currency)


def change(value: float | None, kpi: Kpi, currency: str) -> str:
    """A change with its sign: percentages move by points, everything else in its own unit."""
    if value is None:
        return DASH
    if kpi.unit == Unit.PERCENT:
        text = points(value)
    else:
        text = level(abs(value), kpi, currency)
    return f"{'+' if value >= 0 else MINUS}{text}"


def _times(share: float) -> int:
    """Of ten."""
    return min(max(round(10 * share), 0), 10)


@dataclass(frozen=True)
class Told:
    """The facts of one verdict, told: the sentence, the table behind it, and the rule it was judged by."""

    kpi: Kpi
    plan: dict
    facts: dict
    currency: str

    @property
    def sentence(self) -> str:
        because = self.facts.get("because")
        if because:
            return getattr(self, f"_{because}")()
        return " ".join([self._moved(), self._expected(), self._result()])

    def _window(self) -> str:
        words = {"day": _day(self.plan["readable_on"]), "so_far": self._so_far}
        return _("Too early: the figures are complete on %(day)s. So far: %(so_far)s.") % words

    def _baseline(self) -> str:
        return _(
            "No evidence either way: too little was measured before this was agreed, so that there is nothing to start from."
        )

    def _sample(self) -> str:
        if per_day(self.kpi):
            text = ngettext(
                "Too early: about %(needs)d more working day is needed before anything can be said.",
                "Too early: about %(needs)d more working days are needed before anything can be said.",
                self.facts["needs"],
            )
        else:
            text = ngettext(
                "Too early: about %(needs)d more is needed before anything can be said. So far: %(so_far)s.",
                "Too early: about %(needs)d more are needed before anything can be said. So far: %(so_far)s.",
                self.facts["needs"],
            )
        return text % {"needs": self.facts["needs"], "so_far": self._so_far}

    def _nobody(self) -> str:
        words = {"count": self.facts["controls"], "least": self.plan["least_controls"]}
        return self._moved() + " " + ngettext(
            "There is nobody to compare with: %(count)d colleague in the same job was there, in full swing and not "
            "coached on this in both windows, and it takes %(least)d.",
            "There is nobody to compare with: %(count)d colleagues in the same job were there, in full swing and not "
            "coached on this in both windows, and it takes %(least)d.",
            self.facts["controls"],
        ) % words  # fmt: skip

    @property
    def _so_far(self) -> str:
        return str(self.kpi.sentence % {name: Said(value) for name, value in self.facts["numbers"].items()})

    def _moved(self) -> str:
        words = {name: self._level(self.facts[name]) for name in ("before", "after")}
        said = _("%(kpi)s went from %(before)s to %(after)s%(per)s.")
        return said % {**words, "kpi": self.kpi.label, "per": self._per}

    def _expected(self) -> str:
        words = {
            "count": self.facts["controls"],
            "trend": self._change(self._trend),
            "start": self._level(self.facts["start"]),
        }
        text = _(
            "After the twelve months before and the role's usual range, the start counts as %(start)s: a figure that "
            "stands out for a month comes back by itself. From theirs, %(count)d colleagues in the same job who were "
            "not coached on it moved by %(trend)s."
        )
        return text % words

    @property
    def _trend(self) -> float:
        """How the uncoached moved: by points, or sums as they plainly went."""
        facts = self.facts
        return facts["controls_after"] - facts["controls_before"] if per_day(self.kpi) else facts["trend"]

    def _result(self) -> str:
        names = ("effect", "low", "high")
        words = {name: self._change(self.facts[name]) for name in names}
        said = _("What is left is %(effect)s (between %(low)s and %(high)s with 95 %% confidence):") % words
        return f"{said} {self._meaning()}"

    def _meaning(self) -> str:
        match self.facts["kind"]:
            case "worked":
                return _("more than chance explains. It worked.")
            case "worse":
                return _("it went the other way, by more than chance explains. Ask what got in the way.")
        hoped = self._change(self.plan["expected"]) if self.plan["expected"] else ""
        said = _("chance alone may explain that.")
        if not hoped:
            return said
        times = _times(self.facts["power"])
        shown = (
            _("A change of %(hoped)s would have shown in %(times)d of 10 such cases.")
            if times
            else _("A change of %(hoped)s would hardly ever show with so little to go by.")
        )
        return said + " " + shown % {"hoped": hoped, "times": times}

    def groups(self, least_shown: int) -> list[tuple[str, int, str, str, str]]:
        """(who, how many people, before, after, change); the levels of fewer people than may be shown stay out."""
        facts, own = self.facts, [self.facts["before"], self.facts["after"]]
        before, after = map(self._level, own)
        rows = [(_("This rep"), 1, before, after, self._difference(*own))]
        if facts["controls"]:
            others = [facts["controls_before"], facts["controls_after"]]
            shown = [DASH, DASH] if facts["controls"] < least_shown else list(map(self._level, others))
            rows.append(
                (_("Not coached on it"), facts["controls"], shown[0], shown[1], self._difference(*others))
            )
        return rows

    @property
    def rule(self) -> list[str]:
        """What was fixed when the commitment was made."""
        plan = self.plan
        words = {
            "from": _day(plan["baseline"][0]), "middle": _day(plan["review"][0]), "to": _day(plan["review"][1]),
            "sample": plan["least_sample"], "controls": plan["least_controls"],
            "false": figure(plan["false_worked"], Unit.PERCENT, ""),
        }  # fmt: skip
        lines = [
            _(
                "From %(from)s until %(middle)s is compared with from then until %(to)s (each last day outside)."
            )
            % words,
            _(
                "Compared with reps of the same job who were there and ramped in both and not coached on this KPI; at "
                "least %(controls)d of them, each with %(sample)s or more behind the figure."
            )
            % words,
            _(
                "“Worked” when the whole 95 %% interval lies on the good side: where coaching does nothing, at most "
                "%(false)s of the cases."
            )
            % words,
        ]
        if plan.get("detectable"):
            lines.append(
                _("When this was agreed, a change of %(least)s could be expected to show in 8 of 10 cases.")
                % {"least": self._change(plan["detectable"])}
            )
        return lines

    @property
    def _per(self) -> str:
        return _(" per %(days)d working days") % {"days": MONTH} if per_day(self.kpi) else ""

    def _level(self, value: float | None) -> str:
        return level(value, self.kpi, self.currency)

    def _change(self, value: float | None) -> str:
        return change(value, self.kpi, self.currency)

    def _difference(self, before: float | None, after: float | None) -> str:
        return self._change(None if before is None or after is None else after - before)


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
