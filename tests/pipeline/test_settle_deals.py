"""Episodes and spans: what follows from a deal's history, whatever its state."""

import pytest

from pipeline.models import DealSpan, Episode
from pipeline.settle import settle, settle_all, settle_marked
from tests.kpis.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def episodes(deal) -> list[tuple]:
    while settle_marked():
        pass
    rows = Episode.objects.filter(deal=deal).order_by("number")
    return [
        (
            row.get_outcome_display(),
            str(row.closed_day or ""),
            row.get_reached_display(),
            row.owner and row.owner.name,
        )
        for row in rows
    ]


def spans(deal) -> list[tuple]:
    while settle_marked():
        pass
    return [
        (
            str(row.from_day),
            str(row.to_day or ""),
            row.stage.name,
            row.owner and row.owner.name,
            row.ends_visit,
        )
        for row in DealSpan.objects.filter(deal=deal).order_by("from_at")
    ]


def test_a_reopened_deal_keeps_its_win_and_begins_another_episode(world):
    deal = world.deal(
        world.ada,
        ("lead", "2026-01-05 09:00"),
        ("prospect", "2026-01-20 09:00"),
        ("won", "2026-02-01 09:00"),
        ("negotiation", "2026-03-01 09:00"),
        ("lost", "2026-03-10 09:00"),
    )
    assert episodes(deal) == [
        ("won", "2026-02-01", "negotiation", "Ada"),
        ("lost", "2026-03-10", "negotiation", "Ada"),
    ]
    assert spans(deal) == [
        ("2026-01-05", "2026-01-20", "Lead", "Ada", True),
        ("2026-01-20", "2026-02-01", "Prospect", "Ada", True),
        ("2026-03-01", "2026-03-10", "Negotiation", "Ada", True),
    ]


def test_won_twice_in_a_row_is_one_win(world):
    twice = world.deal(world.ada, ("lead", "2026-01-05"), ("won", "2026-02-01"), ("won", "2026-02-05"))
    assert [row[:2] for row in episodes(twice)] == [("won", "2026-02-01")]


def test_a_win_turned_loss_without_reopening_was_never_signed(world):
    """Nothing reopened: the ending was corrected, and counts from when it first said what it last says."""
    turned = world.deal(world.ada, ("lead", "2026-01-05"), ("won", "2026-02-01"), ("lost", "2026-02-05"))
    again = world.deal(
        world.ada, ("won", "2026-02-01"), ("lost", "2026-02-05"), ("won", "2026-02-09"), ("won", "2026-02-12")
    )
    assert [row[:2] for row in episodes(turned)] == [("lost", "2026-02-05")]
    assert [row[:2] for row in episodes(again)] == [("won", "2026-02-09")]


def test_a_lost_deal_reached_what_its_history_shows_and_no_more(world):
    straight = world.deal(world.ada, ("lost", "2026-02-01 09:00"))
    back = world.deal(world.ada, ("proposal", "2026-01-05"), ("lead", "2026-01-10"), ("lost", "2026-02-01"))
    assert episodes(straight) == [("lost", "2026-02-01", None, "Ada")]
    assert episodes(back) == [("lost", "2026-02-01", "proposal", "Ada")]


@pytest.mark.parametrize(
    ("stage", "outcome", "day"), [("won", "won", "2026-02-03"), ("proposal", "open", "")]
)
def test_a_deal_without_a_history_stands_where_its_record_says(world, stage, outcome, day):
    deal = world.deal(world.ada, created="2026-01-05 09:00", closed_at="2026-02-03T09:00Z")
    deal.stage = world.stages[stage]
    deal.save()
    assert [row[:2] for row in episodes(deal)] == [(outcome, day)]


def test_a_deal_without_a_stage_is_one_open_episode_that_stands_nowhere(world):
    """Alone in its batch, too: the emptiest deal there is."""
    deal = world.deal(world.ada, created="2026-01-05 09:00")
    assert episodes(deal) == [("open", "", None, "Ada")]
    assert spans(deal) == []


