"""The cast and their records, written row by row so that a test reads like the story it counts.

Times without an offset are Rome's. Everything is settled and recomputed the way a worker does it: by draining marks.
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kpis.catalogue import CATALOGUE
from kpis.evidence import evidence
from kpis.periods import Calendar
from kpis.readings import Reading, read
from kpis.recompute import drain
from kpis.subjects import Subject
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
    Material,
    Organisation,
    Relationship,
    Rep,
    Setting,
    Stage,
    StageChange,
    Team,
    TeamMove,
)
from pipeline.models.deals import Milestone

ROME = ZoneInfo("Europe/Rome")
CALL, MAIL, TEXT, MEETING = Activity.Kind
STAGES = {
    "lead": Milestone.LEAD,
    "qualified": Milestone.QUALIFIED,
    "prospect": Milestone.PROSPECT,
    "proposal": Milestone.PROPOSAL,
    "negotiation": Milestone.NEGOTIATION,
    "won": Milestone.WON,
    "lost": Milestone.LOST,
}


def moment(text: str | datetime) -> datetime:
    """Rome's time unless the text has an offset; a bare date is its local midnight."""
    at = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ROME)


def is_bare(text) -> bool:
    return isinstance(text, str) and len(text) == 10


def code(choices, name: str | None) -> int:
    """The number behind a bundle's word; unknown without one."""
    return choices[name.upper()] if name else 0


