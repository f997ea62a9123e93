"""One fixed world in which every rule of the catalogue decides something: a fault in any of them changes a figure."""

from datetime import date
from decimal import Decimal

from pipeline.models import ActivityMaterial, ExchangeRate, Material, Setting, TimeEntry
from tests.kpis.world import World, moment


class MeanWorld(World):
    def __init__(self):
        super().__init__()
        self.piave = self.account("Piave Pumps")
        self.dora = self.contact("Dora", self.piave, department="IT", seniority="director")
        self.emil = self.contact("Emil", department="Finance", seniority="manager")
        self.moves(self.ada, north="2026-01-01", south="2026-03-16")
        for currency, on, rate in (("USD", "2026-01-01", "0.9"), ("USD", "2026-04-01", "0.8")):
            ExchangeRate.objects.create(currency=currency, on=date.fromisoformat(on), rate=Decimal(rate))
        Setting.objects.create(key="executive_threshold", value="manager", from_on=date(2026, 4, 1))
        self._calls()
        self._mails()
        self._meetings()
        self._deals()
        self._ties()
        self._papers_and_hours()

    def _calls(self) -> None:
        for at, outcome, duration in (
            ("2026-03-02 09:00", "reached", 200),
            ("2026-03-02 09:00:30", "reached", 200),  # the same call again
            ("2026-03-03 09:00", None, 120),
            ("2026-03-04 09:00", None, 119),
            ("2026-03-05 09:00", "voicemail", 300),
            ("2026-03-31T21:59:59Z", "no_answer", 0),
        ):
            self.call(self.ada, at, self.dora, outcome=outcome, duration_s=duration)
        self.call(
            self.ada, "2026-03-31T22:00:00Z", self.carla, outcome="no_answer"
        )  # the first instant of April
        self.call(self.ben, "2026-03-04 10:00", self.emil, outcome="reached", is_internal=True)
        self.call(None, "2026-03-04 11:00", self.emil, outcome="reached")

    def _mails(self) -> None:
        first = self.mail(self.ada, "2026-03-10 09:00", self.dora)
        self.mail(self.ada, "2026-03-12 09:00", self.dora, in_reply_to=first)  # her own follow-up
        self.mail(self.ada, "2026-03-10 10:00", self.emil)
        self.answer(self.ada, "2026-03-10 10:01", self.emil, outcome="auto_reply")
        self.mail(self.ben, "2026-03-10 11:00", self.emil)
        self.answer(
            self.ben, "2026-03-24 11:00", self.emil
        )  # within 14 days of Ben's and of Ada's second, to the second
        self.mail(self.ben, "2026-04-10 11:00", self.emil)
        self.mail(self.ben, "2026-03-10 12:00", self.carla, outcome="bounced")
        for rep in (self.ben, self.cleo):
            self.mail(rep, "2026-05-04 09:00", self.carla, provider_id="<1@adige.example>")
        self.answer(self.ben, "2026-05-19 09:00", self.carla)  # a day too late
        self.mail(self.cleo, "2026-06-10 09:00", self.dora)  # the window still open
        self._copies_of_a_reply()

    def _copies_of_a_reply(self) -> None:
        """From an unknown sender, dated a day too late; the copy another server kept is dated in time."""
        sent = self.mail(self.olga, "2026-03-10 09:00", self.contact("Gino"))
        for at in ("2026-03-25 09:00", "2026-03-23 09:00"):
            self.answer(self.olga, at, in_reply_to=sent, provider_id="<2@brenta.example>")

    def _meetings(self) -> None:
        deal = self.deal(
            self.cleo, ("lead", "2026-01-10 09:00"), ("qualified", "2026-01-12 09:00"), name="Long talks"
        )
        self.meeting(self.cleo, "2026-03-17 10:00", self.dora, deal=deal, booked_at="2026-03-01 10:00")
        self.meeting(self.cleo, "2026-03-18 10:00", self.emil, deal=deal, booked_at="2026-03-30T22:30:00Z")
        self.meeting(
            self.cleo, "2026-04-02 10:00", self.emil, booked_at="2026-03-20 10:00", booked_by=self.ben
        )
        self.meeting(self.cleo, "2026-04-03 10:00", (self.dora, "attendee", "declined"))
        self.meeting(self.cleo, "2026-04-07 10:00", self.dora, status="no_show", booked_at="2026-04-01 10:00")

    def _deals(self) -> None:
        moved = self.deal(
            self.ben,  # today's owner
            ("lead", "2026-01-05 09:00"), ("prospect", "2026-02-02 09:00"), ("won", "2026-03-31T21:59:59Z"),
            amount=Decimal(1000), name="Moved", account=self.piave,
        )  # fmt: skip
        self.owned(moved, ada="2026-01-01", ben="2026-04-15")
        reopened = self.deal(
            self.ben,
            ("lead", "2026-01-07"), ("proposal", "2026-02-10 09:00"), ("won", "2026-03-10 09:00"),
            ("negotiation", "2026-04-20 09:00"), ("lost", "2026-05-20 09:00"),
            amount=Decimal(2000), currency="USD", name="Reopened",
        )  # fmt: skip
        self.worth(reopened, ("1500", "2026-01-07 09:00"), ("2000", "2026-05-01 09:00"))
        self.deal(
            self.dario, ("lead", "2026-03-01 09:00"), ("lost", "2026-03-20 09:00"), name="Never qualified"
        )
        self.deal(
            self.dario, ("qualified", "2026-03-01 09:00"), ("won", "2026-04-10 09:00"),
            amount=Decimal(700), currency="CHF", name="No rate",
        )  # fmt: skip
        back = self.deal(
            self.olga, ("prospect", "2026-02-15 09:00"), ("lead", "2026-04-05 09:00"),
            amount=Decimal(4000), currency="USD", nda="needed", name="Stepped back",
        )  # fmt: skip
        self.fact(back, "nda_signed", "2026-03-31")
        self.fact(back, "nda_requested", "2026-05-02")
        inherits = self.deal(
            self.ada,
            ("proposal", "2026-03-05 09:00"),
            amount=Decimal(50),
            nda="needed",
            account=self.piave,
            name="Inherits",
        )
        self.account_fact(self.piave, "nda_signed", "2026-02-01")
        self.call(self.ada, "2026-03-17 12:00", self.dora, deal=inherits, outcome="reached")
        self.answer(self.ada, "2026-03-18 12:00", self.contact("Fritz", department="Legal"), deal=inherits)
        self.deal(None, ("lead", "2026-05-01 09:00"), name="Nobody's")
        self.deal(
            self.dario,
            ("qualified", "2026-01-12 09:00"), ("prospect", "2026-02-12 09:00"), ("qualified", "2026-03-12 09:00"),
            ("prospect", "2026-04-13 09:00"), ("won", "2026-04-30 09:00"), ("won", "2026-05-02 09:00"),
            amount=Decimal(300), name="Round and round",
        )  # fmt: skip

    def _ties(self) -> None:
        """An account that changed hands, with somebody put on file after it did."""
        adda = self.account("Adda Axles", owner=self.ben, created_at=moment("2025-12-01"))
        self.given(adda, ada="2026-01-01", ben="2026-03-31 23:30")
        self.rated(self.contact("Gina", adda, created_at=moment("2026-04-15")), 2, "2026-04-20")

    def _papers_and_hours(self) -> None:
        """A proposal only sent, with a price list, and the hours it took."""
        sent = self.mail(self.ada, "2026-03-19 09:00", self.contact("Ugo", self.piave), type="proposal_sent")
        papers = Material.objects.create(name="Prices 2026", type="price list")
        ActivityMaterial.objects.create(activity=sent, material=papers)
        TimeEntry.objects.create(rep=self.ada, on="2026-03-19", hours=Decimal("2.5"))
