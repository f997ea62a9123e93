"""Random worlds, small and mean: every rule of the catalogue has rows near its edge."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from pipeline.models import (
    Account,
    AccountFact,
    AccountMove,
    Contact,
    Deal,
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
    Team,
    TeamMove,
    TimeEntry,
)
from tests.kpis.chance_activities import RandomActivities
from tests.kpis.chance_deals import RandomDeals
from tests.kpis.dice import ROLES, Dice, Plan

ZONES = ("Europe/Rome", "America/New_York", "Asia/Kolkata")
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


class RandomWorld(RandomDeals, RandomActivities):
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
