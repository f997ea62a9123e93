"""Who at the buyer has a part in a deal: one person for some reps, several departments for others."""

from datetime import date, timedelta

from pipeline.demo.accounts import DemoAccount, DemoContact
from pipeline.demo.people import DemoRep
from pipeline.demo.stories import Story
from pipeline.demo.world import World
from pipeline.models import Contact, DealContact

ROLES = {"Procurement": "procurement", "Legal": "legal"}


def buyers(
    world: World, rep: DemoRep, account: DemoAccount, story: Story
) -> list[tuple[date, DemoContact, str]]:
    """The first contact, rarely an executive, and those met later, each with the day and the role."""
    rng = world.rng
    free = [contact for contact in account.people if contact.is_free(story.created)]
    plain = [contact for contact in free or account.people if not contact.is_executive]
    first = rng.choice(plain or account.people)
    chosen = [first]
    wanted = rep.traits.departments + (rng.choice((-1, 0, 0, 1)) if rep.traits.departments > 1 else 0)
    for contact in rng.sample(account.people, len(account.people)):
        is_new = contact.department not in {other.department for other in chosen}
        is_wanted = not contact.is_executive or world.chance(rep.traits.executives * 1.6)
        if is_new and is_wanted and len(chosen) < wanted:
            chosen.append(contact)
    decider = next(iter(deciders(account, chosen)), None)
    if decider and decider not in chosen and world.chance(rep.traits.executives * 1.8):
        chosen.append(decider)
    days = [story.created, *(story.created + timedelta(days=rng.randint(0, 9)) for _ in chosen[1:])]
    return [(day, contact, _role(world, contact)) for day, contact in zip(days, chosen, strict=True)]


def deciders(account: DemoAccount, team: list[DemoContact]) -> list[DemoContact]:
    """The account's executives; those of the departments already in the team, where there are any."""
    executives = [contact for contact in account.people if contact.is_executive]
    familiar = {contact.department for contact in team}
    return [contact for contact in executives if contact.department in familiar] or executives


def _role(world: World, contact: DemoContact) -> str:
    """An executive decides or holds the money; the others by department, else by chance."""
    if contact.is_executive:
        return "economic_buyer" if contact.department == "Finance" else "decision_maker"
    by_chance = world.rng.choices(("champion", "influencer", "user", "blocker"), (35, 30, 30, 5))[0]
    return ROLES.get(contact.department, by_chance)


def record_buyers(world: World, deal_id: int, team: list[tuple[date, DemoContact, str]]) -> None:
    """Write the parts that had begun; the contact keeps the role as its usual one."""
    for day, contact, role in team:
        if day < world.days.end:
            world.add(
                DealContact,
                deal_id=deal_id,
                contact_id=contact.id,
                role=role,
                from_at=world.days.midnight(day),
            )
            world.row(Contact, contact.id)["buying_role"] = role
