"""Work besides the deals: first attempts and follow-ups, contacts kept warm, internal mails, the machine."""

from collections import defaultdict
from datetime import date, timedelta

from pipeline.demo.accounts import DemoAccount, DemoContact
from pipeline.demo.deals import DemoDeal
from pipeline.demo.people import Cast, DemoRep
from pipeline.demo.touches import Diary
from pipeline.demo.world import World
from pipeline.models import Activity
from pipeline.models.deals import Milestone


class Prospecting:
    """A rep's weeks, one after the other."""

    def __init__(self, world: World, diary: Diary, found: list[DemoAccount], inside: list[DemoRep]):
        self.world, self.diary, self.rng, self.days = world, diary, world.rng, world.days
        self.inside = inside
        self.found: dict[str, list[DemoAccount]] = defaultdict(list)
        for account in found:
            for _, rep in account.owners:
                self.found[rep.name].append(account)

    def weeks(self, rep: DemoRep) -> None:
        rep.known.sort(key=lambda met: met[0])
        monday = rep.first - timedelta(days=rep.first.weekday())
        while monday < min(self.days.end, rep.last):
            pace = rep.pace(monday)
            for _ in range(self.world.poisson(rep.traits.starts * pace)):
                self.approach(rep, monday + timedelta(days=self.rng.randrange(5)))
            self.keep_warm(rep, monday)
            if self.world.chance(0.45) and self.days.is_past(day := rep.workday(monday)):
                self.diary.internal(rep, day)
            monday += timedelta(days=7)

    def approach(self, rep: DemoRep, day: date) -> None:
        """Touch somebody new until they answer, or the rep gives up; now and then it ends in a meeting."""
        contact = self._somebody_new(rep, day)
        when, thread = rep.workday(day), None
        if contact is None:
            return
        started = last = when or day
        for _ in range(max(1, self.world.poisson(rep.traits.persistence))):
            if not self.days.is_past(when):
                break
            last = when
            ways = (0.9 * rep.traits.calls, rep.traits.mails, 0.16)
            way = self.rng.choices(("call", "mail", "text"), ways)[0]
            if way == "mail":
                touch = self.diary.mail(rep, contact, when, after=thread)
                thread = touch.activity
            else:
                touch = getattr(self.diary, way)(rep, contact, when)
            if self.world.chance(0.1):
                self.diary.hand_over(touch)
            if touch.is_answered:
                self._introduction(rep, contact, when)
                rep.known.append((when, contact))
                break
            gap = self.rng.randint(1, 3) if rep.traits.persistence > 6 else self.rng.randint(2, 8)
            when = rep.workday(when + timedelta(days=gap))
        contact.busy.append((started, last))

    def _somebody_new(self, rep: DemoRep, day: date) -> DemoContact | None:
        """Somebody at the rep's own accounts, an executive as often as is the rep's habit; None: all busy."""
        mine = [account for account in self.found[rep.name] if account.is_of(rep, day)]
        for _ in range(12 if mine else 0):
            contact = self.rng.choice(self.rng.choice(mine).people)
            if contact.is_executive == self.world.chance(rep.traits.executives) and contact.is_free(day):
                return contact
        return None

    def _introduction(self, rep: DemoRep, contact: DemoContact, day: date) -> None:
        """Inside sales books some of its introductions for the account executives of the team."""
        later = rep.workday(day + timedelta(days=self.rng.randint(3, 12)))
        if self.days.is_past(later) and self.world.chance(0.3):
            booker = (
                self.rng.choice(self.inside)
                if rep.member.team == "South" and self.world.chance(0.3)
                else None
            )
            self.diary.meeting(rep, [contact], later, type="introduction", booker=booker)

    def keep_warm(self, rep: DemoRep, monday: date) -> None:
        """Touches with people met before, mostly those met lately."""
        met = [contact for since, contact in rep.known if since < monday][-60:]
        traits = rep.traits
        if not met:
            return
        for way, mean in (("mail", 2.4 * traits.mails), ("call", 1.9 * traits.calls), ("text", 0.35)):
            for _ in range(self.world.poisson(mean * traits.upkeep)):
                day = rep.workday(monday + timedelta(days=self.rng.randrange(5)))
                if self.days.is_past(day):
                    contact = self.rng.choice(met)
                    getattr(self.diary, way)(rep, contact, day)
                    contact.busy.append((day, day))
        if self.world.chance(0.22 * traits.upkeep) and self.days.is_past(day := rep.workday(monday)):
            contact = self._reviewer(rep, met)
            self.diary.meeting(rep, [contact], day, type="review")
            contact.busy.append((day, day))

    def _reviewer(self, rep: DemoRep, met: list[DemoContact]) -> DemoContact:
        """With an executive as often as the rep's other meetings."""
        is_executive = self.world.fair(rep.id, "executives", rep.traits.executives)
        return self.rng.choice([contact for contact in met if contact.is_executive == is_executive] or met)


def machine(world: World, diary: Diary, cast: Cast, deals: list[DemoDeal]) -> None:
    """The order desk confirms each contract by mail."""
    desk = cast["Order desk"]
    for deal in deals:
        won = deal.story.entered(Milestone.WON)
        day = won and desk.workday(won + timedelta(days=1))
        if day and world.days.is_past(day):
            contact = deal.team[0][1]
            mail = world.add(
                Activity,
                rep_id=desk.id,
                kind=Activity.Kind.EMAIL,
                at=world.days.moment(day),
                direction=Activity.Direction.OUT,
                account_id=deal.account.id,
                deal_id=deal.id,
                subject=f"Order confirmation: {deal.name}",
            )
            diary.part(mail, contact, 2)
