"""Random worlds, small and mean: every rule of the catalogue has rows near its edge.

Each row is drawn from its own seed, so that a world of fewer rows is the same world with rows missing: that is what
lets Hypothesis shrink a failure by turning the counts down.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from pipeline.models import (
    Account,
    AccountFact,
    Activity,
    ActivityContact,
    Contact,
    Deal,
    DealChange,
    DealFact,
    DealMove,
    ExchangeRate,
    Organisation,
    Rep,
    Setting,
    Stage,
    StageChange,
    Team,
    TeamMove,
)

ZONES = ("Europe/Rome", "America/New_York", "Asia/Kolkata")
# Days around which things happen: ends of weeks, months and years, both changes of the clock, the last fortnight.
DAYS = [
    date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 8),
    date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 31), date(2026, 4, 1),
    date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 13), date(2026, 6, 14), date(2026, 6, 15),
    date(2026, 6, 16),
]  # fmt: skip
TIMES = [time(0), time(0, 30), time(9), time(9, 0, 40), time(9, 1), time(9, 1, 1), time(17), time(23, 59, 59)]
RATES = [
    ("USD", date(2025, 12, 1), "0.9"),
    ("USD", date(2026, 3, 16), "0.8"),
    ("GBP", date(2026, 3, 31), "1.17"),
]
SETTINGS = {
    "reply_window_days": ["7", "30"],
    "inferred_reach_seconds": ["60", "121"],
    "executive_threshold": ["manager", "vp"],
    "two_way_days": ["30", "91"],
}


@dataclass(frozen=True)
class Plan:
    """What to draw: a seed and how many of each; `edits` are made after the first recompute."""

    seed: int
    moves: int
    settings: int
    deals: int
    steps: int
    activities: int
    edits: int

    def dice(self, what: str, number: int = 0) -> "Dice":
        return Dice(f"{self.seed} {what} {number}")


PLANS = st.builds(
    Plan,
    seed=st.integers(0, 10**9),
    moves=st.integers(0, 4),
    settings=st.integers(0, 3),
    deals=st.integers(0, 7),
    steps=st.integers(1, 6),
    activities=st.integers(0, 40),
    edits=st.integers(0, 8),
)


class Dice(Random):
    zone = UTC

    def maybe(self, values, share: float = 0.5):
        return self.choice(values) if values and self.random() < share else None

    def day(self) -> date:
        return self.choice(DAYS) + timedelta(self.choice([0, 0, 0, 0, 1, -1, 7]))

    def moment(self) -> datetime:
        """Usually a local time, now and then an instant just before midnight UTC."""
        if self.random() < 0.15:
            return datetime.combine(self.day(), time(23, 30), UTC)
        return datetime.combine(self.day(), self.choice(TIMES), self.zone)

    def amount(self) -> Decimal:
        return Decimal(self.choice(["0", "99.99", "1000", "2500.50", "40000"]))


class RandomWorld:
    """A plan carried out: written in bulk as an import writes, with the triggers awake."""

    def __init__(self, plan: Plan):
        self.plan = plan
        dice = plan.dice("organisation")
        zone = dice.choice(ZONES)
        Dice.zone = ZoneInfo(zone)
        Organisation.objects.update_or_create(
            pk=1,
            defaults={"time_zone": zone, "currency": "EUR", "fiscal_year_start": dice.choice([1, 1, 4, 10])},
        )
        self._people(dice)
        self._customers()
        self._deals()
        self._activities()

    def _people(self, dice: Dice) -> None:
        north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
        self.teams = [north, south, Team.objects.create(name="Coast", parent=north)]
        Rep.objects.bulk_create(
            Rep(name=name, team=dice.maybe(self.teams, 0.9)) for name in ("Ada", "Ben", "Dario", "Olga")
        )
        self.reps = list(Rep.objects.order_by("pk"))
        for number in range(self.plan.moves):
            self.team_move(self.plan.dice("move", number))
        for number in range(self.plan.settings):
            self.setting(self.plan.dice("setting", number))
        ExchangeRate.objects.bulk_create(
            ExchangeRate(currency=currency, on=on, rate=Decimal(rate)) for currency, on, rate in RATES
        )

    def team_move(self, dice: Dice) -> None:
        TeamMove.objects.update_or_create(
            rep=dice.choice(self.reps), from_on=dice.day(), defaults={"team": dice.choice(self.teams)}
        )

    def setting(self, dice: Dice) -> None:
        key = dice.choice(list(SETTINGS))
        Setting.objects.update_or_create(
            key=key, from_on=dice.maybe([dice.day()], 0.8), defaults={"value": dice.choice(SETTINGS[key])}
        )

    def _customers(self) -> None:
        Account.objects.bulk_create(Account(name=name) for name in ("Brenta", "Piave", "Isonzo"))
        self.accounts = list(Account.objects.order_by("pk"))
        dice = self.plan.dice("contacts")
        Contact.objects.bulk_create(
            Contact(
                name=f"Contact {number}",
                account=dice.choice(self.accounts),
                department=dice.choice(["", "IT", "Finance", "Legal"]),
                seniority=dice.randrange(7),
            )
            for number in range(6)
        )
        self.contacts = list(Contact.objects.order_by("pk"))
        for account in self.accounts:
            if dice.random() < 0.5:
                self.account_fact(dice, account)

    def account_fact(self, dice: Dice, account: Account) -> None:
        AccountFact.objects.get_or_create(
            account=account, kind=dice.choice(["nda_signed", "nda_signed", "nda_expired"]), on=dice.day()
        )

    def _deals(self) -> None:
        names = ("lead", "qualified", "prospect", "proposal", "negotiation", "won", "lost")
        Stage.objects.bulk_create(
            Stage(name=name, position=number, milestone=number) for number, name in enumerate(names, start=1)
        )
        self.stages = list(Stage.objects.order_by("position"))
        for number in range(self.plan.deals):
            self.deal(self.plan.dice("deal", number), self.plan.steps)

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
        for _ in range(dice.choice([0, 0, 1, 3])):
            dice.choice([self.move, self.revalue, self.fact, self.fact])(dice, deal)
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
        field = dice.choice(["amount", "amount", "amount", "forecast"])
        value = {"amount": str(dice.amount()), "forecast": "committed"}[field]
        DealChange.objects.update_or_create(
            deal=deal, field=field, at=dice.moment(), defaults={"value": dice.choice([value, value, ""])}
        )

    def fact(self, dice: Dice, deal: Deal) -> None:
        kinds = ["nda_requested", "nda_signed", "nda_signed", "nda_expired", "pricing", "scope"]
        DealFact.objects.get_or_create(deal=deal, kind=dice.choice(kinds), on=dice.day())

    def _activities(self) -> None:
        made = [self._activity(self.plan.dice("activity", number)) for number in range(self.plan.activities)]
        Activity.objects.bulk_create(made)
        self.activities = list(Activity.objects.order_by("pk"))
        for number, activity in enumerate(self.activities):
            self.people(self.plan.dice("people", number), activity)
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
        )

    def people(self, dice: Dice, activity: Activity) -> None:
        chosen = dice.sample(self.contacts, dice.choice([0, 1, 1, 1, 2]))
        ActivityContact.objects.bulk_create(self._person(dice, activity, contact) for contact in chosen)

    def _person(self, dice: Dice, activity: Activity, contact: Contact) -> ActivityContact:
        parts = {2: [2, 2, 2, 3, 0] if activity.direction == 1 else [1, 1, 1, 3, 0], 4: [4, 4, 5, 0]}
        return ActivityContact(
            activity=activity,
            contact=contact,
            part=dice.choice(parts.get(activity.kind, [0])),
            attended=dice.choice([0, 1, 2, 3, 3]) if activity.kind == 4 else 0,
            outcome=dice.choice([0, 0, 0, 0, 6]) if activity.kind == 2 else 0,
        )

    def reply(self, dice: Dice, activity: Activity) -> None:
        mails = [mail.pk for mail in self.activities if mail.kind == 2 and mail.pk != activity.pk]
        Activity.objects.filter(pk=activity.pk).update(in_reply_to=dice.maybe(mails, 0.4) if mails else None)
