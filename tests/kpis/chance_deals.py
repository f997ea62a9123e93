"""The deals of a random world: their steps, moves, values, facts and the people who have a part in them."""

from datetime import datetime, time

from pipeline.models import (
    Account,
    Contact,
    Deal,
    DealChange,
    DealContact,
    DealFact,
    DealMove,
    Rep,
    Stage,
    StageChange,
)
from tests.kpis.dice import ROLES, Dice, Plan


class RandomDeals:
    plan: Plan
    reps: list[Rep]
    accounts: list[Account]
    contacts: list[Contact]

    def _deals(self) -> None:
        names = ("lead", "qualified", "prospect", "proposal", "negotiation", "won", "lost")
        Stage.objects.bulk_create(
            Stage(name=name, position=number, milestone=number) for number, name in enumerate(names, start=1)
        )
        self.stages = list(Stage.objects.order_by("position"))
        for number in range(self.plan.deals):
            deal = self.deal(self.plan.dice("deal", number), self.plan.steps)
            parts = self.plan.dice("parts", number)
            for _ in range(parts.randrange(5)):
                self.part(parts, deal)

    def part(self, dice: Dice, deal: Deal) -> None:
        """A contact's part in the deal, from a moment on or ever since."""
        DealContact.objects.update_or_create(
            deal=deal,
            contact=dice.choice(self.contacts),
            from_at=dice.maybe([dice.moment()], 0.6),
            defaults={"role": dice.choice(ROLES)},
        )

    def deal(self, dice: Dice, steps: int) -> Deal:
        created = dice.maybe([dice.moment()], 0.85)
        is_dated = created is not None and dice.random() < 0.2
        if is_dated:
            created = datetime.combine(created.astimezone(Dice.zone).date(), time(), Dice.zone)
        deal = Deal.objects.create(
            name=f"Deal {dice.random()}",
            owner=dice.maybe(self.reps, 0.9),
            created_by=dice.maybe(self.reps, 0.2),
            account=dice.maybe(self.accounts, 0.8),
            amount=dice.maybe([dice.amount()], 0.9),
            cost=dice.maybe([dice.amount()], 0.5),
            expected_close_on=dice.maybe([dice.day()], 0.7),
            forecast=dice.choice(["", "committed", "best_case", "open"]),
            currency=dice.choice(["", "EUR", "USD", "GBP", "CHF"]),
            created_at=created,
            is_created_dated=is_dated,
            stage=dice.maybe(self.stages, 0.9),
            closed_at=dice.maybe([dice.moment()], 0.5),
            nda=dice.choice(["", "needed", "needed", "not_needed"]),
            recorded_at=dice.moment(),
        )
        if dice.random() < 0.9:
            for _ in range(dice.randrange(steps + 1)):
                self.step(dice, deal)
        for _ in range(dice.choice([0, 0, 1, 3, 8])):
            dice.choice([self.move, self.revalue, self.revalue, self.fact, self.fact, self.fact])(dice, deal)
        return deal

    def step(self, dice: Dice, deal: Deal) -> None:
        at, is_dated = dice.moment(), dice.random() < 0.15
        if is_dated:
            at = datetime.combine(at.astimezone(Dice.zone).date(), time(), Dice.zone)
        StageChange.objects.get_or_create(
            deal=deal,
            stage=dice.choice([*self.stages, *self.stages[2:]]),
            at=at,
            seq=dice.choice([0, 0, 1]),
            defaults={"is_dated": is_dated, "owner": dice.maybe(self.reps, 0.2)},
        )

    def move(self, dice: Dice, deal: Deal) -> None:
        DealMove.objects.update_or_create(
            deal=deal, from_at=dice.moment(), defaults={"owner": dice.choice(self.reps)}
        )

    def revalue(self, dice: Dice, deal: Deal) -> None:
        field = dice.choice(["amount", "amount", "cost", "expected_close_on", "forecast"])
        value = {
            "amount": str(dice.amount()),
            "cost": str(dice.amount()),
            "expected_close_on": str(dice.day()),
            "forecast": "committed",
        }[field]
        DealChange.objects.update_or_create(
            deal=deal, field=field, at=dice.moment(), defaults={"value": dice.choice([value, value, ""])}
        )

    def fact(self, dice: Dice, deal: Deal) -> None:
        kinds = [
            "nda_requested",
            "nda_signed",
            "nda_signed",
            "nda_expired",
            "pricing",
            "pricing",
            "procurement",
        ]
        kinds += ["scope", "scope", "discount_range", "timing", "infosec_review"]
        DealFact.objects.get_or_create(deal=deal, kind=dice.choice(kinds), on=dice.day())
