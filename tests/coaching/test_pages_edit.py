"""Changing a deal on its page: with its history, on the state one saw, and no more than one may."""

import pytest

from kpis.recompute import drain
from pipeline.models import Deal, DealChange, DealFact, StageChange

pytestmark = pytest.mark.django_db


def form(deal: Deal, **changes) -> dict:
    """What the page's form would send, with some fields changed."""
    deal = Deal.objects.get(pk=deal.pk)
    sent = {
        "seen_version": deal.version,
        "stage": deal.stage_id,
        "amount": deal.amount,
        "expected_close_on": deal.expected_close_on,
        "forecast": deal.forecast,
        "nda": deal.nda,
        "lost_reason": deal.lost_reason,
        "next_step": deal.next_step,
        "next_step_on": deal.next_step_on or "",
    }
    return {name: "" if value is None else value for name, value in (sent | changes).items()}


def edit(world, who: str, deal: Deal, **changes):
    return world.signed_in(who).post(f"/deals/{deal.pk}/edit/", form(deal, **changes))


def test_a_stage_moved_by_its_rep_leaves_a_stage_change_in_their_name(world):
    response = edit(world, "ada", world.open_deal, stage=world.stages["negotiation"].pk)
    assert response.status_code == 302
    change = StageChange.objects.filter(deal=world.open_deal).latest("pk")
    assert (change.stage.name, change.actor.name) == ("Negotiation", "Ada")


def test_an_amount_changed_is_remembered_with_its_moment(world):
    edit(world, "ada", world.open_deal, amount="13000.50")
    change = DealChange.objects.filter(deal=world.open_deal, field="amount").latest("at")
    assert change.value == "13000.50"
    assert Deal.objects.get(pk=world.open_deal.pk).version == 2


def test_winning_a_deal_shows_on_the_scorecard_once_recomputed(world):
    before = world.value("deals_won", world.ada, "last-30")
    edit(world, "ada", world.open_deal, stage=world.stages["won"].pk)
    assert Deal.objects.get(pk=world.open_deal.pk).closed_at is not None
    drain()
    assert world.value("deals_won", world.ada, "last-30") == before + 1


def test_a_loss_wants_its_reason(world):
    lost = world.stages["lost"].pk
    refused = edit(world, "ada", world.open_deal, stage=lost)
    assert refused.status_code == 422
    assert "the reason is what one learns from" in refused.content.decode()
    assert edit(world, "ada", world.open_deal, stage=lost, lost_reason="price").status_code == 302


def test_the_second_of_two_is_told_and_shown_both_then_may_insist(world):
    client, url = world.signed_in("ada"), f"/deals/{world.open_deal.pk}/edit/"
    stale = form(world.open_deal, amount="15000")
    assert edit(world, "ivo", world.open_deal, amount="11000").status_code == 302
    response = client.post(url, stale)
    page = response.content.decode()
    assert response.status_code == 409
    assert "11,000" in page or "11000" in page
    assert "15000" in page or "15,000" in page
    assert Deal.objects.get(pk=world.open_deal.pk).amount == 11000
    assert client.post(url, stale | {"seen_version": 2}).status_code == 302
    assert Deal.objects.get(pk=world.open_deal.pk).amount == 15000


def test_a_manager_changes_the_next_step_and_nothing_else(world):
    response = edit(world, "maya", world.open_deal, next_step="Bring finance in", amount="1", stage="")
    assert response.status_code == 302
    deal = Deal.objects.get(pk=world.open_deal.pk)
    assert (deal.next_step, deal.amount, deal.stage.name) == ("Bring finance in", 12500, "Prospect")


def test_fields_that_are_not_on_the_form_are_ignored(world):
    edit(world, "ada", world.open_deal, owner=world.ben.pk, name="mine", version=99, cost="1")
    deal = Deal.objects.get(pk=world.open_deal.pk)
    assert (deal.owner_id, deal.name, deal.version, deal.cost) == (world.ada.pk, "Retrofit line 2", 2, None)


def test_a_fact_is_noted_with_its_day_and_moves_the_check(world):
    client, url = world.signed_in("maya"), f"/deals/{world.open_deal.pk}/"
    assert "NDA missing" in client.get(url).content.decode()
    client.post(f"{url}facts/", {"kind": "nda_signed", "on": world.ago(1)[:10], "note": "by mail"})
    assert DealFact.objects.filter(deal=world.open_deal, kind="nda_signed").count() == 1
    assert "NDA signed" in client.get(url).content.decode()


def test_an_unknown_kind_of_fact_is_refused_on_the_page(world):
    client = world.signed_in("ada")
    response = client.post(f"/deals/{world.open_deal.pk}/facts/", {"kind": "bribed", "on": world.ago(1)[:10]})
    assert response.status_code == 422
    assert not DealFact.objects.filter(kind="bribed").exists()


def test_the_same_fact_on_the_same_day_is_told_not_stored_twice(world):
    client, sent = world.signed_in("ada"), {"kind": "scope", "on": world.ago(9)[:10]}
    response = client.post(f"/deals/{world.open_deal.pk}/facts/", sent)
    assert response.status_code == 422
    assert DealFact.objects.filter(deal=world.open_deal, kind="scope").count() == 1
