"""Editing in the admin site: a whole deal in one page, dated rows of what changed, conflicts are told."""

import pytest
from django.urls import reverse

from pipeline.models import (
    Absence,
    AccountMove,
    Contact,
    Deal,
    DealChange,
    DealMove,
    Rep,
    StageChange,
    Team,
    TeamMove,
)
from pipeline.models.deals import Milestone
from tests.pipeline.admin.pages import add_page, change_page, filled, signed_in

pytestmark = pytest.mark.django_db


def test_one_page_takes_a_deal_with_its_people_facts_history_and_owners(ivo, world):
    address = add_page(Deal)
    data = filled(
        ivo, address, name="Brenta Valves, cold store", account=world["account"].pk, amount="2500.50"
    )
    data |= {
        "owner": world["ada"].pk,
        "stage": world["stages"][Milestone.PROSPECT].pk,
        "created_at_0": "2026-03-02",
        "created_at_1": "09:00:00",
        "expected_close_on": "2026-06-30",
        "deal_contacts-0-contact": world["contact"].pk,
        "deal_contacts-0-role": "champion",
        "facts-0-kind": "scope",
        "facts-0-on": "2026-03-20",
        "stage_changes-0-stage": world["stages"][Milestone.LEAD].pk,
        "stage_changes-0-at_0": "2026-03-02",
        "stage_changes-0-at_1": "09:00:00",
        "stage_changes-1-stage": world["stages"][Milestone.PROSPECT].pk,
        "stage_changes-1-at_0": "2026-03-18",
        "stage_changes-1-at_1": "10:00:00",
    }
    answer = ivo.post(address, data)
    assert answer.status_code == 302, answer.context["errors"]
    deal = Deal.objects.get(name="Brenta Valves, cold store")
    assert [contact.role for contact in deal.deal_contacts.all()] == ["champion"]
    assert [fact.kind for fact in deal.facts.all()] == ["scope"]
    # the history entered by hand says where the deal stands: nothing is added to it
    assert [change.stage.milestone for change in deal.stage_changes.all()] == [
        Milestone.LEAD,
        Milestone.PROSPECT,
    ]
    assert [(move.owner, move.from_at) for move in deal.moves.all()] == [(world["ada"], deal.created_at)]
    assert {change.field: change.value for change in deal.changes.all()} == {
        "amount": "2500.50",
        "expected_close_on": "2026-06-30",
    }
    assert deal.history.count() == 1


def test_a_changed_deal_leaves_dated_rows_of_what_changed_and_only_of_that(ivo, world):
    deal, ben = world["deal"], Rep.objects.create(name="Ben")
    address = change_page(deal)
    data = filled(ivo, address, owner=ben.pk, stage=world["stages"][Milestone.PROSPECT].pk, amount="1200.00")
    assert ivo.post(address, data).status_code == 302
    change = StageChange.objects.get(deal=deal)
    assert (change.stage.milestone, change.actor.name) == (Milestone.PROSPECT, "Ivo")
    assert DealMove.objects.get(deal=deal).owner == ben
    assert [(row.field, row.value) for row in DealChange.objects.filter(deal=deal)] == [("amount", "1200.00")]
    deal.refresh_from_db()
    assert deal.version == 2
    # saved again as it stands: nothing happened, nothing is written
    assert ivo.post(address, filled(ivo, address)).status_code == 302
    assert (StageChange.objects.count(), DealMove.objects.count(), DealChange.objects.count()) == (1, 1, 1)


def test_winning_sets_the_close_and_reopening_takes_it_back(ivo, world):
    address = change_page(world["deal"])
    ivo.post(address, filled(ivo, address, stage=world["stages"][Milestone.WON].pk))
    won = Deal.objects.get(pk=world["deal"].pk)
    assert won.closed_at is not None
    ivo.post(address, filled(ivo, address, stage=world["stages"][Milestone.NEGOTIATION].pk))
    reopened = Deal.objects.get(pk=world["deal"].pk)
    assert reopened.closed_at is None
    assert [row.stage.milestone for row in reopened.stage_changes.all()] == [
        Milestone.WON,
        Milestone.NEGOTIATION,
    ]


@pytest.mark.parametrize(
    ("kind", "field"), [("deal", "next_step"), ("account", "industry"), ("contact", "title")]
)
def test_the_second_of_two_editors_is_told_and_shown_both(kind, field, ivo, world):
    record = world[kind]
    address = change_page(record)
    mine = filled(ivo, address, **{field: "what Ivo wrote"})
    colleague = signed_in("Irma", "admin", first_name="Irma")
    assert (
        colleague.post(address, filled(colleague, address, **{field: "what Irma wrote"})).status_code == 302
    )

    refused = ivo.post(address, mine)
    assert refused.status_code == 200
    told = " ".join(refused.context["adminform"].form.non_field_errors())
    assert "Irma changed this at" in told
    assert "saved is “what Irma wrote”, yours is “what Ivo wrote”" in told
    record.refresh_from_db()
    assert getattr(record, field) == "what Irma wrote"

    # the page now carries the version Ivo has seen: saving it again is on purpose
    again = mine | {"seen_version": refused.context["adminform"].form["seen_version"].value()}
    assert ivo.post(address, again).status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == "what Ivo wrote"


def test_the_history_shows_who_changed_what_and_offers_no_way_round_the_form(ivo, world):
    address = change_page(world["deal"])
    ivo.post(address, filled(ivo, address, next_step="Ask Carla"))
    listed = ivo.get(address.replace("/change/", "/history/")).content.decode()
    assert "Ask Carla" in listed
    assert "ivo" in listed
    version = world["deal"].history.earliest()
    old = ivo.get(reverse("admin:pipeline_deal_simple_history", args=[world["deal"].pk, version.pk]))
    assert old.status_code == 200
    assert b'name="_save"' not in old.content


def test_an_accounts_new_owner_and_a_reps_new_team_are_dated(ivo, world):
    ben, south = Rep.objects.create(name="Ben"), Team.objects.create(name="South")
    address = change_page(world["account"])
    assert ivo.post(address, filled(ivo, address, owner=ben.pk)).status_code == 302
    assert [move.owner.name for move in AccountMove.objects.all()] == ["Ben"]
    address = change_page(ben)
    assert ivo.post(address, filled(ivo, address, team=south.pk)).status_code == 302
    assert [move.team.name for move in TeamMove.objects.filter(rep=ben)] == ["South"]


def test_absences_of_one_rep_may_touch_but_not_overlap(ivo, world):
    address = change_page(world["ada"])
    Absence.objects.create(rep=world["ada"], from_on="2026-08-03", to_on="2026-08-14")
    later = {"absences-1-from_on": "2026-08-14", "absences-1-to_on": "2026-08-20"}
    assert "overlap" in str(ivo.post(address, filled(ivo, address, **later)).context["errors"])
    later["absences-1-from_on"] = "2026-08-15"
    assert ivo.post(address, filled(ivo, address, **later)).status_code == 302


def test_a_search_finds_names_without_accents_and_activities_by_the_account_met(ivo, world):
    Contact.objects.create(account=world["account"], name="Jürgen Möller")
    found = ivo.get("/admin/pipeline/contact/?q=jurgen+mol").context["cl"].queryset
    assert [contact.name for contact in found] == ["Jürgen Möller"]
    assert [row.pk for row in ivo.get("/admin/pipeline/activity/?q=BREN").context["cl"].queryset] == [
        world["activity"].pk
    ]
    assert not ivo.get("/admin/pipeline/activity/?q=valves").context["cl"].queryset
