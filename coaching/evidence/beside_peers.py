"""A rep's figure beside others of the same job: what is said of it, and the funnel it was read from.

Names stand at the dots only for who may open their pages; everybody else sees the limits and their own dot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from coaching import charts
from coaching.asked import Asked
from coaching.charts import Dot
from coaching.figures import figure
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi
from kpis.judging.circles import circles_of, fewest_on, judged
from kpis.judging.decision import Limits
from kpis.judging.flags import Funnel, Judgement, Judgements
from pipeline import access
from pipeline.models import Rep


@dataclass(frozen=True)
class BesidePeers:
    """`shown` are the reps whose dots the reader may see by name."""

    rep: Rep
    kpi: Kpi
    judgements: Judgements
    shown: dict[int, str]
    currency: str

    @cached_property
    def funnel(self) -> Funnel | None:
        """None where the figure was not judged."""
        return self.judgements.funnel(self.rep.pk, self.kpi.key)

    @property
    def judgement(self) -> Judgement:
        return self.judgements.of(self.rep.pk, self.kpi.key)

    @property
    def state(self) -> str:
        """Colour and shape of the mark: a flag for the worse, one for the better, or none."""
        return {"worse": "off", "better": "good"}.get(self.judgement.direction, "")

    @property
    def word(self) -> str:
        return _word(self.judgement)

    @property
    def dots(self) -> list[Dot]:
        """The dots the reader may see, in the unit of the KPI."""
        if self.funnel is None:
            return []
        return [
            Dot(
                self.shown[rep],
                size,
                self._in_unit(value) or 0.0,
                rep == self.rep.pk,
                self.judgements.of(rep, self.kpi.key).is_flag,
            )
            for rep, size, value in self.funnel.points
            if rep in self.shown
        ]

    @property
    def figure(self) -> dict:
        if self.funnel is None:
            return {}
        bands = [self._band(limits) for limits in self.funnel.limits()]
        return charts.funnel(
            self.dots, bands, self._in_unit(self.funnel.mean), self.size_label, self.kpi.unit
        )

    @property
    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """The chart as a table: name, value, what it stands on, the 95 % limits there, what is said of it."""
        if self.funnel is None:
            return []
        by_size = {}
        for dot in self.dots:
            by_size[dot.size] = self._band(self.funnel.limits_at(dot.size))
        said = [
            self.judgements.of(rep, self.kpi.key) for rep, _s, _v in self.funnel.points if rep in self.shown
        ]
        return [
            (
                dot.name,
                self._text(dot.value),
                number_format(dot.size, force_grouping=True),
                f"{self._text(by_size[dot.size][1])} – {self._text(by_size[dot.size][2])}",
                _word(judgement),
            )
            for dot, judgement in zip(self.dots, said, strict=True)
        ]

    @property
    def size_label(self) -> str:
        return _("working days") if self.funnel and self.funnel.is_timed else _("rows it stands on")

    @property
    def value_label(self) -> str:
        return _("A working day") if self.funnel and self.funnel.is_timed else _("Value")

    @property
    def chart_label(self) -> str:
        return _("%(kpi)s of reps of the same job, with the limits of chance") % {"kpi": self.kpi.label}

    def _in_unit(self, value: float) -> float | None:
        is_inverse = self.funnel is not None and self.funnel.judged.comparing.is_inverse
        if is_inverse:
            return 1 / value if value > 0 else None
        return value

    def _band(self, limits: Limits) -> tuple[float, ...]:
        """(size, 95 % low, high, 99.8 % low, high), within what the figure can be."""
        return (limits.size, *self._span(limits.alert), *self._span(limits.alarm))

    def _span(self, ends: tuple[float, float]) -> tuple[float, float]:
        """A share stays within 0 and 100 %, what cannot be negative does not become so."""
        values = self.funnel.judged.family.peers if self.funnel else None
        low, high = ends
        if values is not None and min(values.values) >= 0:
            low = max(low, 0.0)
        if values is not None and values.is_share:
            high = min(high, 1.0)
        ends_in_unit = [one for one in (self._in_unit(low), self._in_unit(high)) if one is not None]
        return min(ends_in_unit), max(ends_in_unit)

    def _text(self, value: float) -> str:
        return figure(round(value, 4), self.kpi.unit, self.currency)


def beside_peers(user, rep: Rep, key: str, asked: Asked, currency: str) -> BesidePeers:
    """Judged as on the team's page and the rep's; the others are too, each within their own circle."""
    today = asked.calendar.today()
    [circle] = circles_of([rep], asked.period, today, fewest_on(today))
    shown = _named(user, rep, circle.peers)
    peers = [peer for peer in circle.peers if peer.pk in shown]
    judgements = judged(peers, asked.period, today, [key])
    return BesidePeers(rep, CATALOGUE[key], judgements, shown, currency)


def _named(user, rep: Rep, reps: Sequence[Rep]) -> dict[int, str]:
    """Rep id -> name of those whose figures the user may see by name: those led, and oneself."""
    visible = set(
        access.reps_visible_to(user).filter(pk__in=[one.pk for one in reps]).values_list("pk", flat=True)
    )
    return {one.pk: one.name for one in reps if one.pk in visible or one.pk == rep.pk}


def _word(judgement: Judgement) -> str:
    """What a judgement comes to, in a word or two."""
    if not judgement.is_judged:
        return _("not judged")
    if not judgement.is_flag:
        return _("no flag")
    if judgement.direction == "better":
        return _("well ahead") if judgement.level == "alarm" else _("ahead")
    return _("well behind") if judgement.level == "alarm" else _("behind")
