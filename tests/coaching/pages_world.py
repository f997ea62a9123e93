"""The cast with sign-ins and two months of work before today, for tests that look at pages."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.test import Client

from kpis.models import Target
from kpis.recompute import drain
from pipeline.models import DealContact, Rep
from tests.kpis.world import ROME, World

PASSWORD = "a long way to the touchline"


class PagesWorld(World):
    """Ada works steadily and is answered, Ben mails much and is not, Cleo calls little; Olga belongs to South."""

    def __init__(self):
        super().__init__()
        Rep.objects.filter(pk=self.ivo.pk).update(role=Rep.Role.ADMIN)
        for rep in (self.maya, self.ada, self.ben, self.cleo, self.dario, self.olga, self.ivo):
            rep.account_user = User.objects.create_user(rep.name.lower(), password=PASSWORD)
            rep.save(update_fields=["account_user"])
        self.people = [
            self.contact(f"Person {n}", department=department, seniority=seniority)
            for n, (department, seniority) in enumerate(
                [
                    ("Operations", "director"),
                    ("Procurement", "staff"),
                    ("Management", "c_level"),
                    ("IT", "manager"),
                ]
                * 3
            )
        ]

    def ago(self, days: int, time: str = "10:00") -> str:
        return f"{self.today() - timedelta(days=days)}T{time}"

    def signed_in(self, name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name))
        return client

    def lives(self) -> "PagesWorld":
        """Two months of work, targets, and everything computed."""
        self._work(self.ada, calls=60, mails=12, answers=6, executives=4)
        self._work(self.ben, calls=24, mails=12, answers=1, executives=0)
        self._work(self.cleo, calls=6, mails=10, answers=4, executives=3)
        self._work(self.olga, calls=9, mails=3, answers=1, executives=1)
        self._sell()
        for key, value in {
            "calls_made": 30,
            "emails_sent": 10,
            "meetings_held": 5,
            "won_value": 20000,
        }.items():
            for rep in (self.ada, self.ben, self.cleo):
                Target.objects.create(kpi=key, period="month", from_on="2020-01-01", value=value, rep=rep)
        for key, value in {"reply_rate": "0.2", "executive_meetings": "0.4", "win_rate": "0.3"}.items():
            Target.objects.create(kpi=key, period="month", from_on="2020-01-01", value=value, team=self.north)
        drain()
        return self

    def zone(self) -> ZoneInfo:
        return ROME

    def more_open_deals(self, count: int) -> list[int]:
        """Ids of further open deals of Ada's, settled and computed."""
        deals = [self._open(self.ada, f"Booster station {n}", "prospect", "5000") for n in range(count)]
        drain()
        return [deal.pk for deal in deals]

    def _work(self, rep: Rep, calls: int, mails: int, answers: int, executives: int) -> None:
        for n in range(calls):
            person = self.people[n % len(self.people)]
            at = self.ago(1 + n % 28, f"{9 + n % 8:02}:{n % 60:02}")
            self.call(
                rep,
                at,
                person,
                outcome="reached" if n % 3 else "no_answer",
                subject=f"call {n} of {rep.name}",
            )
        for n in range(mails):
            self.mail(rep, self.ago(25), self.people[n], subject=f"offer {n}")
            if n < answers:
                self.answer(rep, self.ago(23), self.people[n], subject=f"Re: offer {n}")
        for n in range(6):
            self.meeting(
                rep, self.ago(2 + n), (self.people[n % 2 if n >= executives else 2], "attendee", "yes")
            )

    def _sell(self) -> None:
        won = [("qualified", 50), ("prospect", 40), ("proposal", 30), ("won", 6)]
        for rep, wins, losses in ((self.ada, 4, 2), (self.ben, 1, 4), (self.olga, 1, 0)):
            for _ in range(wins):
                self._closed(rep, won)
            for _ in range(losses):
                self._closed(rep, [*won[:3], ("lost", 5)])
        self.open_deal = self._open(self.ada, "Retrofit line 2", "prospect", "12500")
        self.bens_deal = self._open(self.ben, "Cold store", "qualified", "8000")
        self.olgas_deal = self._open(self.olga, "Dosing skid", "proposal", "9000")
        self.fact(self.open_deal, "scope", self.ago(9)[:10])
        self.fact(self.open_deal, "pricing", self.ago(12)[:10])
        DealContact.objects.create(deal=self.open_deal, contact=self.people[0], role="champion")

    def _closed(self, rep: Rep, history) -> None:
        deal = self.deal(rep, *[(stage, self.ago(days)) for stage, days in history], amount="6000")
        deal.closed_at = deal.stage_changes.order_by("at").last().at
        deal.save()

    def _open(self, rep: Rep, name: str, stage: str, amount: str):
        history = [("lead", self.ago(20)), (stage, self.ago(11))]
        account = self.account(f"{rep.name}'s account", owner=rep)
        return self.deal(
            rep,
            *history,
            name=name,
            amount=amount,
            account=account,
            nda="needed",
            expected_close_on=self.today() + timedelta(days=14),
        )
