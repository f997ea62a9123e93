"""A rep contests a row, whoever leads the rep decides, the number follows, and the trail says who decided."""

import pytest
from django.urls import reverse

from coaching.models import Contest, Notice
from kpis.recompute import drain
from pipeline.models import Activity, ActivityContact, PastRecord
from tests.coaching.pages_world import PagesWorld

pytestmark = pytest.mark.django_db


def answered_mail(world) -> ActivityContact:
    """The last of Ada's mails that was answered: to a person who wrote to nobody else."""
    return ActivityContact.objects.filter(activity__rep=world.ada, answer__isnull=False).order_by("-pk")[0]


def call_of_ada(world) -> Activity:
    return Activity.objects.get(subject="call 0 of Ada")


def contest(world, activity: Activity, reason: str, who: str = "ada", person=None, **more):
    address = reverse("contest_new", args=[activity.pk]) + "?kpi=reply_rate"
    address += f"&person={person.pk}" if person else ""
    return world.signed_in(who).post(address, {"reason": reason, "words": "look at it", **more})


def decide(world, found: Contest, verdict: str, who: str = "maya", words: str = "you are right"):
    address = reverse("contest_decide", args=[found.pk])
    return world.signed_in(who).post(address, {"verdict": verdict, "decision": words})


def accepted(world: PagesWorld, activity: Activity, reason: str, **more) -> Contest:
    assert contest(world, activity, reason, **more).status_code == 302
    found = Contest.objects.get()
    assert decide(world, found, "accept").status_code == 302
    found.refresh_from_db()
    assert found.state == "accepted"
    return found


# Ada wrote to 12 people 25 days ago, 6 of them answered: 6/12; one answer was a machine's: 5/12.
def test_an_answer_that_was_none_takes_the_reply_rate_down_once_accepted(world):
    mail = answered_mail(world)
    assert world.reading("reply_rate", world.ada, "last-90").numerator == 6
    assert contest(world, mail.activity, "not_an_answer", person=mail).status_code == 302
    assert world.reading("reply_rate", world.ada, "last-90").numerator == 6, (
        "until it is decided, the row counts"
    )
    decide(world, Contest.objects.get(), "accept")
    found = world.reading("reply_rate", world.ada, "last-90")
    assert (found.numerator, found.denominator) == (5, 12)


def test_the_trail_says_who_contested_and_who_decided(world):
    mail = answered_mail(world)
    found = accepted(world, mail.activity, "not_an_answer", person=mail)
    assert found.decided_by == world.maya
    for who in ("ada", "maya", "ivo"):
        page = world.signed_in(who).get(reverse("contest", args=[found.pk])).content.decode()
        trail = page[page.index('id="trail"') :]
        assert trail.index("Accepted") < trail.index("Maya") < trail.index("Contested") < trail.index("Ada")
        assert "you are right" in trail


def test_a_row_of_another_deal_moves_there(world):
    call = call_of_ada(world)
    found = accepted(world, call, "wrong_deal", right_deal=world.open_deal.pk)
    call.refresh_from_db()
    assert call.deal == world.open_deal
    assert found.before["changes"] == [
        {"activity": call.pk, "field": "deal_id", "was": None, "now": world.open_deal.pk}
    ]


def test_what_is_private_counts_nowhere_and_its_words_are_gone_everywhere(world):
    call = call_of_ada(world)
    before = world.value("calls_made", world.ada, "last-90")
    accepted(world, call, "private")
    assert world.value("calls_made", world.ada, "last-90") == before - 1
    call.refresh_from_db()
    assert (call.is_internal, call.subject) == (True, "")
    kept = PastRecord.objects.filter(table="pipeline_activity", row_id=call.pk)
    assert [past.image["subject"] for past in kept] == [""] * kept.count()
    assert kept.exists()


@pytest.mark.parametrize("reason", ["wrong_deal", "not_an_answer", "private"])
def test_a_decision_taken_back_restores_what_it_changed(world, reason):
    mail = answered_mail(world)
    before = [world.value(key, world.ada, "last-90") for key in ("reply_rate", "emails_sent")]
    found = accepted(world, mail.activity, reason, person=mail, right_deal=world.open_deal.pk)
    world.signed_in("maya").post(reverse("contest_take_back", args=[found.pk]))
    found.refresh_from_db()
    assert (found.state, found.decided_by, found.before.get("changes")) == ("open", None, None)
    assert [world.value(key, world.ada, "last-90") for key in ("reply_rate", "emails_sent")] == before
    assert Activity.objects.get(pk=mail.activity_id).deal is None


def test_what_somebody_changed_since_is_not_taken_back(world):
    call = call_of_ada(world)
    found = accepted(world, call, "wrong_deal", right_deal=world.open_deal.pk)
    Activity.objects.filter(pk=call.pk).update(deal=world.bens_deal)
    world.signed_in("maya").post(reverse("contest_take_back", args=[found.pk]))
    assert Activity.objects.get(pk=call.pk).deal == world.bens_deal


