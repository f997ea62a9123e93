"""What to do next on a deal: one sentence for the first thing named, in an order that depends on how far the deal is.

The order is fixed and said on the page, so that nobody has to guess why one thing comes before another.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pipeline.models.deals import Milestone


@dataclass(frozen=True)
class Phase:
    """Milestones up to `until`, what comes first there, and why."""

    until: Milestone
    why: str | Promise
    order: tuple[str, ...]


PHASES = (
    Phase(
        Milestone.QUALIFIED,
        _("Early on a conversation comes first: being in touch, being answered, then more people."),
        (
            "untouched",
            "answers",
            "pressure",
            "negative",
            "departments",
            "executive",
            "overdue",
            "stalled",
            "room",
            "nda",
            "pricing",
        ),
    ),
    Phase(
        Milestone.PROSPECT,
        _("Once they have asked for something its terms come first, then who decides."),
        (
            "untouched",
            "negative",
            "room",
            "nda",
            "executive",
            "departments",
            "answers",
            "pressure",
            "overdue",
            "stalled",
            "pricing",
        ),
    ),
    Phase(
        Milestone.NEGOTIATION,
        _("Close to the decision its date comes first, then who decides, then the price."),
        (
            "overdue",
            "untouched",
            "negative",
            "executive",
            "pricing",
            "room",
            "nda",
            "departments",
            "answers",
            "pressure",
            "stalled",
        ),
    ),
)

ADVICE = {
    "answers": _("Find somebody who answers: another person, or another channel."),
    "executive": _("Ask your contact to bring somebody who decides into the next meeting."),
    "pricing": _("Ask what they still miss to say yes at this price, and agree a day for the decision."),
    "room": _("Talk through what is still open: scope, discount range, timing."),
    "nda": _("Settle the NDA: who signs it on their side, and by when."),
    "departments": _("Ask who else this purchase touches, and for an introduction to one more department."),
    "untouched": _("Get in touch and book the next meeting, or close the deal."),
    "overdue": _("Agree a new date with the buyer, or close the deal."),
    "pressure": _("Give %(person)s a rest and come in through somebody else."),
    "negative": _("Meet %(person)s first and ask what stands against it."),
    "stalled": _("Agree with the buyer what has to happen to move on, and by when."),
}
LET_IT_RUN = _("Let it run.")
BOOK_A_MEETING = _("Nothing asks for work; book the next meeting.")
KEEP_GOING = _("Nothing asks for work; hold the next meeting as planned.")


def phase_of(milestone: int | None) -> Phase:
    return next((phase for phase in PHASES if (milestone or 0) <= phase.until), PHASES[-1])


def first_of(named: Collection[str], milestone: int | None) -> str:
    """The key that comes first at this milestone among those named."""
    return next(key for key in phase_of(milestone).order if key in named)
