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
    AccountMove,
    Activity,
    ActivityContact,
    ActivityMaterial,
    Contact,
    Deal,
    DealChange,
    DealContact,
    DealFact,
    DealMove,
    ExchangeRate,
    JobCost,
    LeadSource,
    Material,
    Organisation,
    RebateTier,
    Relationship,
    Rep,
    Setting,
    Spend,
    Stage,
    StageChange,
    Team,
    TeamMove,
    TimeEntry,
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
    "rating_stale_days": ["14", "91"],
    "first_attempt_days": ["1", "8", "75"],
    "qualified_window_days": ["30", "60"],
    "manoeuvre_amount_change": ["0", "50"],
    "manoeuvre_slip_days": ["0", "14"],
    "untouched_days": ["1", "30"],
}
ROLES = ["", "decision_maker", "decision_maker", "economic_buyer", "champion", "user", "blocker"]


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
        self._money()

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

    def _money(self) -> None:
        """Sources of leads, what was spent on them and otherwise, hours and what an hour costs."""
        sources = [LeadSource.objects.create(name=name) for name in ("Fair", "Web")]
        for model in (Account, Deal):
            for number, pk in enumerate(model.objects.order_by("pk").values_list("pk", flat=True)):
                source = self.plan.dice(f"source {model.__name__}", number).maybe(sources, 0.7)
                model.objects.filter(pk=pk).update(lead_source=source)
        Rep.objects.filter(pk__in=[rep.pk for rep in self.reps[:3]]).update(job="Account executive")
        for on, cost, currency in ((date(2026, 1, 1), "40", ""), (date(2026, 3, 16), "33.33", "USD")):
            JobCost.objects.create(
                job="Account executive", from_on=on, hourly_cost=Decimal(cost), currency=currency
            )
        dice = self.plan.dice("money")
        for _ in range(dice.choice([0, 2, 5])):
            self.spend(dice, sources)
        for _ in range(dice.choice([0, 3, 8])):
            self.hours(dice)
        for _ in range(dice.choice([0, 2, 4])):
            self.tier(dice)

    def spend(self, dice: Dice, sources: list[LeadSource]) -> None:
        kind = dice.choice(["lead", "lead", "lead", "telephony", "material"])
        Spend.objects.update_or_create(
            month=dice.day().replace(day=1),
            kind=kind,
            lead_source=dice.choice(sources) if kind == "lead" else None,
            team=dice.maybe(self.teams, 0.4),
            defaults={
                "amount": dice.choice([Decimal("100"), Decimal("0.05"), Decimal("999.99")]),
                "currency": dice.choice(["", "EUR", "USD", "CHF"]),
            },
        )

    def tier(self, dice: Dice) -> None:
        RebateTier.objects.update_or_create(
            account=dice.choice(self.accounts),
            year=dice.choice([2025, 2026, 2026]),
            from_amount=dice.choice([Decimal("0"), Decimal("99.99"), Decimal("3500.50")]),
            defaults={"percent": dice.choice([Decimal("1.5"), Decimal("0.333"), Decimal("7")])},
        )

    def hours(self, dice: Dice) -> None:
        TimeEntry.objects.update_or_create(
            rep=dice.choice(self.reps),
            on=dice.day(),
            deal=None,
            defaults={"hours": dice.choice([Decimal("0.25"), Decimal("7.75")])},
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
        Account.objects.bulk_create(
            self._account(self.plan.dice(f"account {name}"), name) for name in ("Brenta", "Piave", "Isonzo")
        )
        self.accounts = list(Account.objects.order_by("pk"))
        dice = self.plan.dice("contacts")
        Contact.objects.bulk_create(
            Contact(
                name=f"Contact {number}",
                account=dice.choice(self.accounts),
                department=dice.choice(["", "IT", "Finance", "Legal"]),
                seniority=dice.randrange(7),
                buying_role=self.plan.dice("role", number).choice(ROLES),
                created_at=self.plan.dice("on file", number).maybe(
                    [self.plan.dice("filed", number).moment()]
                ),
            )
            for number in range(6)
        )
        Material.objects.bulk_create(
            Material(name=f"Paper {number}", type=kind)
            for number, kind in enumerate(("brochure", "brochure", "price list"))
        )
        self.materials = list(Material.objects.order_by("pk"))
        self.contacts = list(Contact.objects.order_by("pk"))
        ties = self.plan.dice("ties")
        for _ in range(ties.choice([0, 0, 2, 4])):
            self.account_move(ties, ties.choice(self.accounts))
        for _ in range(ties.choice([0, 3, 9, 20])):
            self.rating(ties)
        for account in self.accounts:
            if dice.random() < 0.5:
                self.account_fact(dice, account)

    def _account(self, dice: Dice, name: str) -> Account:
        return Account(
            name=name,
            owner=dice.maybe(self.reps, 0.9),
            created_at=dice.maybe([dice.moment()], 0.7),
            recorded_at=dice.moment(),
        )

    def account_move(self, dice: Dice, account: Account) -> None:
        AccountMove.objects.update_or_create(
            account=account, from_at=dice.moment(), defaults={"owner": dice.choice(self.reps)}
        )

    def rating(self, dice: Dice) -> None:
        Relationship.objects.update_or_create(
            contact=dice.choice(self.contacts),
            rater=dice.choice(self.reps),
            rated_on=dice.day(),
            defaults={"score": dice.choice([-3, -2, -1, -1, 0, 1, 2, 3])},
        )

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
