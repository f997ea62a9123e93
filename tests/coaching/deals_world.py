"""Deals on a fixed day, Monday 15 June 2026, noon in Rome: small histories whose checks can be worked by hand."""

from datetime import date

from coaching.deals.attention import DealAttention, attention_of
from kpis.recompute import drain
from pipeline.models import Deal
from tests.kpis.world import World

NOW = "2026-06-15T10:00:00Z"
TODAY = date(2026, 6, 15)


class DealsWorld(World):
    """An open prospect of Ada's that stands well, unless a test says what it lacks."""

    def open_deal(self, *history: tuple[str, str], **more) -> Deal:
        history = history or (("lead", "2026-06-01 09:00"), ("prospect", "2026-06-08 09:00"))
        return self.deal(self.ada, *history, **{"nda": "not_needed", **more})

    def fine_deal(self, **more) -> Deal:
        """All six checks fine and a meeting ahead."""
        deal = self.open_deal(**more)
        it, law = self.contact("Ines", department="IT"), self.contact("Leo", department="Legal")
        chief = self.contact("Clara", department="Management", seniority="c_level")
        self.mail(self.ada, "2026-06-09 09:00", chief, deal=deal)
        self.answer(self.ada, "2026-06-10 09:00", chief, deal=deal)
        self.meeting(self.ada, "2026-06-11 09:00", it, law, chief, deal=deal)
        for kind in ("pricing", "scope", "discount_range", "timing"):
            self.fact(deal, kind, "2026-06-11")
        self.meeting(self.ada, "2026-06-18 09:00", chief, deal=deal, status="planned")
        return deal

    def won_deal(self, *, is_met: bool, scope_on: str | None = None, day: int = 20) -> Deal:
        """A prospect that moved on to a proposal on 30 April and was won in May, with or without an executive met."""
        deal = self.deal(
            self.olga,
            ("prospect", "2026-04-01 09:00"),
            ("proposal", "2026-04-30 09:00"),
            ("won", f"2026-05-{day} 09:00"),
        )
        chief = self.contact("Somebody", seniority="c_level")
        self.meeting(self.olga, "2026-04-10 09:00" if is_met else "2026-05-05 09:00", chief, deal=deal)
        if scope_on:
            for kind in ("scope", "discount_range", "timing"):
                self.fact(deal, kind, scope_on)
        return deal

    def attention(self, *deals: Deal) -> dict[int, DealAttention]:
        drain()
        return attention_of(Deal.objects.filter(pk__in=[deal.pk for deal in deals]), TODAY)

    def of(self, deal: Deal) -> DealAttention:
        return self.attention(deal)[deal.pk]
