"""How strongly people are said to stand for us: better where we sold, stale where nobody asked since."""

from datetime import date, timedelta

from pipeline.demo.accounts import DemoAccount
from pipeline.demo.deals import DemoDeal
from pipeline.demo.world import World
from pipeline.models import Relationship
from pipeline.models.deals import Milestone

RATED = 0.55  # of the people met


def ratings(world: World, found: list[DemoAccount], deals: list[DemoDeal]) -> None:
    """One to three ratings, months apart, of the people somebody talked to."""
    won = {deal.account.id for deal in deals if deal.story.entered(Milestone.WON)}
    for account in found:
        for contact in account.people:
            if contact.busy and world.chance(RATED):
                _rate(world, account, contact.id, min(contact.busy)[0], 0.9 if account.id in won else 0.2)


def _rate(world: World, account: DemoAccount, contact: int, met: date, lean: float) -> None:
    day, score = met + timedelta(days=world.rng.randint(5, 60)), world.rng.gauss(lean, 1.3)
    for _ in range(world.rng.randint(1, 4)):
        if not world.days.is_past(day):
            return
        rater = account.owner_on(day).id
        whole = max(-3, min(3, round(score)))
        world.add(Relationship, contact_id=contact, rater_id=rater, score=whole, rated_on=day)
        score += world.rng.gauss(0.1, 0.8)
        day += timedelta(days=world.rng.randint(45, 150))
