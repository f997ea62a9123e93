"""One call, mail, text or meeting at a time, with what the rep's traits make likely to come of it."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from pipeline.demo import words
from pipeline.demo.accounts import DemoContact
from pipeline.demo.people import DemoRep
from pipeline.demo.world import World
from pipeline.models import Activity, ActivityContact, ActivityMaterial, Material

Kind, Way, Status = Activity.Kind, Activity.Direction, Activity.Status
Outcome, Interest = Activity.Outcome, Activity.Interest
Part, Attended = ActivityContact.Part, ActivityContact.Attended

MISSES = {Outcome.NO_ANSWER: 50, Outcome.VOICEMAIL: 26, Outcome.GATEKEEPER: 19, Outcome.WRONG_NUMBER: 5}
# A person is mailed about twice a month: each single mail is answered less often than the person answers.
PER_MAIL = 0.7
HELD = {Status.HELD: 84, Status.CANCELLED: 8, Status.NO_SHOW: 6, Status.PLANNED: 2}


class Touch(NamedTuple):
    activity: int
    day: date
    is_answered: bool


class Diary:
    """Writes touches into the world; callers see to it that the day is one of the rep's and of the demo's."""

    def __init__(self, world: World):
        self.world, self.rng, self.days = world, world.rng, world.days
        self.materials = [world.add(Material, name=name, type=kind) for name, kind in words.MATERIALS]
        self.mails = 0

    def call(self, rep: DemoRep, contact: DemoContact, day: date, deal: int | None = None) -> Touch:
        is_reached = self.world.chance(rep.traits.reach * (1.35 if deal else 0.8))
        outcome = Outcome.REACHED if is_reached else self.rng.choices(list(MISSES), list(MISSES.values()))[0]
        seconds = self.rng.randint(130, 1500) if is_reached else self.rng.choice((0, 0, 15, 22, 35, 48))
        if self.world.chance(0.1):
            outcome = Outcome.UNKNOWN  # the telephone system knows the talk time, nobody noted the rest
        activity = self._activity(
            rep,
            contact,
            Kind.CALL,
            day,
            deal,
            direction=Way.OUT,
            outcome=outcome,
            duration_s=seconds,
            interest=self._interest() if is_reached else Interest.UNKNOWN,
            subject=self.rng.choice(words.CALL_SUBJECTS.split(";")),
        )
        self.part(activity, contact, Part.TO)
        return Touch(activity, day, is_reached)

    def mail(
        self,
        rep: DemoRep,
        contact: DemoContact,
        day: date,
        deal: int | None = None,
        subject: str = "",
        after: int | None = None,
        copied: DemoContact | None = None,
        **more: Any,
    ) -> Touch:
        """A mail out, and what came back: nothing, a bounce, an automatic reply or an answer."""
        subject = subject or self._subject(contact)
        is_bounced = self.world.chance(0.02)
        outcome = {"outcome": Outcome.BOUNCED} if is_bounced else {}
        activity = self._activity(
            rep,
            contact,
            Kind.EMAIL,
            day,
            deal,
            direction=Way.OUT,
            in_reply_to_id=after,
            provider_id=self._message_id(),
            subject=subject,
            **outcome,
            **more,
        )
        self.part(activity, contact, Part.TO, **outcome)
        if copied and copied is not contact:
            self.part(activity, copied, Part.CC)
        if self.world.chance(0.01):
            self._twice(activity, contact)
        is_answered = not is_bounced and self._replies(rep, contact, day, deal, subject, activity)
        return Touch(activity, day, is_answered)

    def _replies(
        self, rep: DemoRep, contact: DemoContact, day: date, deal: int | None, subject: str, mail: int
    ) -> bool:
        if self.world.chance(0.03):
            self.incoming(
                rep, contact, day, deal, f"Automatic reply: {subject}", mail, outcome=Outcome.AUTO_REPLY
            )
        is_answered = self.world.fair(rep.id, "reply", rep.traits.reply * PER_MAIL)
        back = rep.workday(day + timedelta(days=1 + int(self.rng.expovariate(0.5))))
        if is_answered and self.days.is_past(back):
            self.incoming(rep, contact, back, deal, f"Re: {subject}", mail, interest=self._interest())
        return is_answered

    def incoming(
        self,
        rep: DemoRep,
        contact: DemoContact,
        day: date,
        deal: int | None,
        subject: str,
        answered: int | None = None,
        **more: Any,
    ) -> int:
        """A mail the contact wrote; on the day of the mail it answers it comes right after it."""
        activity = self._activity(
            rep,
            contact,
            Kind.EMAIL,
            day,
            deal,
            direction=Way.IN,
            in_reply_to_id=answered,
            provider_id=self._message_id(),
            subject=subject,
            **more,
        )
        if answered:
            row = self.world.row(Activity, activity)
            row["at"] = max(row["at"], self.world.row(Activity, answered)["at"] + timedelta(seconds=20))
        self.part(activity, contact, Part.FROM)
        return activity

    def text(self, rep: DemoRep, contact: DemoContact, day: date, deal: int | None = None) -> Touch:
        activity = self._activity(rep, contact, Kind.TEXT, day, deal, direction=Way.OUT, subject="")
        self.part(activity, contact, Part.TO)
        is_answered = self.world.chance(min(0.5, rep.traits.reply * 1.8))
        if is_answered and self.days.is_past(back := rep.workday(day + timedelta(days=1))):
            reply = self._activity(
                rep, contact, Kind.TEXT, back, deal, direction=Way.IN, in_reply_to_id=activity
            )
            self.part(reply, contact, Part.FROM)
        return Touch(activity, day, is_answered)

    def meeting(
        self,
        rep: DemoRep,
        people: list[DemoContact],
        day: date,
        deal: int | None = None,
        type: str = "",
        booker: DemoRep | None = None,
    ) -> Touch:
        """A meeting booked some days ahead; on the demo's last day or later it is planned."""
        ahead = self.rng.randint(2, 12)
        booked = min((booker or rep).workday(day - timedelta(days=ahead)) or day, day)
        is_coming = day >= self.days.end
        if is_coming and booked >= self.days.end:
            booked = self.days.working_days(
                self.days.end - timedelta(days=20), self.days.end - timedelta(days=1)
            )[-1]
        status = Status.PLANNED if is_coming else self.rng.choices(list(HELD), list(HELD.values()))[0]
        activity = self._activity(
            rep,
            people[0],
            Kind.MEETING,
            day,
            deal,
            status=status,
            type=type,
            booked_at=self.days.moment(booked),
            booked_by_id=booker.id if booker else None,
            duration_s=self.rng.choice((1800, 2700, 3600, 5400)),
            provider_id=f"{self.rng.getrandbits(64):016x}@calendar",
            interest=self._interest() if status == Status.HELD else Interest.UNKNOWN,
            subject=words.MEETING_SUBJECTS.get(type, ""),
        )
        row = self.world.row(Activity, activity)
        row["booked_at"] = min(row["booked_at"], row["at"])
        all_declined = status == Status.HELD and self.world.chance(0.015)
        for contact in people:
            self.part(activity, contact, Part.ATTENDEE, attended=self._attended(status, all_declined))
        return Touch(activity, day, status == Status.HELD and not all_declined)

    def internal(self, rep: DemoRep, day: date) -> None:
        subject = self.rng.choice(words.INTERNAL_SUBJECTS.split(";"))
        self.world.add(
            Activity,
            rep_id=rep.id,
            kind=Kind.EMAIL,
            at=self.days.moment(day),
            direction=Way.OUT,
            provider_id=self._message_id(),
            is_internal=True,
            subject=subject,
        )

    def hand_over(self, touch: Touch) -> None:
        """A material, sometimes two, given with that touch."""
        for material in self.rng.sample(self.materials, 1 if self.world.chance(0.85) else 2):
            self.world.add(ActivityMaterial, activity_id=touch.activity, material_id=material)

    def part(self, activity: int, contact: DemoContact, part: Part, **more: Any) -> None:
        self.world.add(ActivityContact, activity_id=activity, contact_id=contact.id, part=part, **more)

    def _activity(
        self, rep: DemoRep, contact: DemoContact, kind: Kind, day: date, deal: int | None, **more: Any
    ) -> int:
        account, at = contact.account.id, self.days.moment(day)
        return self.world.add(
            Activity, rep_id=rep.id, kind=kind, at=at, account_id=account, deal_id=deal, **more
        )

    def _twice(self, activity: int, contact: DemoContact) -> None:
        """The same mail logged by a second mailbox: one Message-ID, two rows."""
        row = dict(self.world.row(Activity, activity))
        self.part(self.world.add(Activity, **row), contact, Part.TO)

    def _message_id(self) -> str:
        self.mails += 1
        return f"<{self.mails:06d}.{self.rng.getrandbits(48):012x}@adigepumps.example>"

    def _subject(self, contact: DemoContact) -> str:
        return self.rng.choice(words.MAIL_SUBJECTS.split(";")).format(company=contact.account.name)

    def _interest(self) -> Interest:
        return self.rng.choices(list(Interest), (35, 20, 30, 15))[0]

    def _attended(self, status: Status, all_declined: bool) -> Attended:
        if all_declined:
            return Attended.DECLINED
        if status != Status.HELD:
            return Attended.NO if status == Status.NO_SHOW else Attended.UNKNOWN
        return self.rng.choices(
            (Attended.YES, Attended.DECLINED, Attended.NO, Attended.UNKNOWN), (90, 4, 3, 3)
        )[0]
