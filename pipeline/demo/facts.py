"""What came to light in a deal and when: room for manoeuvre, price, NDA, pauses, each with its evidence."""

from datetime import date, timedelta

from pipeline.demo.deals import DemoDeal
from pipeline.demo.touches import Touch
from pipeline.demo.world import World
from pipeline.models import Deal, DealFact
from pipeline.models.deals import Milestone

ROOM = ["scope", "discount_range", "timing"]
Note = tuple[str, date]


def facts(world: World, deal: DemoDeal, touches: list[Touch]) -> None:
    """Write the deal's facts, each on the day of a talk that shows it, where there was one."""
    story = deal.story
    proposal = story.entered(Milestone.PROPOSAL)
    prospect = story.entered(Milestone.PROSPECT) or proposal
    notes: list[Note] = []
    if prospect:
        notes += _room(world, deal, prospect) + _nda(world, deal, prospect)
    if prospect and proposal:
        notes += _price(world, deal, prospect, proposal)
    if world.chance(0.05) and len(story.entries) > 2:
        paused = story.entries[1][1] + timedelta(days=4)
        notes += [("paused", paused), ("resumed", paused + timedelta(days=14))]
    written: set[Note] = set()
    for kind, day in notes:
        _fact(world, deal, kind, day, touches, written)


def _room(world: World, deal: DemoDeal, prospect: date) -> list[Note]:
    """All three of scope, discount range and timing, or only some of them."""
    known, rep = ROOM, deal.owner_on(prospect)
    if not world.fair(rep.id, "manoeuvre", rep.traits.manoeuvre):
        known = [kind for kind in ROOM if world.chance(0.35)]
    notes = [(kind, prospect + timedelta(days=world.rng.randint(-3, 1))) for kind in known]
    return notes[:1] if deal.is_scripted else notes


def _nda(world: World, deal: DemoDeal, prospect: date) -> list[Note]:
    if world.row(Deal, deal.id)["nda"] != "needed":
        return []
    asked = prospect + timedelta(days=world.rng.randint(-6, 2))
    notes, rep = [("nda_requested", asked)] if world.chance(0.92) else [], deal.owner_on(prospect)
    if notes and world.fair(rep.id, "nda", rep.traits.nda):
        notes.append(("nda_signed", asked + timedelta(days=world.rng.randint(2, 14))))
        if world.chance(0.05):
            notes.append(("nda_expired", asked + timedelta(days=40)))
    return notes


def _price(world: World, deal: DemoDeal, prospect: date, proposal: date) -> list[Note]:
    """The price comes up with the proposal; where pricing drags it came up earlier and keeps coming up."""
    rng, drag = world.rng, deal.owner_on(proposal).traits.pricing
    first = proposal - timedelta(days=rng.randint(0, 3) + (6 if drag > 1.5 else 0))
    notes = [("pricing", max(first, prospect))]
    notes += [
        ("pricing", proposal + timedelta(days=rng.randint(5, 20))) for _ in range(world.poisson(0.4 * drag))
    ]
    negotiation = deal.story.entered(Milestone.NEGOTIATION)
    if negotiation and world.chance(0.55):
        notes.append(("procurement", negotiation))
    if negotiation and world.chance(0.3):
        notes.append(("infosec_review", negotiation + timedelta(days=2)))
    return notes


def _fact(
    world: World, deal: DemoDeal, kind: str, day: date, touches: list[Touch], written: set[Note]
) -> None:
    """On the nearest talk within four days, which is its evidence; within the deal's life and the demo's."""
    first, last = deal.story.created, deal.story.closed() or world.days.end
    if kind == "nda_signed":
        first = max((on for asked, on in written if asked == "nda_requested"), default=last)
    day = max(day, first)
    talks = [t for t in touches if t.is_answered and abs((t.day - day).days) <= 4 and t.day >= first]
    talk = min(talks, key=lambda touch: (abs((touch.day - day).days), touch.activity), default=None)
    on = talk.day if talk else day
    if on < world.days.end and on <= last and (kind, on) not in written:
        written.add((kind, on))
        world.add(DealFact, deal_id=deal.id, kind=kind, on=on, activity_id=talk.activity if talk else None)
