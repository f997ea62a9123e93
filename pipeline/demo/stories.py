"""The course of a deal: which milestone on which day, and how it ended. Nothing is written here."""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.demo.people import DemoRep
from pipeline.demo.world import World
from pipeline.models.deals import Milestone

USUAL_DAYS = {
    Milestone.LEAD: 5,
    Milestone.QUALIFIED: 12,
    Milestone.PROSPECT: 14,
    Milestone.PROPOSAL: 13,
    Milestone.NEGOTIATION: 12,
}
STAGES = list(USUAL_DAYS)
PRICED = {Milestone.PROPOSAL, Milestone.NEGOTIATION}
# Where the qualified deals that are lost had got to.
LOST_AT = {
    Milestone.QUALIFIED: 0.42,
    Milestone.PROSPECT: 0.24,
    Milestone.PROPOSAL: 0.2,
    Milestone.NEGOTIATION: 0.14,
}
ENDS = (Milestone.WON, Milestone.LOST)


@dataclass
class Story:
    """Milestones with the day each was entered, wins and losses included; a deal may go on after them."""

    entries: list[tuple[Milestone, date]] = field(default_factory=list)

    @property
    def created(self) -> date:
        return self.entries[0][1]

    def entered(self, milestone: Milestone) -> date | None:
        return next((day for stage, day in self.entries if stage == milestone), None)

    def closed(self) -> date | None:
        return self.entries[-1][1] if self.entries[-1][0] in ENDS else None

    def visits(self, end: date) -> list[tuple[Milestone, date, date]]:
        """Stays in open stages, each until the next entry or `end`; stays that begin later are left out."""
        untils = [day for _, day in self.entries[1:]] + [end + timedelta(days=1)]
        return [
            (stage, since, min(until, end))
            for (stage, since), until in zip(self.entries, untils, strict=True)
            if stage not in ENDS and since < end
        ]

    def known(self, end: date) -> "Story":
        """What had happened before `end`."""
        return Story([entry for entry in self.entries if entry[1] < end])


def invent(world: World, rep: DemoRep, created: date, luck: float = 1.0) -> Story:
    """A whole course from that day on; `luck` scales the chance that the lead is real."""
    traits, story = rep.traits, Story()
    is_real = world.fair(rep.id, "qualifies", min(0.97, traits.qualifies * luck))
    is_won = is_real and world.fair(rep.id, "win", traits.win)
    last = Milestone.NEGOTIATION if is_won else _last_stage(world, is_real)
    day = created
    for stage in STAGES[: STAGES.index(last) + 1]:
        story.entries.append((stage, day))
        later = day + timedelta(days=_stay(world, rep, stage, is_lost=stage == last and not is_won))
        day = rep.workday(later) or world.days.weekday(later)
    _detour(world, story)
    story.entries.append((Milestone.WON if is_won else Milestone.LOST, day))
    if world.chance(0.025):
        _reopen(world, story, rep)
    return story


def _last_stage(world: World, is_real: bool) -> Milestone:
    if not is_real:
        return Milestone.LEAD
    return world.rng.choices(list(LOST_AT), list(LOST_AT.values()))[0]


def _stay(world: World, rep: DemoRep, stage: Milestone, is_lost: bool) -> int:
    """Days in a stage: log-normal around the usual, longer where a price drags and before a loss."""
    median = USUAL_DAYS[stage] * (rep.traits.pricing if stage in PRICED else 1) * (1.4 if is_lost else 1)
    return max(1, round(world.rng.lognormvariate(math.log(median), 0.45)))


def _detour(world: World, story: Story) -> None:
    """Some deals skip a stage, a few fall back and come again."""
    entries = story.entries
    if len(entries) > 3 and world.chance(0.06):
        del entries[world.rng.randrange(1, len(entries) - 1)]
    if len(entries) > 3 and world.chance(0.04):
        (back, since), (stage, day) = entries[-2], entries[-1]
        if (day - since).days > 6:
            entries[-1:] = [(stage, day - timedelta(days=5)), (back, day - timedelta(days=2)), (stage, day)]


def _reopen(world: World, story: Story, rep: DemoRep) -> None:
    """A closed deal comes back: mostly a loss that was none, sometimes a contract that fell through."""
    was_won = story.entries[-1][0] == Milestone.WON
    again = rep.workday(story.entries[-1][1] + timedelta(days=world.rng.randint(15, 70)))
    if again is None:
        return
    story.entries.append((Milestone.PROPOSAL, again))
    end = rep.workday(again + timedelta(days=world.rng.randint(8, 30))) or again
    story.entries.append((Milestone.LOST if was_won else world.rng.choice(ENDS), end))
