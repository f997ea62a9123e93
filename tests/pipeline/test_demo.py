"""The demo world: the same for the same day, every record kind filled, and the cast as different as told."""

from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q

from pipeline.demo import PASSWORD, SIGN_INS, seed
from pipeline.demo.cast import NOT_SELLING
from pipeline.demo.sowing import invent
from pipeline.models import (
    Account,
    Activity,
    ActivityContact,
    BeforeImage,
    Contact,
    Deal,
    DealChange,
    DealFact,
    DealMove,
    DealSpan,
    Episode,
    ExchangeRate,
    ImportBatch,
    Organisation,
    PastRecord,
    Relationship,
    Rep,
    StageChange,
    TeamMove,
    Unsettled,
)

END = date(2026, 3, 16)
NOT_OF_A_BUNDLE = {ImportBatch, BeforeImage, PastRecord, Unsettled}
Kind, Way, Status, Outcome = Activity.Kind, Activity.Direction, Activity.Status, Activity.Outcome


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for all the tests of this file, taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed(END)
        with (
            connection.cursor() as cursor
        ):  # every reference points at something; else each test would check anew
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def by_rep(rows) -> dict[str, int]:
    """How many of these rows each selling rep has."""
    return {
        name: count
        for name, count in rows.values_list("rep__name").annotate(Count("pk"))
        if name not in NOT_SELLING
    }


def share_by_rep(rows, counted: Q) -> dict[str, float]:
    found = rows.values_list("rep__name").annotate(part=Count("pk", filter=counted), whole=Count("pk"))
    return {name: part / whole for name, part, whole in found if name not in NOT_SELLING}


def lately(days: int = 180):
    return Activity.objects.filter(day__gte=END - timedelta(days=days), day__lt=END)


def test_every_record_kind_has_rows():
    kinds = set(apps.get_app_config("pipeline").get_models()) - NOT_OF_A_BUNDLE
    kinds = {kind for kind in kinds if not kind.__name__.startswith("Historical")}
    assert {kind.__name__ for kind in kinds if not kind.objects.exists()} == set()
    assert apps.get_model("kpis", "Target").objects.filter(rep=None, team=None).count() == 0
    assert not Unsettled.objects.exists()


def test_the_world_has_its_size():
    assert Rep.objects.count() == 28
    assert 500 <= Account.objects.count() <= 800
    assert 1_300 <= Deal.objects.count() <= 1_800
    assert 55_000 <= Activity.objects.count() <= 90_000


@pytest.mark.parametrize(
    "columns",
    [
        (Contact, "external_id", "name", "title", "seniority", "buying_role"),
        (Deal, "external_id", "name", "amount", "expected_close_on", "nda", "next_step"),
        (DealFact, "kind", "on"),
        (Activity, "external_id", "kind", "at", "outcome", "provider_id", "subject"),
        (Relationship, "score", "rated_on"),
    ],
    ids=lambda columns: columns[0].__name__,
)
def test_the_same_day_gives_the_same_world(columns, again):
    model, *names = columns
    empty = {name: model._meta.get_field(name).get_default() for name in names}
    rows = [tuple((empty | row)[name] for name in names) for row in again.rows[model]]
    assert Counter(rows) == Counter(model.objects.values_list(*names))


@pytest.fixture(scope="module")
def again(world, django_db_blocker):
    """The same day's world, invented a second time."""
    with django_db_blocker.unblock():
        return invent(END)[0]


def test_nothing_happens_on_the_last_day_or_later_but_what_is_planned():
    midnight = f"{END}T00:00+01:00"
    assert not Activity.objects.filter(at__gte=midnight).exclude(status=Status.PLANNED).exists()
    assert Activity.objects.filter(at__gte=midnight).count() > 50
    assert not Activity.objects.filter(booked_at__gte=midnight).exists()
    assert not Deal.objects.filter(Q(created_at__gte=midnight) | Q(closed_at__gte=midnight)).exists()
    assert not StageChange.objects.filter(at__gte=midnight).exists()
    assert not DealChange.objects.filter(at__gte=midnight).exists()
    assert not DealFact.objects.filter(on__gte=END).exists()
    assert not Relationship.objects.filter(rated_on__gte=END).exists()


