"""Companies and the people in them: departments, ranks, owners over time, NDAs and rebates."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.demo.cast import GODPARENTS, HEIR
from pipeline.demo.people import Cast, DemoRep
from pipeline.demo.words import COUNTRIES, LEAD_SOURCES, LOCAL_TITLES, TITLES, TRADES
from pipeline.demo.world import World
from pipeline.models import Account, AccountFact, AccountMove, Contact, LeadSource, RebateTier
from pipeline.models.record import ACCENTED, PLAIN

EXECUTIVE = Contact.Seniority.DIRECTOR
# How an account's people are drawn: department, rank. The first five exist nearly everywhere.
BACKBONE = [
    ("Operations", 2),
    ("Procurement", 2),
    ("Engineering", 1),
    ("Management", 5),
    ("Operations", 3),
    ("Finance", 3),
    ("Maintenance", 2),
    ("Quality", 1),
    ("Engineering", 3),
    ("Procurement", 1),
    ("IT", 2),
    ("Legal", 2),
    ("Management", 6),
    ("Finance", 1),
    ("Management", 4),
]
HOME = {"North": "Italy", "South": "Italy", "Export": "Germany France", "Iberia": "Spain"}
FOLD = str.maketrans(ACCENTED, PLAIN)
OWNED = 30  # accounts a rep looks after


@dataclass
class DemoContact:
    """A person; `busy` are the stretches in which somebody is already talking to them."""

    id: int
    account: "DemoAccount"
    name: str
    department: str
    seniority: int
    busy: list[tuple[date, date]] = field(default_factory=list)

    @property
    def is_executive(self) -> bool:
        return self.seniority >= EXECUTIVE

    def is_free(self, day: date) -> bool:
        """Whether nobody touched this person in the half year before, nor will in the weeks after."""
        before, after = day - timedelta(days=182), day + timedelta(days=60)
        return not any(start <= after and before <= until for start, until in self.busy)


@dataclass
class DemoAccount:
    id: int
    name: str
    owners: list[tuple[date, DemoRep]]
    source: int
    created: date
    people: list[DemoContact] = field(default_factory=list)

    def is_of(self, rep: DemoRep, day: date) -> bool:
        return self.created <= day and self.owner_on(day) is rep

    def owner_on(self, day: date) -> DemoRep:
        return [rep for since, rep in self.owners if since <= day or since == self.owners[0][0]][-1]


def accounts(world: World, cast: Cast) -> list[DemoAccount]:
    """Every account with its people, by owner."""
    sources = [world.add(LeadSource, name=name) for name, *_ in LEAD_SOURCES]
    names, found = _names(world), []
    for rep in cast.sellers:
        newcomer = rep.name in GODPARENTS
        for _ in range(OWNED // 2 if newcomer else OWNED):
            found.append(_account(world, rep, cast, sources, names))
    _parents(world, found)
    _agreements(world, found)
    return found


def _names(world: World) -> dict[str, list[str]]:
    """Company names by country, in chance order; each is used once."""
    pools = {}
    for country, words in COUNTRIES.items():
        pools[country] = [f"{stem} {trade}" for stem in words["stems"].split() for trade in TRADES]
        world.rng.shuffle(pools[country])
    for scripted in ("Brenta Valves", "Ostia Foods", "Lario Print"):
        pools["Italy"].remove(scripted)
    return pools


def _account(
    world: World, rep: DemoRep, cast: Cast, sources: list[int], names: dict[str, list[str]]
) -> DemoAccount:
    country = world.rng.choice(HOME[rep.member.team].split())
    return named_account(world, names[country].pop(), country, _owners(world, rep, cast), sources)


def named_account(
    world: World, name: str, country: str, owners: list[tuple[date, DemoRep]], sources: list[int]
) -> DemoAccount:
    """One account and its people; the first owner's date is the day it came in."""
    rng, words = world.rng, COUNTRIES[country]
    created = owners[0][0]
    source = rng.choices(range(len(sources)), [share for _, share, *_ in LEAD_SOURCES])[0]
    domain = f"{name.lower().replace(' ', '').translate(FOLD)}.example"
    pk = world.add(
        Account,
        name=f"{name} {rng.choice(words['forms'].split())}",
        domain=domain,
        owner_id=owners[-1][1].id,
        industry=TRADES[name.split()[-1]],
        country=country,
        lead_source_id=sources[source],
        created_at=world.days.midnight(created),
    )
    for since, owner in owners:
        world.add(AccountMove, account_id=pk, owner_id=owner.id, from_at=world.days.midnight(since))
    account = DemoAccount(pk, name, owners, source, created)
    _contacts(world, account, country, domain)
    return account


