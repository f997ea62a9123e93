"""What work costs and what is expected of it: rates, hourly costs, spend, hours and targets."""

import math
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from django.apps import apps
from django.db import models

from pipeline.demo.cast import INSIDE, MANAGER
from pipeline.demo.deals import DemoDeal
from pipeline.demo.people import Cast, DemoRep
from pipeline.demo.words import LEAD_SOURCES
from pipeline.demo.world import World
from pipeline.models import ExchangeRate, JobCost, LeadSource, Setting, Spend, TimeEntry

RATES = {"USD": 0.92, "GBP": 1.17, "CHF": 1.05}  # EUR per unit, roughly
HOURLY = {"Account executive": 41, INSIDE: 29, MANAGER: 58, "Sales operations": 38}  # EUR


def money(world: World, cast: Cast, deals: list[DemoDeal]) -> None:
    """Everything with a price but the deals."""
    _rates(world)
    _costs(world)
    _spend(world, cast)
    _hours(world, cast, deals)
    _settings(world)
    _targets(world, cast)


def _rates(world: World) -> None:
    """A rate each Monday, wandering slowly."""
    days = world.days
    for currency, rate in RATES.items():
        monday = days.start - timedelta(days=days.start.weekday() + 7)
        while monday < days.end:
            rate *= math.exp(world.rng.gauss(0, 0.004))
            world.add(ExchangeRate, currency=currency, on=monday, rate=Decimal(f"{rate:.6f}"))
            monday += timedelta(days=7)


def _costs(world: World) -> None:
    """Hourly costs, a little higher since the last New Year."""
    for job, cost in HOURLY.items():
        world.add(
            JobCost, job=job, from_on=date(world.days.start.year - 1, 1, 1), hourly_cost=cost, currency="EUR"
        )
        raised = (Decimal(cost) * Decimal("1.03")).quantize(Decimal("0.01"))
        world.add(
            JobCost, job=job, from_on=date(world.days.end.year, 1, 1), hourly_cost=raised, currency="EUR"
        )


def _spend(world: World, cast: Cast) -> None:
    sources = [row["id"] for row in world.rows[LeadSource]]
    teams = sorted({rep.team_id for rep in cast.sellers if rep.team_id})
    for month in world.days.months():
        for source, (_, _, _, usual) in zip(sources, LEAD_SOURCES, strict=True):
            amount = round(usual * world.rng.uniform(0.7, 1.3))
            world.add(Spend, month=month, kind="lead", lead_source_id=source, amount=amount, currency="EUR")
        for team in teams:
            for kind, usual in (("telephony", 260), ("material", 340)):
                amount = round(usual * world.rng.uniform(0.8, 1.2))
                world.add(Spend, month=month, kind=kind, team_id=team, amount=amount, currency="EUR")


def _hours(world: World, cast: Cast, deals: list[DemoDeal]) -> None:
    """Each working day some hours on selling at large, and some on one of the deals then open."""
    mine: dict[str, list[DemoDeal]] = defaultdict(list)
    for deal in deals:
        for _, rep in deal.owners:
            mine[rep.name].append(deal)
    for rep in cast.sellers:
        for day in rep.workdays:
            if world.days.is_past(day):
                _day(world, rep, day, mine[rep.name])


def _day(world: World, rep: DemoRep, day: date, deals: list[DemoDeal]) -> None:
    rng = world.rng
    world.add(TimeEntry, rep_id=rep.id, on=day, hours=Decimal(rng.randrange(8, 19)) / 4)
    current = [deal for deal in deals if deal.story.created <= day <= (deal.story.closed() or day)]
    if current and world.chance(0.6):
        world.add(
            TimeEntry,
            rep_id=rep.id,
            on=day,
            hours=Decimal(rng.randrange(4, 13)) / 4,
            deal_id=rng.choice(current).id,
        )


def _settings(world: World) -> None:
    """One setting that changed: earlier periods keep the older value."""
    changed = date(world.days.end.year, 1, 1)
    world.add(Setting, key="untouched_days", value="21")
    world.add(Setting, key="untouched_days", value="14", from_on=changed)


MONEY = {"won_value", "pipeline_created"}
# A rep's month: key of the KPI, usual target, stretch.
MONTHLY = [
    ("calls_made", 65, 80),
    ("emails_sent", 60, None),
    ("meetings_held", 15, 18),
    ("first_attempts", 13, None),
    ("won_value", 26_000, 34_000),
    ("pipeline_created", 110_000, None),
]
# Shares and medians hold for a team and each of its reps alike.
SHARES = [
    ("reply_rate", "0.12"),
    ("executive_meetings", "0.40"),
    ("win_rate", "0.30"),
    ("manoeuvre_known", "0.70"),
    ("nda_signed", "0.70"),
    ("departments_involved", "3"),
    ("reach_rate", "0.30"),
]


def _targets(world: World, cast: Cast) -> None:
    """Sums for each rep and, added up, for the team; shares for a team, holding for each of its reps."""
    target = apps.get_model("kpis", "Target")  # the layer above: known by name only
    sellers = cast.sellers
    for team in dict.fromkeys(rep.team_id for rep in sellers):
        reps = [rep for rep in sellers if rep.team_id == team]
        for from_on, more in (
            (world.days.start.replace(day=1), 1.0),
            (date(world.days.end.year, 1, 1), 1.05),
        ):
            for kpi, value, stretch in MONTHLY:
                _sums(world, target, team, reps, (kpi, from_on, value * more, stretch and stretch * more))
            for kpi, value in SHARES:
                world.add(
                    target, kpi=kpi, period="month", from_on=from_on, value=Decimal(value), team_id=team
                )


def _sums(
    world: World,
    target: type[models.Model],
    team: int | None,
    reps: list[DemoRep],
    wanted: tuple[str, date, float, float | None],
) -> None:
    """A target for each rep, by the size of the job, and their sum for the team."""
    kpi, from_on, value, stretch = wanted
    shares = {rep.id: rep.traits.deals * rep.traits.amount / 4 if kpi in MONEY else 1.0 for rep in reps}
    shares = {rep_id: max(0.6, share) for rep_id, share in shares.items()}
    common = {"kpi": kpi, "period": "month", "from_on": from_on}
    for rep_id, share in shares.items():
        world.add(
            target,
            **common,
            rep_id=rep_id,
            value=_round(value * share),
            stretch=_round(stretch * share) if stretch else None,
        )
    world.add(target, **common, team_id=team, value=_round(value * sum(shares.values())))


def _round(value: float) -> Decimal:
    """To what people would write down: two significant figures."""
    return Decimal(f"{value:.2g}").quantize(Decimal(1))