class World:
    """North (Maya manages Ada, Ben, Cleo) with its subteam Coast (Dario), South (Olga), and Ivo."""

    def __init__(self):
        Organisation.objects.update_or_create(
            pk=1, defaults={"time_zone": "Europe/Rome", "currency": "EUR", "domains": "adige.example"}
        )
        self.maya, self.ivo = Rep.objects.create(name="Maya", role="manager"), Rep.objects.create(name="Ivo")
        self.north = Team.objects.create(name="North", manager=self.maya)
        self.coast = Team.objects.create(name="Coast", parent=self.north)
        self.south = Team.objects.create(name="South")
        self.ada, self.ben, self.cleo = (self.rep(name, self.north) for name in ("Ada", "Ben", "Cleo"))
        self.dario, self.olga = self.rep("Dario", self.coast), self.rep("Olga", self.south)
        self.stages = {
            name: Stage.objects.create(name=name.title(), position=number, milestone=milestone)
            for number, (name, milestone) in enumerate(STAGES.items())
        }
        self.brenta = Account.objects.create(name="Brenta Valves", owner=self.ada)
        self.carla = self.contact("Carla")

    def rep(self, name: str, team: Team | None) -> Rep:
        return Rep.objects.create(name=name, team=team, job="Account executive")

    def moves(self, rep: Rep, **teams: str) -> None:
        """The rep's teams by the day they joined: `moves(ada, north="2026-01-01", south="2026-03-01")`."""
        for team, day in teams.items():
            TeamMove.objects.create(rep=rep, team=getattr(self, team), from_on=day)

    def account(self, name: str, **more) -> Account:
        return Account.objects.create(name=name, **more)

    def contact(self, name: str, account: Account | None = None, **more) -> Contact:
        if "seniority" in more:
            more["seniority"] = code(Contact.Seniority, more["seniority"])
        return Contact.objects.create(name=name, account=account or self.brenta, **more)

    def activity(self, kind: int, rep: Rep | None, at: str, *people, **more) -> Activity:
        """`people` are contacts, or (contact, part, attended) with the bundle's words."""
        for field, choices in (
            ("direction", Activity.Direction),
            ("status", Activity.Status),
            ("outcome", Activity.Outcome),
            ("interest", Activity.Interest),
        ):
            more[field] = code(choices, more.get(field))
        if "booked_at" in more:
            more["booked_at"] = moment(more["booked_at"])
        made = Activity.objects.create(kind=kind, rep=rep, at=moment(at), **more)
        for person in people:
            contact, part, attended = (
                (*person, None, None)[:3] if isinstance(person, tuple) else (person, None, None)
            )
            ActivityContact.objects.create(
                activity=made,
                contact=contact,
                part=code(ActivityContact.Part, part),
                attended=code(ActivityContact.Attended, attended),
            )
        return made

    def call(self, rep, at, *people, outcome=None, duration_s=None, direction="out", **more) -> Activity:
        return self.activity(
            CALL, rep, at, *people, outcome=outcome, duration_s=duration_s, direction=direction, **more
        )

    def mail(self, rep, at, *to, outcome=None, **more) -> Activity:
        """A mail from the rep to these contacts."""
        people = [person if isinstance(person, tuple) else (person, "to") for person in to]
        return self.activity(MAIL, rep, at, *people, outcome=outcome, direction="out", **more)

    def answer(self, rep, at, contact=None, outcome=None, **more) -> Activity:
        """A mail from a contact to the rep."""
        people = [(contact, "from")] if contact else []
        return self.activity(MAIL, rep, at, *people, outcome=outcome, direction="in", **more)

    def text(self, rep, at, *people, direction="out", **more) -> Activity:
        return self.activity(TEXT, rep, at, *people, direction=direction, **more)

    def meeting(self, rep, at, *people, status="held", **more) -> Activity:
        return self.activity(MEETING, rep, at, *people, status=status, **more)

    def deal(self, owner: Rep | None, *history: tuple[str, str], **more) -> Deal:
        """A deal that entered these stages at these times, created with the first unless `created` says otherwise.

        A bare date stands for a day whose time nobody knows.
        """
        created = more.pop("created", history[0][1] if history else None)
        made = Deal.objects.create(
            name=more.pop("name", f"Deal {Deal.objects.count() + 1}"),
            account=more.pop("account", self.brenta),
            owner=owner,
            created_at=moment(created) if created else None,
            is_created_dated=is_bare(created),
            stage=self.stages[history[-1][0]] if history else None,
            **more,
        )
        for stage, at in history:
            self.enters(made, stage, at)
        return made

    def enters(self, deal: Deal, stage: str, at: str, seq: int = 0, owner: Rep | None = None) -> None:
        StageChange.objects.create(
            deal=deal,
            stage=self.stages[stage],
            at=moment(at),
            seq=seq,
            is_dated=is_bare(at),
            owner=owner,
        )

    def owned(self, deal: Deal, **owners: str) -> None:
        """Who owned the deal since when: `owned(deal, ada="2026-01-01", ben="2026-02-01")`."""
        for name, at in owners.items():
            DealMove.objects.create(deal=deal, owner=getattr(self, name), from_at=moment(at))

    def worth(self, deal: Deal, *values: tuple[str, str], field: str = "amount") -> None:
        """The deal's amounts by the moment they were known; the last is also what the deal says today."""
        for value, at in values:
            DealChange.objects.create(deal=deal, field=field, value=value, at=moment(at))
        setattr(deal, field, Decimal(values[-1][0]))
        deal.save()

    def buyers(self, deal: Deal, *contacts: Contact, **more) -> None:
        """Contacts on file for the deal."""
        for contact in contacts:
            DealContact.objects.create(deal=deal, contact=contact, **more)

    def material(self, activity: Activity, *types: str) -> None:
        """Materials of these types handed over in the activity."""
        for kind in types:
            made = Material.objects.create(name=f"A {kind}", type=kind)
            ActivityMaterial.objects.create(activity=activity, material=made)

    def changes(self, deal: Deal, field: str, value: str, at: str) -> None:
        """A dated value of the deal, which is also what the deal says from now on."""
        DealChange.objects.create(deal=deal, field=field, value=value, at=moment(at))
        setattr(deal, field, value)
        deal.save()

    def fact(self, deal: Deal, kind: str, on: str) -> None:
        DealFact.objects.create(deal=deal, kind=kind, on=on)

    def given(self, account: Account, **owners: str) -> None:
        """Who had the account since when: `given(brenta, ada="2026-01-01", ben="2026-02-01")`."""
        for name, at in owners.items():
            AccountMove.objects.create(account=account, owner=getattr(self, name), from_at=moment(at))

    def rated(self, contact: Contact, score: int, on: str, by: Rep | None = None) -> None:
        Relationship.objects.create(contact=contact, rater=by or self.ada, score=score, rated_on=on)

    def account_fact(self, account: Account, kind: str, on: str) -> None:
        AccountFact.objects.create(account=account, kind=kind, on=on)

    def subject(self, who) -> Subject:
        if isinstance(who, Rep):
            return Subject.rep(who.pk)
        if isinstance(who, Team):
            return Subject.team(who.pk)
        return Subject.organisation()

    def reading(self, key: str, who, period: str) -> Reading:
        """The KPI as a page would show it, after the worker has caught up; held against its own evidence."""
        drain()
        asked = Calendar.current().parse(period)
        subject = self.subject(who)
        found = read([subject], [asked])[subject, asked.key][key]
        rows = evidence(CATALOGUE[key], subject, asked)
        assert found.evidence_count == rows.count
        if rows.has_hits and found.reason != "not_captured":
            assert (found.numerator or 0) == sum(rows.hit(row) for row in rows.counted)
        return found

    def value(self, key: str, who, period: str):
        return self.reading(key, who, period).value

    def evidence(self, key: str, who, period: str):
        drain()
        return evidence(CATALOGUE[key], self.subject(who), Calendar.current().parse(period))

    def left_out(self, key: str, who, period: str) -> dict[str, int]:
        """How many rows each reason leaves out; reasons that leave out none are absent."""
        rows = self.evidence(key, who, period).left_out
        return {str(reason): found.count() for reason, found in rows if found.count()}

    def setting(self, key: str, value: str, from_on: str | None = None) -> None:
        Setting.objects.create(key=key, value=value, from_on=from_on)

    def rate(self, currency: str, on: str, rate: str) -> None:
        ExchangeRate.objects.create(currency=currency, on=on, rate=rate)

    def today(self) -> date:
        return Calendar.current().today()
