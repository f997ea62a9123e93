"""Every page, fragment and action against every role: what is not yours does not exist."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coaching import page_urls
from coaching.models import Commitment, Contest, Notice, Series, Session
from coaching.tables import TABLES
from kpis.models import Target
from pipeline.models import Activity, Rep, Setting

pytestmark = pytest.mark.django_db

# What is only ever sent.
ACTIONS = {
    "deal_edit", "deal_add_fact", "target_remove", "contest_decide", "contest_take_back", "contest_withdraw",
    "setting_withdraw", "session_answer", "session_hold", "session_cancel", "commitment_state", "series_end",
    "notices_read", "digest_send",
}  # fmt: skip
# Addresses that hold nobody's records: signed-in people of every role may open them.
EVERYBODYS = {"home", "sessions", "deals", "contests", "glossary"}
# Opened by whoever holds what was signed for it; see digests/test_sending.
SIGNED = {"unsubscribe"}


def addresses(world) -> dict[str, tuple[str, set[str]]]:
    """Name -> (an address about Ada, North or the organisation; who may open it, besides nobody)."""
    ada, north, deal = world.ada.pk, world.north.pk, world.open_deal.pk
    table = next(iter(TABLES))
    target = Target.objects.get(rep=ada, kpi="calls_made").pk
    ours, managers = {"ada", "maya", "ivo"}, {"maya", "ivo"}
    everybody = {"ada", "ben", "olga", "maya", "ivo"}
    # An admin leads nobody by being one: what is said in sessions stays between rep and manager.
    both, leads = {"ada", "maya"}, {"maya"}
    session, promise, series = coached(world)
    return {
        "organisation": (reverse("organisation"), {"ivo"}),
        "organisation_kpi": (reverse("organisation_kpi", args=["calls_made"]), {"ivo"}),
        "teams": (reverse("teams"), managers),
        "team": (reverse("team", args=[north]), managers),
        "team_kpi": (reverse("team_kpi", args=[north, "calls_made"]), managers),
        "me": (reverse("me"), {"ada", "ben", "olga", "maya", "ivo"}),
        "rep": (reverse("rep", args=[ada]), ours),
        "rep_kpi": (reverse("rep_kpi", args=[ada, "calls_made"]), ours),
        "deal": (reverse("deal", args=[deal]), ours),
        "deal_edit": (reverse("deal_edit", args=[deal]), ours),
        "deal_add_fact": (reverse("deal_add_fact", args=[deal]), ours),
        "account": (reverse("account", args=[world.open_deal.account_id]), ours),
        "freshness": (reverse("freshness", args=["rep", ada]), ours),
        "organisation_table": (reverse("organisation_table", args=[table]), {"ivo"}),
        "team_table": (reverse("team_table", args=[north, table]), managers),
        "rep_table": (reverse("rep_table", args=[ada, table]), ours),
        "targets": (reverse("targets"), managers),
        "playbook": (reverse("playbook", args=[north]), managers),
        "team_targets": (reverse("team_targets", args=[north]), managers),
        "team_target": (reverse("team_target", args=[north, "reply_rate"]), managers),
        "rep_target": (reverse("rep_target", args=[ada, "calls_made"]), managers),
        "target": (reverse("target", args=[target]), managers),
        "target_remove": (reverse("target_remove", args=[target]), managers),
        "coaching_impact": (reverse("coaching_impact"), managers),
        "rubric": (reverse("rubric", args=[north]), managers),
        "observe": (reverse("observe", args=[held_talk(world)]), ours),
        "rep_observations": (reverse("rep_observations", args=[ada]), ours),
        **contested(world, ours, managers),
        "settings": (reverse("settings"), {"ivo"}),
        "session_plan": (reverse("session_plan"), leads),
        "session": (reverse("session", args=[session]), both),
        "session_edit": (reverse("session_edit", args=[session]), leads),
        "session_answer": (reverse("session_answer", args=[session]), {"ada"}),
        "session_hold": (reverse("session_hold", args=[session]), leads),
        "session_cancel": (reverse("session_cancel", args=[session]), leads),
        "session_calendar": (reverse("session_calendar", args=[session]), both),
        "commitment_state": (reverse("commitment_state", args=[promise]), both),
        "commitment_review": (reverse("commitment_review", args=[promise]), both),
        "series_plan": (reverse("series_plan", args=[ada]), leads),
        "series_end": (reverse("series_end", args=[series]), leads),
        "notices": (reverse("notices"), everybody),
        "notices_read": (reverse("notices_read"), everybody),
        "notice": (reverse("notice", args=[noticed(world)]), {"ada"}),
        "digests": (reverse("digests"), everybody),
        # Without a kind nothing is sent; what is offered to whom is asked in digests/test_sending.
        "digest_send": (reverse("digest_send"), set()),
        "setting": (reverse("setting", args=["reply_window_days"]), {"ivo"}),
        "setting_withdraw": (
            reverse("setting_withdraw", args=["reply_window_days", tomorrow(world)]),
            {"ivo"},
        ),
    }


def tomorrow(world) -> str:
    """A day from which a setting is planned to change."""
    day = world.today() + timedelta(days=1)
    Setting.objects.get_or_create(key="reply_window_days", from_on=day, defaults={"value": "20"})
    return str(day)


def held_talk(world) -> int:
    """A meeting of Ada's that took place."""
    held = Activity.objects.filter(rep=world.ada, kind=Activity.Kind.MEETING, status=Activity.Status.HELD)
    return held.order_by("pk")[0].pk


