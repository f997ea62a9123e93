"""Deals as records: stages, owners, amounts and dates over time, and who at the buyer has a say."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from pipeline.demo import words
from pipeline.demo.accounts import DemoAccount, DemoContact
from pipeline.demo.buyers import buyers
from pipeline.demo.cast import HEIR, INSIDE
from pipeline.demo.people import Cast, DemoRep
from pipeline.demo.stories import ENDS, Story, invent
from pipeline.demo.world import World
from pipeline.models import Deal, DealChange, DealMove, Stage, StageChange
from pipeline.models.deals import Milestone

# Milestone -> (name of the stage, probability) in the two pipelines.
PIPELINES = {
    "New plants": ["Lead", "Qualified", "Request received", "Proposal", "Negotiation", "Won", "Lost"],
    "Service": [
        "Enquiry",
        "Need confirmed",
        "Offer asked for",
        "Offer sent",
        "Terms agreed",
        "Signed",
        "Lost",
    ],
}
PROBABILITIES = [5, 15, 30, 50, 75, 100, 0]
FORECASTS = {
    Milestone.LEAD: "open",
    Milestone.QUALIFIED: "open",
    Milestone.PROSPECT: "open",
    Milestone.PROPOSAL: "best_case",
    Milestone.NEGOTIATION: "committed",
}
CURRENCIES = {"Export": ["EUR", "EUR", "EUR", "EUR", "USD", "GBP", "CHF"]}
MEDIAN = {"New plants": 27_000, "Service": 9_500}  # EUR


@dataclass
class DemoDeal:
    """A deal with its known course; `team` is who at the buyer takes part, from which day, in which role."""

    id: int
    name: str
    account: DemoAccount
    story: Story
    owners: list[tuple[date, DemoRep]]
    team: list[tuple[date, DemoContact, str]]
    is_scripted: bool = False  # shown on the front pages: no executive met, little room known

    def owner_on(self, day: date) -> DemoRep:
        return [rep for since, rep in self.owners if since <= day or since == self.owners[0][0]][-1]

    def team_on(self, day: date) -> list[DemoContact]:
        return [contact for since, contact, _ in self.team if since <= day] or [self.team[0][1]]

    @property
    def is_open(self) -> bool:
        return self.story.closed() is None


class Deals:
    """Writes deals into the world."""

    def __init__(self, world: World, cast: Cast, sources: list[int]):
        self.world, self.cast, self.rng, self.days = world, cast, world.rng, world.days
        self.sources = sources
        self.stages = {name: self._stages(name, stages) for name, stages in PIPELINES.items()}
        self.inside = [rep for rep in cast.sellers if rep.member.job == INSIDE]
        self.count = 0

    def _stages(self, pipeline: str, names: list[str]) -> dict[Milestone, int]:
        rows = zip(Milestone, names, PROBABILITIES, strict=True)
        return {
            mark: self.world.add(
                Stage, name=name, position=mark, milestone=mark, pipeline=pipeline, probability=chance
            )
            for mark, name, chance in rows
        }

    def of(self, rep: DemoRep, account: DemoAccount, created: date, luck: float) -> DemoDeal:
        """An invented deal, created that day."""
        pipeline = "Service" if self.world.chance(0.3) else "New plants"
        what = self.rng.choice(words.DEALS[pipeline].split(";"))
        story = invent(self.world, rep, created, luck)
        amount = MEDIAN[pipeline] * rep.traits.amount * self.rng.lognormvariate(0, 0.6)
        if story.known(self.days.end).closed() is None:
            amount *= rep.traits.pending
        return self.record(rep, account, pipeline, what, story, amount)

    def record(
        self,
        rep: DemoRep,
        account: DemoAccount,
        pipeline: str,
        what: str,
        full: Story,
        amount: float,
        is_firm: bool = False,
    ) -> DemoDeal:
        """Write the deal as far as its story is known; amounts are rounded to 50, a firm one is not revised."""
        self.count += 1
        story, company = full.known(self.days.end), account.name
        owners = self._owners(rep, story)
        currency = self._currency(rep)
        deal = DemoDeal(
            0, f"{company}, {what}", account, story, owners, buyers(self.world, rep, account, story)
        )
        deal.id = self.world.add(
            Deal,
            name=deal.name,
            account_id=account.id,
            owner_id=None if self.count % 400 == 0 else owners[-1][1].id,
            created_by_id=self._creator(rep).id,
            currency=currency,
            lead_source_id=self.sources[account.source],
            nda=self.rng.choices(("needed", "not_needed", ""), (55, 25, 20))[0],
        )
        self._stage_changes(deal, self.stages[pipeline])
        self._amounts(deal, Decimal(round(amount / 50) * 50), is_firm)
        self._expectations(deal, full)
        self._ownership(deal)
        return deal

    def _owners(self, rep: DemoRep, story: Story) -> list[tuple[date, DemoRep]]:
        owners = [(story.created, rep)]
        if rep.last < self.days.end and (story.closed() is None or story.closed() > rep.last):
            owners.append((rep.last + timedelta(days=1), self.cast[HEIR[rep.name]]))
        return owners

    def _currency(self, rep: DemoRep) -> str:
        if self.count == 150:
            return "SEK"  # for which no rate is known
        return self.rng.choice(CURRENCIES.get(rep.member.team, ["EUR"]))

    def _creator(self, rep: DemoRep) -> DemoRep:
        """Inside sales opens some of South's deals for the one who will own them."""
        return self.rng.choice(self.inside) if rep.member.team == "South" and self.world.chance(0.2) else rep

    def _stage_changes(self, deal: DemoDeal, stages: dict[Milestone, int]) -> None:
        row, last = self.world.row(Deal, deal.id), None
        for milestone, day in deal.story.entries:
            at = self.days.moment(day)
            last = at if last is None else max(at, last + timedelta(minutes=7))
            actor = deal.owner_on(day).id
            self.world.add(StageChange, deal_id=deal.id, stage_id=stages[milestone], at=last, actor_id=actor)
            row["stage_id"] = stages[milestone]
            row.setdefault("created_at", last)
            if milestone in ENDS:
                row["closed_at"] = last
        if deal.is_open:
            row.pop("closed_at", None)
        elif deal.story.entries[-1][0] == Milestone.LOST:
            row["lost_reason"] = self.rng.choice(words.LOST_REASONS.split(";"))
        if self.count % 130 == 0:
            row["created_at"] = None  # brought in from a list that did not say

    def _amounts(self, deal: DemoDeal, amount: Decimal, is_firm: bool) -> None:
        """The first amount, its revision around the proposal, and a cost once there is a price."""
        self._change(deal, "amount", amount, deal.story.created)
        priced = deal.story.entered(Milestone.PROPOSAL)
        if priced and not is_firm and self.world.chance(0.6):
            spread = 0.25 if self.world.chance(0.15) else 0.08
            factor = Decimal(str(round(1 + self.rng.uniform(-spread, spread), 2)))
            amount = (amount * factor).quantize(Decimal(1))
            self._change(deal, "amount", amount, priced)
        if priced and not self.world.chance(0.12):
            share = Decimal(str(round(self.rng.uniform(0.58, 0.8), 3)))
            self._change(deal, "cost", (amount * share).quantize(Decimal(1)), priced)

    def _expectations(self, deal: DemoDeal, full: Story) -> None:
        """The expected close, put off each time it comes near, and how sure the rep says to be."""
        known, end = deal.story, self.days.end
        closes = full.closed() or known.created
        aim = known.created + timedelta(
            days=max(30, round((closes - known.created).days * self.rng.uniform(0.6, 1.15)))
        )
        day = known.created
        self._change(deal, "expected_close_on", aim, day)
        for _ in range(6):
            day = aim - timedelta(days=self.rng.randint(1, 9))
            if aim > end + timedelta(days=2) or day >= end or (known.closed() and day >= known.closed()):
                break
            if self.world.chance(0.1):
                break  # nobody looked at the date again
            aim += timedelta(days=self.rng.randint(8, 24))
            self._change(deal, "expected_close_on", aim, max(day, known.created + timedelta(days=1)))
        said = None
        for milestone, since in known.entries:
            if (now := FORECASTS.get(milestone)) and now != said:
                said = now
                self._change(deal, "forecast", now, since)

    def expect(self, deal: DemoDeal, on: date) -> None:
        """A last word on the expected close, said a week ago."""
        self._change(deal, "expected_close_on", on, self.days.end - timedelta(days=7))

    def _change(self, deal: DemoDeal, name: str, value: object, day: date) -> None:
        at = self._moment_after(deal, day)
        self.world.row(Deal, deal.id)[name] = value
        self.world.add(DealChange, deal_id=deal.id, field=name, value=str(value), at=at)

    def _moment_after(self, deal: DemoDeal, day: date) -> datetime:
        """A moment of that day; on the first day, the one in which the deal came into being."""
        created = self.world.row(Deal, deal.id)["created_at"]
        return created if created and day <= created.date() else self.days.moment(day)

    def _ownership(self, deal: DemoDeal) -> None:
        for number, (since, rep) in enumerate(deal.owners):
            at = self._moment_after(deal, since) if number == 0 else self.days.midnight(since)
            self.world.add(DealMove, deal_id=deal.id, owner_id=rep.id, from_at=at)
