"""Which open deals need somebody, and which can run: the sum of named checks and signs, never a score.

A check asks for work while it is off or to be watched; one that says nothing yet asks once most won deals had it fine
when they moved on from this milestone, and one most of them lacked as well does not. Every sign is worth one more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.deals.advice import ADVICE, BOOK_A_MEETING, KEEP_GOING, LET_IT_RUN, first_of, phase_of
from coaching.deals.checks import Check, ledger_of
from coaching.deals.limits import Limits
from coaching.deals.patterns import LEAST, Usual, patterns
from coaching.deals.rows import last_touches, next_meetings, seen_today
from coaching.deals.signs import Sign, SignRows, days_in_stage, people_against, pressed_people, signs_of
from coaching.figures import number
from kpis.dated_settings import settings_held
from pipeline.models import Deal, DealSpan, Organisation, Rep
from pipeline.settle.money import Rates

MORE, FINE, LESS = "more", "fine", "less"
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class DealAttention:
    """One open deal today. `amount` is in the organisation's currency, none where unknown or without a rate.

    `days_left`: until the expected close, below zero once it has passed, none where nobody expects one.
    """

    deal: Deal
    span: DealSpan | None
    ledger: tuple[Check, ...]
    signs: tuple[Sign, ...]
    usual: Usual
    next_meeting_at: datetime | None
    days_in_stage: int | None
    days_left: int | None
    amount: Decimal | None

    @property
    def asking(self) -> list[Check]:
        """The checks that ask for work at this stage."""
        return [check for check in self.ledger if self._asks(check)]

    def _asks(self, check: Check) -> bool:
        if check.is_fine:
            return False
        if check.state == "quiet":
            return self.usual.mostly_had(check)
        return not self.usual.mostly_lacked(check)

    @property
    def named(self) -> list[Check | Sign]:
        """Everything that asks for work; how many they are is what ranks the deal."""
        return [*self.asking, *self.signs]

    @property
    def needs(self) -> int:
        return len(self.named)

    @property
    def fine(self) -> int:
        return sum(check.is_fine for check in self.ledger)

    @property
    def needs_less(self) -> bool:
        """Nothing asks for work, the next meeting is booked, and it has at least what won deals had here."""
        return not self.needs and self.next_meeting_at is not None and self._is_ahead

    @property
    def _is_ahead(self) -> bool:
        return self.fine == len(self.ledger) or (self.usual.says_something and self.fine >= self.usual.mean)

    @property
    def group(self) -> str:
        return MORE if self.needs else LESS if self.needs_less else FINE

    @property
    def rank(self) -> tuple:
        """Most named first, then the one expected to close soonest."""
        expected = self.deal.expected_close_on
        return (-self.needs, self.needs_less, expected or date.max, self.deal.pk)

    @property
    def milestone(self) -> int | None:
        return self.span.milestone if self.span else None

    @property
    def next_step(self) -> str:
        """What to do next, in a sentence."""
        named = {one.key: one for one in self.named}
        if not named:
            return str(self._when_nothing_asks)
        first = named[first_of(named, self.milestone)]
        return str(ADVICE[first.key]) % {"person": first.person if isinstance(first, Sign) else ""}

    @property
    def _when_nothing_asks(self):
        if self.needs_less:
            return LET_IT_RUN
        return KEEP_GOING if self.next_meeting_at else BOOK_A_MEETING

    @property
    def order_why(self) -> str:
        return str(phase_of(self.milestone).why)

    @property
    def sum_sentence(self) -> str:
        """The sum, named: what stands behind its place in the list."""
        named = [one.name for one in self.named]
        if not named:
            return self.why_less if self.needs_less else _("Nothing asks for work.")
        said = ngettext(
            "%(count)d thing asks for work: %(names)s.",
            "%(count)d things ask for work: %(names)s.",
            len(named),
        )
        return said % {"count": len(named), "names": ", ".join(named)}

    @property
    def why_less(self) -> str:
        if self.fine == len(self.ledger):
            return _("All six checks are fine and the next meeting is booked: let it run.")
        return _("It has at least what won deals had here, and the next meeting is booked: let it run.")

    @property
    def against_won(self) -> str:
        """How it compares with the organisation's won deals when they moved on from the same stage."""
        words = {
            "won": number(self.usual.mean, 1),
            "fine": self.fine,
            "deals": self.usual.deals,
            "least": LEAST,
        }
        if self.usual.says_something:
            return (
                _(
                    "When won deals moved on from here they had %(won)s of 6 checks fine; this one has %(fine)d."
                )
                % words
            )
        return (
            _(
                "Fewer than %(least)d won deals have passed here in a year (%(deals)d): too few to compare with."
            )
            % words
        )


def attention_of(deals: Iterable[Deal], today: date) -> dict[int, DealAttention]:
    """Deal id -> what it needs, for open deals; a fixed number of queries however many there are.

    What is usual among won deals follows from the organisation's limits, the checks from those of the owner's team.
    """
    with settings_held():
        return _attention_of({deal.pk: deal for deal in deals}, today)


def _attention_of(by_id: dict[int, Deal], today: date) -> dict[int, DealAttention]:
    whole, ids = Limits.on(today), list(by_id)
    own, usual = _limits_of(by_id.values(), whole), patterns(today, whole)
    seen = seen_today(by_id, today, whole)
    rows = SignRows(
        last_touches(ids, today),
        next_meetings(ids),
        pressed_people(ids, today, whole),
        people_against(ids, today, whole),
    )
    amounts = _amounts(by_id.values(), today)
    found = {}
    for pk, deal in by_id.items():
        limits, span = own[deal.owner_id], seen[pk].span
        found[pk] = DealAttention(
            deal=deal,
            span=span,
            ledger=ledger_of(seen[pk], today, limits),
            signs=signs_of(deal, span, rows.of(pk), today, limits, usual) if span else (),
            usual=usual.at(span.milestone if span else None),
            next_meeting_at=rows.meetings.get(pk),
            days_in_stage=days_in_stage(span, today),
            days_left=(deal.expected_close_on - today).days if deal.expected_close_on else None,
            amount=amounts.get(pk),
        )
    return found


def _limits_of(deals: Iterable[Deal], whole: Limits) -> dict[int | None, Limits]:
    """Owner id -> the limits of the team they are in."""
    owners = {deal.owner_id for deal in deals}
    team_of = dict(Rep.objects.filter(pk__in=[pk for pk in owners if pk]).values_list("pk", "team_id"))
    by_team = whole.of_teams(team_of.values())
    return {owner: by_team.get(team_of.get(owner or 0), whole) for owner in owners}


def _amounts(deals: Iterable[Deal], today: date) -> dict[int, Decimal]:
    """Deal id -> amount in the organisation's currency at today's rate; rates are read only where one is needed."""
    own = Organisation.current().currency
    known = [deal for deal in deals if deal.amount is not None]
    found = {deal.pk: Decimal(deal.amount or 0) for deal in known if deal.currency in ("", own)}
    foreign = [deal for deal in known if deal.pk not in found]
    if foreign:
        with connection.cursor() as cursor:
            rates = Rates(cursor, own)
        day = (today - EPOCH).days
        for deal in foreign:
            cents, _is_known = rates.cents(deal.amount, deal.currency, day)
            if cents is not None:
                found[deal.pk] = Decimal(cents) / 100
    return found