def test_ben_sends_far_more_mails_than_the_median_rep_and_few_answer():
    mailed = lately(90).filter(kind=Kind.EMAIL, direction=Way.OUT, is_internal=False)
    sent = by_rep(mailed)
    assert sent["Ben"] > 1.7 * median(sent.values())
    calls = by_rep(lately(90).filter(kind=Kind.CALL))
    assert calls["Ben"] > 1.4 * median(calls.values())
    people = (
        ActivityContact.objects.filter(activity__in=mailed, part=ActivityContact.Part.TO)
        .order_by("activity__rep_id", "contact_id", "activity__at")
        .distinct("activity__rep_id", "contact_id")
    )
    first_mails = ActivityContact.objects.filter(pk__in=people.values("pk"))
    answered = share_by_rep(first_mails, Q(answered_at__lt=F("activity__at") + timedelta(days=14)))
    assert answered["Ben"] < 0.5 * median(answered.values())


def test_ben_meets_few_executives_and_cleo_many():
    held = lately().filter(kind=Kind.MEETING, status=Status.HELD, top_seniority__gt=0)
    shares = share_by_rep(held, Q(top_seniority__gte=Contact.Seniority.DIRECTOR))
    assert shares["Ben"] < 0.22
    assert 0.32 < median(shares.values()) < 0.48
    assert shares["Cleo"] > 0.5


def test_ben_talks_to_one_department_a_deal_and_most_to_several():
    is_talk = Q(kind=Kind.MEETING, status=Status.HELD) | Q(outcome=Outcome.REACHED) | Q(direction=Way.IN)
    spoken = lately(365).filter(is_talk, deal__isnull=False).exclude(outcome=Outcome.AUTO_REPLY)
    found: dict[str, list[int]] = {}
    rows = spoken.values_list("rep__name", "deal").annotate(
        Count("people__contact__department", distinct=True)
    )
    for name, _, departments in rows:
        found.setdefault(name, []).append(departments)
    assert median(found["Ben"]) == 1
    assert median(found["Ada"]) >= 3


def test_room_for_manoeuvre_is_known_in_few_of_bens_deals():
    is_known = Q(scope_on__isnull=False, discount_range_on__isnull=False, timing_on__isnull=False)
    known = (
        DealSpan.objects.filter(reached__gte=3)
        .values_list("owner__name")
        .annotate(deals=Count("deal", distinct=True), known=Count("deal", distinct=True, filter=is_known))
    )
    shares = {name: hits / deals for name, deals, hits in known}
    assert shares["Ben"] < 0.45
    assert shares["Ada"] > 0.75


def test_cleo_calls_little_and_wins():
    calls = by_rep(lately().filter(kind=Kind.CALL))
    assert calls["Cleo"] < 0.65 * median(calls.values())
    closed = Episode.objects.exclude(outcome=0).filter(reached__gte=2)
    ends = closed.values_list("owner__name").annotate(wins=Count("pk", filter=Q(outcome=1)), ends=Count("pk"))
    won = {name: wins / count for name, wins, count in ends}
    assert won["Cleo"] > 0.42
    assert won["Ben"] < 0.27
    assert won["Ada"] > 0.35


def test_elifs_prices_stay_open_for_weeks_longer():
    waits: dict[str, list[int]] = {}
    for deal in Deal.objects.filter(closed_at__isnull=False, stage__milestone=6).prefetch_related(
        "facts", "owner"
    ):
        if priced := min((fact.on for fact in deal.facts.all() if fact.kind == "pricing"), default=None):
            waits.setdefault(deal.owner.name if deal.owner else "", []).append(
                (deal.closed_at.date() - priced).days
            )
    assert median(waits["Elif"]) > 2 * median(waits["Ada"])


def test_hugo_opens_few_conversations():
    first = {}
    for contact, rep, at in (
        ActivityContact.objects.filter(activity__direction=Way.OUT, activity__is_internal=False)
        .order_by("activity__at")
        .values_list("contact", "activity__rep__name", "activity__at")
    ):
        first.setdefault(contact, (rep, at))
    opened = Counter(rep for rep, _ in first.values())
    assert opened["Hugo"] < 0.7 * median(opened[name] for name in ("Ada", "Ben", "Elif", "Finn", "Gaia"))