def _owners(world: World, rep: DemoRep, cast: Cast) -> list[tuple[date, DemoRep]]:
    """Most accounts stay with one rep; newcomers were given theirs, leavers' went to the heir."""
    rng, days = world.rng, world.days
    created = days.start - timedelta(days=rng.randrange(30, 900))
    if rep.name in GODPARENTS:
        return [(created, cast[rng.choice(GODPARENTS[rep.name])]), (rep.first, rep)]
    if rep.name in HEIR:
        return [(created, rep), (rep.last + timedelta(days=1), cast[HEIR[rep.name]])]
    if world.chance(0.35):
        created = days.start + timedelta(days=rng.randrange(450))
    if world.chance(0.06):
        team = [other for other in cast.sellers if other.team_id == rep.team_id and other.first == days.start]
        moved = max(created, days.start) + timedelta(days=rng.randrange(20, 120))
        if team and moved < days.end and (other := rng.choice(team)) is not rep:
            return [(created, other), (moved, rep)]
    return [(created, rep)]


def _contacts(world: World, account: DemoAccount, country: str, domain: str) -> None:
    rng, words = world.rng, COUNTRIES[country]
    drawn = BACKBONE[:5] + [slot for slot in BACKBONE[5:] if world.chance(0.4)]
    for department, rank in drawn:
        title = TITLES[department][rank]
        first, last = rng.choice(words["first"].split()), rng.choice(words["last"].split())
        is_known = not world.chance(0.07)  # the others carry a title that says nothing
        since = account.created + timedelta(days=rng.randrange(1, 200))
        pk = world.add(
            Contact,
            account_id=account.id,
            name=f"{first} {last}",
            email=f"{first}.{last}@{domain}".lower().translate(FOLD),
            phone=f"{words['phone']}{rng.randrange(10**8, 10**9)}",
            title=LOCAL_TITLES.get((country, title), title) if is_known else "Office 2",
            department=department,
            seniority=rank if is_known else Contact.Seniority.UNKNOWN,
            created_at=world.days.midnight(min(since, world.days.end - timedelta(days=1))),
        )
        account.people.append(DemoContact(pk, account, first, department, rank if is_known else 0))


def _parents(world: World, found: list[DemoAccount]) -> None:
    """A few groups: three plants under one owner."""
    for first in range(0, len(found) - 3, 90):
        for plant in found[first + 1 : first + 3]:
            world.row(Account, plant.id)["parent_id"] = found[first].id


def _agreements(world: World, found: list[DemoAccount]) -> None:
    """NDAs that hold for a whole account, some expired since, and who earns money back on the year."""
    days = world.days
    for account in found[::23]:
        signed = days.start + timedelta(days=world.rng.randrange(200))
        world.add(
            AccountFact, account_id=account.id, kind="nda_signed", on=signed, note="Framework agreement"
        )
        if world.chance(0.2):
            world.add(AccountFact, account_id=account.id, kind="nda_expired", on=signed + timedelta(days=365))
    for account in found[::14]:
        for year in sorted({days.start.year, days.end.year - 1, days.end.year}):
            for amount, percent in ((30_000, "1.5"), (80_000, "2.5"), (150_000, "4")):
                world.add(RebateTier, account_id=account.id, year=year, from_amount=amount, percent=percent)