def noticed(world) -> int:
    """Something Ada was told."""
    return Notice.objects.get_or_create(rep=world.ada, kind="contest_refused", path="/contests/")[0].pk


def contested(world, ours: set[str], managers: set[str]) -> dict[str, tuple[str, set[str]]]:
    """A row of Ada's, contested and withdrawn: nothing more can be done with it, whoever may try."""
    call = Activity.objects.filter(rep=world.ada).order_by("pk")[0]
    one, _made = Contest.objects.get_or_create(
        rep=world.ada, activity=call, reason="private", defaults={"state": "withdrawn"}
    )
    return {
        "rep_known": (reverse("rep_known", args=[world.ada.pk]), ours),
        "rep_looks": (reverse("rep_looks", args=[world.ada.pk]), ours),
        "contest_new": (reverse("contest_new", args=[call.pk]), {"ada"}),
        "contest": (reverse("contest", args=[one.pk]), ours),
        "contest_decide": (reverse("contest_decide", args=[one.pk]), managers),
        "contest_take_back": (reverse("contest_take_back", args=[one.pk]), managers),
        "contest_withdraw": (reverse("contest_withdraw", args=[one.pk]), {"ada"}),
    }


def coached(world) -> tuple[int, int, int]:
    """Ids of a session of Maya's with Ada, a commitment made in it, and a series; made once a test."""
    session = Session.objects.filter(rep=world.ada).first()
    if session is None:
        session = Session.objects.create(rep=world.ada, manager=world.maya, at=timezone.now())
        Commitment.objects.create(session=session, rep=world.ada, text="x", review_on=world.today())
        Series.objects.create(rep=world.ada, manager=world.maya, from_on=world.today(), time=time(9))
    return session.pk, session.commitments.get().pk, Series.objects.get().pk


def test_every_address_is_listed_here(world):
    assert {pattern.name for pattern in page_urls.urlpatterns} == addresses(
        world
    ).keys() | EVERYBODYS | SIGNED


@pytest.mark.parametrize("who", ["ada", "ben", "maya", "olga", "ivo"])
def test_what_is_not_yours_answers_like_what_is_missing(world, who):
    client = world.signed_in(who)
    for name, (url, allowed) in addresses(world).items():
        is_action = name in ACTIONS
        status = (client.post(url) if is_action else client.get(url)).status_code
        if who in allowed:
            assert status in (200, 204, 302, 409, 422), (who, name, status)
        else:
            assert status == 404, (who, name, status)


def test_a_foreign_page_and_a_missing_one_have_the_same_body(world):
    client = world.signed_in("olga")
    foreign, missing = client.get(f"/reps/{world.ada.pk}/"), client.get("/reps/987654321/")
    assert foreign.content == missing.content


def test_nobody_sees_anything_without_signing_in(world):
    for url, _allowed in addresses(world).values():
        response = Client().get(url)
        assert response.status_code in (302, 405)
        assert response.status_code == 405 or response.url.startswith("/accounts/login/")


def test_evidence_in_csv_and_fragments_follows_the_same_rule(world):
    url = reverse("rep_kpi", args=[world.ada.pk, "calls_made"])
    headers = {"HX-Request": "true", "HX-Target": "more-rows"}
    for client in (world.signed_in("ben"), world.signed_in("olga")):
        assert client.get(url, {"format": "csv"}).status_code == 404
        assert client.get(url, headers=headers).status_code == 404


def test_an_unknown_kpi_does_not_exist(world):
    assert world.signed_in("ada").get(f"/reps/{world.ada.pk}/kpis/nonsense/").status_code == 404


def test_the_deals_filter_offers_and_accepts_only_visible_reps(world):
    page = world.signed_in("maya").get("/deals/", {"owner": world.olga.pk}).content.decode()
    assert "Dosing skid" not in page
    assert "Olga" not in page
    assert "Retrofit line 2" in page


def test_freshness_of_other_teams_and_kinds_does_not_exist(world):
    client = world.signed_in("maya")
    assert client.get(reverse("freshness", args=["team", world.south.pk])).status_code == 404
    assert client.get(reverse("freshness", args=["organisation", 0])).status_code == 404
    assert client.get(reverse("freshness", args=["galaxy", 1])).status_code == 404
    assert client.get(reverse("freshness", args=["team", world.north.pk])).status_code in (200, 204)


def test_a_rep_who_moves_away_is_gone_from_the_managers_page_at_once(world):
    Rep.objects.filter(pk=world.ada.pk).update(team=world.south)
    assert world.signed_in("maya").get(f"/reps/{world.ada.pk}/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_team(world, django_assert_max_num_queries):
    for n in range(12):
        world.rep(f"Rep {n}", world.north)
    client = world.signed_in("maya")
    with django_assert_max_num_queries(52):
        assert client.get("/").status_code == 200
