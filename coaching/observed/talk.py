"""One call or meeting as its two scorers see it: side by side once both have given theirs, and not before."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coaching.figures import DASH, joined
from coaching.models import Observation
from coaching.observed.observations import Sides, rubric_for
from coaching.observed.rubrics import SCALE, criteria_of
from pipeline.models import Activity, Rep


@dataclass(frozen=True)
class Line:
    """A criterion with what each side gave, in words."""

    criterion: str
    guide: str
    own: str
    lead: str
    apart: int | None

    @property
    def state(self) -> str:
        return "" if self.apart is None else "good" if self.apart <= 1 else "watch"

    @property
    def said(self) -> str:
        if self.apart is None:
            return DASH
        words = {"points": self.apart}
        return (_("alike"), _("one apart"))[self.apart] if self.apart <= 1 else _("%(points)d apart") % words


@dataclass(frozen=True)
class TalkPage:
    """`by` is the reader where they are a side; what the other side gave is on it only once both have."""

    activity: Activity
    sides: Sides
    by: Rep | None
    is_default: bool

    @property
    def about(self) -> str:
        with_whom = self.activity.deal or self.activity.company
        return joined(with_whom.name if with_whom else "", self.activity.subject)

    @property
    def mine(self) -> Observation | None:
        return self.sides.of(self.by) if self.by else None

    @property
    def is_mine_to_wait(self) -> bool:
        return self.mine is not None and not self.sides.is_open

    @property
    def other(self) -> str:
        """Who is awaited once the reader has scored."""
        is_rep = self.by is not None and self.by.pk == self.activity.rep_id
        return _("your manager") if is_rep else self.activity.rep.name if self.activity.rep else ""

    @property
    def waiting(self) -> str:
        """For those who cannot score it: who has and who has not."""
        if self.sides.lead:
            return _("%(name)s has scored this one. It opens once %(rep)s has as well.") % {
                "name": self.sides.lead.observer.name,
                "rep": self.activity.rep.name if self.activity.rep else "",
            }
        return _("It opens once the rep and a manager have both scored it.")

    @property
    def lines(self) -> list[Line]:
        if not self.sides.is_open:
            return []
        own, lead = _values(self.sides.own), _values(self.sides.lead)
        return [
            Line(
                one.text,
                one.guide,
                _words(own.get(one.pk)),
                _words(lead.get(one.pk)),
                abs(own[one.pk] - lead[one.pk]) if one.pk in own and one.pk in lead else None,
            )
            for one in criteria_of(self.sides.rubric)
        ]


def talk_page(activity: Activity, sides: Sides, by: Rep | None) -> TalkPage:
    return TalkPage(activity, sides, by, rubric_for(activity, sides) is None)


def _values(observation: Observation | None) -> dict[int, int]:
    return {score.criterion_id: score.value for score in observation.scores.all()} if observation else {}


def _words(value: int | None) -> str:
    return _("did not come up") if value is None else f"{value} {SCALE[value]}"
