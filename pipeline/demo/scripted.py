"""Ben's three deals that the front pages show: each stands where a coach can still change its course."""

from datetime import date, timedelta

from pipeline.demo.accounts import DemoAccount, named_account
from pipeline.demo.days import months_before
from pipeline.demo.deals import Deals, DemoDeal
from pipeline.demo.people import Cast, DemoRep
from pipeline.demo.stories import Story
from pipeline.demo.world import World
from pipeline.models import Deal, LeadSource
from pipeline.models.deals import Milestone

LEAD, QUALIFIED, PROSPECT, PROPOSAL, NEGOTIATION, WON, _ = Milestone
# Company, pipeline, what, amount, days since each milestone, days until the expected close, next step.
DEALS = [
    (
        "Brenta Valves",
        "New plants",
        "retrofit line 2",
        38_000,
        {LEAD: 78, QUALIFIED: 66, PROSPECT: 50, PROPOSAL: 31},
        13,
        "Ask {name} for the plant director before the next call",
    ),
    (
        "Ostia Foods",
        "New plants",
        "cold store",
        27_500,
        {LEAD: 40, QUALIFIED: 26, PROSPECT: 12},
        27,
        "Agree scope on paper; no meeting is planned",
    ),
    (
        "Lario Print",
        "Service",
        "service contract",
        18_500,
        {LEAD: 64, QUALIFIED: 49, PROSPECT: 36, PROPOSAL: 23, NEGOTIATION: 9},
        20,
        "Confirm the delivery weeks",
    ),
]


def scripted(world: World, cast: Cast, deals: Deals) -> list[DemoDeal]:
    """Write the accounts and deals of the table; their touches are invented like all others."""
    return [_deal(world, cast, deals, *row) for row in DEALS]


def _deal(
    world: World,
    cast: Cast,
    deals: Deals,
    company: str,
    pipeline: str,
    what: str,
    amount: int,
    ages: dict[Milestone, int],
    closes_in: int,
    next_step: str,
) -> DemoDeal:
    ben, end = cast["Ben"], world.days.end
    sources = [row["id"] for row in world.rows[LeadSource]]
    account: DemoAccount = named_account(world, company, "Italy", [(months_before(end, 10), ben)], sources)
    story = Story([(milestone, _day(ben, end, age)) for milestone, age in ages.items()])
    deal = deals.record(ben, account, pipeline, what, story, amount, is_firm=True)
    deal.is_scripted = True
    deals.expect(deal, end + timedelta(days=closes_in))
    row = world.row(Deal, deal.id)
    row["currency"] = "EUR"
    row["next_step"] = next_step.format(name=deal.team[0][1].name)
    row["next_step_on"] = ben.workday(end + timedelta(days=3))
    return deal


def _day(rep: DemoRep, end: date, age: int) -> date:
    return rep.workday(end - timedelta(days=age)) or end