def test_the_cast_has_its_past():
    dario, wim = Rep.objects.get(name="Dario"), Rep.objects.get(name="Wim")
    assert dario.ramped_on > END
    assert (END - dario.started_on).days == 61
    assert wim.ended_on < END
    assert not Activity.objects.filter(rep=wim, day__gt=wim.ended_on).exists()
    assert not Deal.objects.filter(owner=wim, closed_at=None).exists()
    assert DealMove.objects.filter(owner__name="Karin", deal__moves__owner=wim).exists()
    assert TeamMove.objects.filter(rep__name="Rosa").count() == 2
    assert set(Activity.objects.filter(rep__name="Rosa").values_list("team__name", flat=True)) == {
        "North",
        "South",
    }
    assert Rep.objects.get(is_machine=True).activities.exists()


def test_what_is_rare_is_there():
    """Each of these makes some KPI say something it could not say otherwise."""
    activities = Activity.objects
    assert activities.filter(kind=Kind.CALL, outcome=Outcome.UNKNOWN, duration_s__gte=120).exists()
    assert activities.filter(kind=Kind.EMAIL, outcome=Outcome.BOUNCED).exists()
    assert activities.filter(kind=Kind.EMAIL, outcome=Outcome.AUTO_REPLY, direction=Way.IN).exists()
    assert activities.filter(direction=Way.OUT, in_reply_to__direction=Way.OUT).exists()
    assert activities.filter(is_internal=True).exists()
    assert activities.filter(duplicate_of__isnull=False).exists()
    assert activities.filter(is_declined=True).exists()
    assert activities.filter(type="proposal_presentation", top_seniority__gte=3).exists()
    assert activities.filter(booked_by__isnull=False).exclude(booked_by=F("rep")).exists()
    assert Episode.objects.filter(number__gt=1, outcome=1).exists()
    assert Episode.objects.filter(number=1, outcome=1, deal__episodes__number=2).exists()
    assert Episode.objects.filter(is_open_convertible=False).count() == 1
    assert not ExchangeRate.objects.filter(currency="SEK").exists()
    assert Deal.objects.filter(created_at=None).exists()
    assert Deal.objects.filter(owner=None).exists()
    assert set(Relationship.objects.values_list("score", flat=True)) == set(range(-3, 4))
    assert set(DealFact.objects.values_list("kind", flat=True)) == set(DealFact.Kind.values)
    assert set(Deal.objects.values_list("nda", flat=True)) == {"", "needed", "not_needed"}


def test_evidence_is_an_activity_of_the_deal_on_that_day():
    shown = DealFact.objects.filter(activity__isnull=False)
    assert shown.count() > 1000
    assert not shown.exclude(activity__deal=F("deal")).exists()
    assert not shown.exclude(on=F("activity__day")).exists()


def test_bens_three_deals_stand_as_in_the_tour():
    ben = Deal.objects.filter(owner__name="Ben", closed_at=None)
    stands = {
        deal.name: (deal.stage.name, deal.amount, (deal.expected_close_on - END).days)
        for deal in ben.filter(
            account__name__regex="^(Brenta Valves|Ostia Foods|Lario Print) "
        ).select_related("stage")
    }
    assert stands == {
        "Brenta Valves, retrofit line 2": ("Proposal", 38_000, 13),
        "Ostia Foods, cold store": ("Request received", 27_500, 27),
        "Lario Print, service contract": ("Terms agreed", 18_500, 20),
    }


def test_everybody_named_can_sign_in():
    for username, password, _ in SIGN_INS:
        user = authenticate(username=username, password=password)
        assert user is not None
        assert user.rep.name == username.title()
        assert (user.is_superuser, user.is_staff) == (username == "ivo",) * 2
    assert PASSWORD
    assert Organisation.current().currency == "EUR"


def test_a_database_with_reps_is_left_alone():
    before = Activity.objects.count()
    with pytest.raises(CommandError, match="already has reps"):
        call_command("seed_demo")
    assert Activity.objects.count() == before


def test_keys_handed_out_later_do_not_collide():
    assert Account.objects.create(name="Piave Foods").pk > Account.objects.order_by("-pk")[1].pk
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every reference points at something
