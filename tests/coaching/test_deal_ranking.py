"""Very many open deals: workers weigh them, and the list stands in the order it would have had at once."""

import pytest
from django.utils import timezone

from coaching.deals import list_page, ranking
from coaching.models import DealRank
from coaching.tasks import rank_deals
from kpis.recompute import drain
from pipeline.models import Deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(world, monkeypatch):
    """Nine open deals of three reps, where three would already be too many; weighed two at a time."""
    world.more_open_deals(6)
    monkeypatch.setattr(list_page, "SHOWN", 4)
    monkeypatch.setattr(ranking, "CHUNK", 2)
    return world


@pytest.fixture
def few_at_once(monkeypatch):
    def lower() -> None:
        for module in (list_page, ranking):
            monkeypatch.setattr(module, "AT_ONCE", 2)

    return lower


def listed(world, who: str = "maya", **query) -> list[int]:
    """Every page's deals, one after the other."""
    found, after = [], ""
    while True:
        page = (
            world.signed_in(who).get("/deals/", {**query, "after": after} if after else query).context["page"]
        )
        found += [deal.pk for deal, _attention in page.deals]
        after = page.next
        if not after:
            return found


def test_the_order_is_the_one_they_would_have_had_at_once(many, few_at_once):
    at_once = listed(many)
    few_at_once()
    rank_deals()
    assert listed(many) == at_once
    assert len(at_once) == len(set(at_once)) > 6
    page = many.signed_in("maya").get("/deals/")
    assert page.context["page"].is_ranked
    assert "in the order of" in page.content.decode()


def test_the_groups_are_the_same(many, few_at_once):
    before = many.signed_in("maya").get("/deals/").context["page"].groups
    few_at_once()
    rank_deals()
    after = many.signed_in("maya").get("/deals/").context["page"]
    assert after.groups == before
    for group in ("more", "fine", "less"):
        assert len(listed(many, attention=group)) == before[group]


def test_nobody_sees_more_than_is_theirs(many, few_at_once):
    few_at_once()
    rank_deals()
    assert set(listed(many, "ada")) == set(
        Deal.objects.filter(owner=many.ada, spans__to_at=None, spans__isnull=False).values_list(
            "pk", flat=True
        )
    )


def test_before_they_were_weighed_it_says_so_and_lists_them_all(many, few_at_once):
    few_at_once()
    page = many.signed_in("maya").get("/deals/")
    assert "weighed in the background" in page.content.decode()
    assert len(listed(many)) == page.context["page"].count


def test_a_deal_that_came_since_stands_at_the_end(many, few_at_once):
    few_at_once()
    rank_deals()
    [new] = many.more_open_deals(1)
    assert listed(many)[-1] == new
    rank_deals()
    assert DealRank.objects.filter(deal=new).exists()


def test_a_deal_that_closed_loses_its_place(many, few_at_once):
    few_at_once()
    rank_deals()
    many.enters(many.open_deal, "lost", many.ago(1))
    drain()
    rank_deals()
    assert not DealRank.objects.filter(deal=many.open_deal).exists()
    assert many.open_deal.pk not in listed(many)


def test_few_deals_need_no_worker(many):
    assert ranking.keep_ranks(many.today(), timezone.now()) == 0
    assert not DealRank.objects.exists()


def test_the_task_is_done_in_turns_however_many(many, few_at_once):
    few_at_once()
    now = timezone.now()
    assert ranking.keep_ranks(many.today(), now) == DealRank.objects.filter(weighed_at=now).count() > 6