def test_changes_of_one_instant_are_ordered_by_their_number_then_as_they_came(world):
    deal = world.deal(world.ada, ("lead", "2026-01-05 09:00"))
    world.enters(deal, "proposal", "2026-02-01 09:00", seq=2)
    world.enters(deal, "qualified", "2026-02-01 09:00", seq=1)
    world.enters(deal, "negotiation", "2026-02-01 09:00", seq=2)
    assert spans(deal)[-1][:3] == ("2026-02-01", "", "Negotiation")
    assert len(spans(deal)) == 2, "the stages in between lasted no time"


def test_a_span_is_cut_where_the_owner_or_the_owners_team_changes(world):
    """Ada to Ben on 10 February; Ben moves from North to South on the 20th: three stretches of one visit."""
    world.moves(world.ben, north="2026-01-01", south="2026-02-20")
    deal = world.deal(world.ada, ("lead", "2026-02-01 09:00"), ("won", "2026-03-01 09:00"))
    world.owned(deal, ada="2026-02-01", ben="2026-02-10 09:00")
    assert spans(deal) == [
        ("2026-02-01", "2026-02-10", "Lead", "Ada", False),
        ("2026-02-10", "2026-02-20", "Lead", "Ben", False),
        ("2026-02-20", "2026-03-01", "Lead", "Ben", True),
    ]
    teams = DealSpan.objects.filter(deal=deal).order_by("from_at").values_list("team__name", flat=True)
    assert list(teams) == ["North", "North", "South"]
    assert Episode.objects.get(deal=deal).team == world.south


def test_a_signed_nda_stays_signed_when_another_is_asked_for(world):
    """Signed 1 February, asked for again on the 10th, expired on the 20th, asked for on 1 March."""
    deal = world.deal(world.ada, ("lead", "2026-01-05 09:00"))
    for kind, on in (
        ("signed", "02-01"),
        ("requested", "02-10"),
        ("expired", "02-20"),
        ("requested", "03-01"),
    ):
        world.fact(deal, f"nda_{kind}", f"2026-{on}")
    assert states(deal) == [
        ("2026-01-05", ""),
        ("2026-02-01", "signed"),
        ("2026-02-10", "signed"),
        ("2026-02-20", "expired"),
        ("2026-03-01", "requested"),
    ]


def test_an_accounts_nda_covers_its_deals_whatever_became_of_their_own(world):
    """The deal's own expires on 1 March; the account's, signed on 1 February, holds until 1 April."""
    deal = world.deal(world.ada, ("lead", "2026-01-05 09:00"))
    world.fact(deal, "nda_signed", "2026-01-10")
    world.fact(deal, "nda_expired", "2026-03-01")
    world.account_fact(world.brenta, "nda_signed", "2026-02-01")
    world.account_fact(world.brenta, "nda_expired", "2026-04-01")
    assert states(deal)[-3:] == [
        ("2026-02-01", "signed"),
        ("2026-03-01", "signed"),
        ("2026-04-01", "expired"),
    ]


def states(deal) -> list[tuple[str, str]]:
    while settle_marked():
        pass
    rows = DealSpan.objects.filter(deal=deal).order_by("from_at")
    return [(str(row.from_day), row.nda) for row in rows]


def test_half_a_cent_is_rounded_up(world):
    """€2,500.50 × 1.17 = 2,925.585, in cents 292,559."""
    world.rate("GBP", "2026-01-01", "1.17")
    deal = world.deal(world.ada, ("won", "2026-02-01 09:00"), amount="2500.50", currency="GBP")
    episodes(deal)
    assert Episode.objects.get(deal=deal).amount_cents == 292_559


def test_settling_again_changes_no_row(world):
    world.deal(world.ada, ("lead", "2026-01-05"), ("won", "2026-02-01 09:00"), amount=10)
    settle_all()
    rows = [list(model.objects.order_by("pk").values()) for model in (Episode, DealSpan)]
    settle_all()
    assert [list(model.objects.order_by("pk").values()) for model in (Episode, DealSpan)] == rows