def test_a_refusal_changes_nothing_and_says_why(world):
    call = call_of_ada(world)
    contest(world, call, "private")
    found = Contest.objects.get()
    assert decide(world, found, "refuse", words=" ").status_code == 422
    assert decide(world, found, "refuse", words="it was a customer").status_code == 302
    found.refresh_from_db()
    assert (found.state, found.decision) == ("refused", "it was a customer")
    assert Activity.objects.get(pk=call.pk).subject == "call 0 of Ada"


def test_only_the_rep_of_the_row_may_contest_it(world):
    call = call_of_ada(world)
    for who in ("ben", "olga", "maya", "ivo"):
        assert contest(world, call, "private", who=who).status_code == 404
    assert not Contest.objects.exists()


def test_only_who_leads_the_rep_decides_and_never_oneself(world):
    contest(world, call_of_ada(world), "private")
    found = Contest.objects.get()
    for who in ("ada", "ben", "olga"):
        assert decide(world, found, "accept", who=who).status_code == 404
    mine = world.call(world.maya, world.ago(2), world.people[0])
    contest(world, mine, "private", who="maya")
    own = Contest.objects.get(rep=world.maya)
    assert decide(world, own, "accept", who="maya").status_code == 404
    assert decide(world, own, "accept", who="ivo").status_code == 302


def test_a_decision_made_meanwhile_stands_and_the_second_is_told(world):
    contest(world, call_of_ada(world), "private")
    found = Contest.objects.get()
    decide(world, found, "refuse", words="no")
    second = decide(world, found, "accept", who="ivo")
    assert second.status_code == 409
    assert "meanwhile" in second.content.decode()
    assert Activity.objects.get(subject="call 0 of Ada").is_internal is False


def test_a_rep_withdraws_their_own_and_nobody_elses(world):
    contest(world, call_of_ada(world), "private")
    found = Contest.objects.get()
    address = reverse("contest_withdraw", args=[found.pk])
    assert world.signed_in("maya").post(address).status_code == 404
    assert world.signed_in("ada").post(address).status_code == 302
    found.refresh_from_db()
    assert found.state == "withdrawn"


def test_the_same_is_contested_once_at_a_time(world):
    call = call_of_ada(world)
    contest(world, call, "private")
    assert contest(world, call, "private").status_code == 422
    assert Contest.objects.count() == 1


def test_only_reasons_that_can_be_true_and_deals_in_sight_are_taken(world):
    call = call_of_ada(world)
    assert contest(world, call, "not_an_answer").status_code == 422
    assert contest(world, call, "wrong_deal", right_deal=world.olgas_deal.pk).status_code == 422
    assert contest(world, call, "wrong_deal").status_code == 422, "it has no deal already"
    extra = {"state": "accepted", "rep": world.ben.pk, "decided_by": world.ada.pk, "before": "{}"}
    contest(world, call, "private", **extra)
    found = Contest.objects.get()
    assert (found.state, found.rep, found.decided_by) == ("open", world.ada, None)


def test_manager_and_rep_are_told(world):
    mail = answered_mail(world)
    found = accepted(world, mail.activity, "not_an_answer", person=mail)
    told = list(Notice.objects.order_by("pk").values_list("rep__name", "kind", "path"))
    path = reverse("contest", args=[found.pk])
    assert told == [("Maya", "contest_opened", path), ("Ada", "contest_accepted", path)]


def test_the_evidence_page_marks_contested_rows_for_everybody_and_offers_it_to_the_rep_only(world):
    address = reverse("rep_kpi", args=[world.ada.pk, "calls_made"])
    contest(world, call_of_ada(world), "private")
    ada, maya = (world.signed_in(who).get(address).content.decode() for who in ("ada", "maya"))
    assert "contested as private: open" in ada and "contested as private: open" in maya
    assert "not right?" in ada
    assert "not right?" not in maya


def test_the_list_shows_a_rep_their_own_and_a_manager_what_is_to_decide(world):
    contest(world, call_of_ada(world), "private")
    for who, sees in {"ada": True, "maya": True, "ivo": True, "ben": False, "olga": False}.items():
        page = world.signed_in(who).get("/contests/").content.decode()
        assert ("call 0 of Ada" in page) is sees, who
        assert ("No row is contested." in page) is not sees


def test_the_list_costs_the_same_however_long_it_is(world, django_assert_max_num_queries):
    for activity in Activity.objects.filter(rep=world.ada, kind=Activity.Kind.CALL)[:8]:
        Contest.objects.create(rep=world.ada, activity=activity, kpi="calls_made", reason="private")
    maya = world.signed_in("maya")
    with django_assert_max_num_queries(12):
        assert maya.get("/contests/").content.decode().count("contests/") >= 8


def test_a_row_removed_takes_its_contest_with_it_and_figures_follow(world):
    call = call_of_ada(world)
    contest(world, call, "private")
    call.delete()
    drain()
    assert not Contest.objects.exists()
