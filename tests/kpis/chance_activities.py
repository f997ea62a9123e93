"""The activities of a random world: who took part, what was handed over, which mail answers which."""

from datetime import datetime

from pipeline.models import Account, Activity, ActivityContact, ActivityMaterial, Contact, Deal, Material, Rep
from tests.kpis.dice import DAYS, TIMES, Dice, Plan


class RandomActivities:
    plan: Plan
    reps: list[Rep]
    accounts: list[Account]
    contacts: list[Contact]
    materials: list[Material]

    def _activities(self) -> None:
        made = [self._activity(self.plan.dice("activity", number)) for number in range(self.plan.activities)]
        deals = Deal.objects.order_by("pk")
        made += [self._presentation(self.plan.dice("shown", n), deal) for n, deal in enumerate(deals)]
        Activity.objects.bulk_create(made)
        self.activities = list(Activity.objects.order_by("pk"))
        for number, activity in enumerate(self.activities):
            self.people(self.plan.dice("people", number), activity)
            self.hand_over(self.plan.dice("materials", number), activity)
            if number and activity.kind == Activity.Kind.EMAIL:
                self.reply(self.plan.dice("reply", number), activity)

    def _activity(self, dice: Dice) -> Activity:
        kind = dice.choice([1, 1, 2, 2, 2, 3, 4, 4])
        return Activity(
            rep=dice.maybe(self.reps, 0.9),
            kind=kind,
            at=dice.moment(),
            direction=dice.choice([0, 1, 1, 1, 2, 2]),
            status=dice.choice([0, 1, 2, 2, 2, 3, 4]) if kind == 4 else 0,
            outcome=dice.choice({1: [0, 0, 1, 2, 3, 4], 2: [0, 0, 0, 0, 6, 7]}.get(kind, [0])),
            duration_s=dice.choice([None, 59, 60, 119, 120, 121]) if kind == 1 else None,
            deal=dice.maybe(list(Deal.objects.order_by("pk")), 0.6),
            account=dice.maybe(self.accounts, 0.3),
            booked_by=dice.maybe(self.reps, 0.3),
            booked_at=dice.maybe([dice.moment()]) if kind == 4 else None,
            provider_id=dice.choice(["", "", "", "m1", "m2"]),
            is_internal=dice.random() < 0.1,
            type=dice.choice(
                ["", "proposal_presentation", "proposal_presentation"] if kind == 4 else ["", "proposal_sent"]
            ),
            interest=dice.choice([0, 1, 2, 3]) if kind == 1 else 0,
        )

    def _presentation(self, dice: Dice, deal: Deal) -> Activity:
        made = self._activity(dice)
        made.kind, made.status, made.type, made.deal = 4, 2, "proposal_presentation", deal
        made.provider_id, made.is_internal = "", False
        if dice.random() < 0.6:  # before most deals close
            made.at = datetime.combine(dice.choice(DAYS[:6]), dice.choice(TIMES), Dice.zone)
        return made

    def people(self, dice: Dice, activity: Activity) -> None:
        few = [1, 2, 3, 3] if activity.type == "proposal_presentation" else [0, 1, 1, 1, 2]
        chosen = dice.sample(self.contacts, dice.choice(few))
        ActivityContact.objects.bulk_create(self._person(dice, activity, contact) for contact in chosen)

    def hand_over(self, dice: Dice, activity: Activity) -> None:
        for material in dice.sample(self.materials, dice.choice([0, 0, 1, 2])):
            ActivityMaterial.objects.get_or_create(activity=activity, material=material)

    def _person(self, dice: Dice, activity: Activity, contact: Contact) -> ActivityContact:
        parts = {2: [2, 2, 2, 3, 0] if activity.direction == 1 else [1, 1, 1, 3, 0], 4: [4, 4, 5, 0]}
        return ActivityContact(
            activity=activity,
            contact=contact,
            part=dice.choice(parts.get(activity.kind, [0])),
            attended=dice.choice([0, 0, 0, 1, 2, 3, 3]) if activity.kind == 4 else 0,
            outcome=dice.choice([0, 0, 0, 0, 6]) if activity.kind == 2 else 0,
        )

    def reply(self, dice: Dice, activity: Activity) -> None:
        mails = [mail.pk for mail in self.activities if mail.kind == 2 and mail.pk != activity.pk]
        Activity.objects.filter(pk=activity.pk).update(in_reply_to=dice.maybe(mails, 0.4) if mails else None)