def test_rows_that_are_gone_are_settled_as_nothing(world):
    settle([10**9], [10**9], [10**9])
    assert not Episode.objects.exists()


def passage(deal) -> list[tuple]:
    while settle_marked():
        pass
    return [
        (
            str(row.qualified_day or ""),
            row.qualifier and row.qualifier.name,
            row.qualifier_team and row.qualifier_team.name,
            row.prospect_days,
            str(row.pricing_day or ""),
            row.priced_days,
            row.cost_cents,
        )
        for row in Episode.objects.filter(deal=deal).order_by("number")
    ]


def test_an_episode_knows_who_qualified_it_and_how_long_each_passage_took(world):
    """Ada qualifies it in North; Olga has it from 10 January, makes it a prospect on the 25th and wins it on 1 March."""
    world.moves(world.ada, north="2026-01-01", south="2026-02-01")
    deal = world.deal(
        world.olga,
        ("lead", "2026-01-02 09:00"),
        ("qualified", "2026-01-05 09:00"),
        ("prospect", "2026-01-25 09:00"),
        ("won", "2026-03-01 09:00"),
        amount=1000,
        cost=600,
    )
    world.owned(deal, ada="2026-01-02", olga="2026-01-10 09:00")
    world.fact(deal, "procurement", "2026-02-19")
    world.fact(deal, "pricing", "2026-02-25")
    assert passage(deal) == [("2026-01-05", "Ada", "North", 20, "2026-02-19", 10, 60_000)]


def test_each_episode_is_qualified_and_closed_by_itself_on_one_pricing_clock(world):
    """Lost as a lead, reopened straight as a proposal, lost; pricing came up in the first."""
    deal = world.deal(
        world.ada,
        ("lead", "2026-01-05 09:00"),
        ("lost", "2026-01-20 09:00"),
        ("proposal", "2026-02-01 09:00"),
        ("lost", "2026-02-11 09:00"),
    )
    world.fact(deal, "pricing", "2026-01-10")
    assert passage(deal) == [
        ("", None, None, None, "2026-01-10", 10, None),
        ("2026-02-01", "Ada", "North", 0, "2026-01-10", 32, None),
    ]


def test_pricing_after_the_close_took_no_days_before_it(world):
    deal = world.deal(world.ada, ("won", "2026-02-01 09:00"))
    world.fact(deal, "pricing", "2026-02-05")
    assert passage(deal)[0][4:6] == ("2026-02-05", None)


def test_the_team_a_deal_was_qualified_in_follows_a_move_found_later(world):
    """Ada handed the deal over the moment it was qualified: nothing but that is hers."""
    deal = world.deal(world.ben, ("won", "2026-02-01 09:00"))
    world.owned(deal, ada="2026-01-01", ben="2026-02-10 09:00")
    assert passage(deal)[0][1:3] == ("Ada", "North")
    world.moves(world.ada, south="2026-01-01")
    assert passage(deal)[0][1:3] == ("Ada", "South")


def test_a_fact_that_goes_stale_is_unknown_from_the_change_on(world):
    """Scope noted on 10 January at € 1,000; € 2,000 from 1 February; noted again on the 10th."""
    deal = world.deal(world.ada, ("prospect", "2026-01-05 09:00"))
    world.fact(deal, "scope", "2026-01-10")
    world.changes(deal, "amount", "1000", "2026-01-05 09:00")
    world.changes(deal, "amount", "2000", "2026-02-01 09:00")
    world.fact(deal, "scope", "2026-02-10")
    while settle_marked():
        pass
    rows = DealSpan.objects.filter(deal=deal).order_by("from_at")
    assert [(str(row.from_day), str(row.scope_on or "")) for row in rows] == [
        ("2026-01-05", ""),
        ("2026-01-10", "2026-01-10"),
        ("2026-02-01", ""),
        ("2026-02-10", "2026-02-10"),
    ]
