"""Digests by mail: when they go out, to whom, what they say, and how they end."""

import re
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from coaching.digests.mail import mail_of, unsubscribe_path
from coaching.digests.sending import kind_due, send_all, send_due
from coaching.models import Commitment, Contest, Session, Subscription
from kpis.models import Target
from kpis.recompute import drain
from pipeline.models import Activity, Deal, Rep, Team

pytestmark = pytest.mark.django_db
MONDAY_9H = datetime(2026, 11, 23, 8, tzinfo=UTC)
FRIDAY_9H = datetime(2026, 11, 27, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def addresses(world):
    cache.clear()
    for rep in (world.maya, world.ada, world.ben, world.olga):
        Rep.objects.filter(pk=rep.pk).update(email=f"{rep.name.lower()}@adige.example")


@pytest.fixture
def ben_is_thin(world):
    for key, value in {"executive_meetings": "1", "reply_rate": "0.6"}.items():
        Target.objects.create(kpi=key, period="month", from_on="2020-01-01", value=value, rep=world.ben)


def wants(rep: Rep, kind: str, language: str = "en") -> Subscription:
    chosen, _made = Subscription.objects.update_or_create(
        rep=rep, defaults={kind: True, "language": language}
    )
    return chosen


def the_mail(world, rep: Rep, kind: str, language: str = "en"):
    """The digest of today, as text and HTML."""
    made = mail_of(wants(Rep.objects.get(pk=rep.pk), kind, language), kind, world.today(), timezone.now())
    return made, made.body, made.alternatives[0][0]


# Rome is an hour ahead of UTC in winter and two in summer: 29 March and 25 October 2026 change that.
@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-03-23T05:59", None),
        ("2026-03-23T06:00", ("monday", "2026-03-23")),
        ("2026-03-30T04:59", None),
        ("2026-03-30T05:00", ("monday", "2026-03-30")),
        ("2026-10-23T05:00", ("friday", "2026-10-23")),
        ("2026-10-26T05:59", None),
        ("2026-10-26T06:00", ("monday", "2026-10-26")),
        ("2026-11-22T23:30", None),  # Monday there, half past midnight
        ("2026-11-23T22:59", ("monday", "2026-11-23")),
        ("2026-11-23T23:00", None),  # Tuesday there
        ("2026-11-25T09:00", None),
    ],
)
def test_digests_are_due_from_seven_local_time_on_their_day(world, moment, due):
    found = kind_due(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert (found and (found[0], str(found[1]))) == due


def test_nobody_gets_a_digest_unasked(world):
    Subscription.objects.create(rep=world.maya)
    assert not send_due(MONDAY_9H)
    assert not send_due(FRIDAY_9H)
    assert not mail.outbox


def test_every_hour_of_a_day_sends_once(world):
    wants(world.maya, "monday")
    for hour in range(4):
        send_due(MONDAY_9H + timedelta(hours=hour))
    assert [sent.to for sent in mail.outbox] == [["maya@adige.example"]]
    assert str(Subscription.objects.get().monday_sent_on) == "2026-11-23"
    send_due(MONDAY_9H + timedelta(days=7))
    assert len(mail.outbox) == 2


def test_a_mail_not_taken_stops_nobody_and_is_tried_again(world, monkeypatch):
    for rep in (world.ada, world.ben):
        wants(rep, "friday")
    refused = {"ada@adige.example"}
    send = EmailBackend.send_messages

    def send_unless_refused(self, messages):
        if refused & set(messages[0].to):
            raise SMTPRecipientsRefused({})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_unless_refused)
    assert send_due(FRIDAY_9H) == {"failed": 1, "sent": 1}
    assert [sent.to for sent in mail.outbox] == [["ben@adige.example"]]
    refused.clear()
    assert send_due(FRIDAY_9H + timedelta(hours=1)) == {"sent": 1}
    assert [sent.to for sent in mail.outbox] == [["ben@adige.example"], ["ada@adige.example"]]


def test_who_left_has_no_address_or_leads_nobody_any_more_gets_nothing(world):
    Rep.objects.filter(pk=world.ben.pk).update(ended_on=world.today() - timedelta(days=1))
    Rep.objects.filter(pk=world.ada.pk).update(email="not an address")
    for rep in (world.ada, world.ben):
        wants(rep, "friday")
    assert send_due(FRIDAY_9H) == {"skipped": 2}
    wants(world.maya, "monday")
    Team.objects.update(manager=None)
    assert send_due(MONDAY_9H) == {"skipped": 1}
    assert not mail.outbox


def test_monday_says_whom_to_coach_and_what_waits(world, ben_is_thin):
    session = Session.objects.create(rep=world.ben, manager=world.maya, at=timezone.now() + timedelta(days=2))
    Commitment.objects.create(session=session, rep=world.ada, text="Ask who signs", review_on=world.today())
    call = Activity.objects.filter(rep=world.ada).order_by("pk")[0]
    Contest.objects.create(rep=world.ada, activity=call, reason="private", words="my doctor")
    made, text, html = the_mail(world, world.maya, "monday")
    assert made.subject.startswith("North this week: ")
    for said in (
        "Ben: ",
        "Cold store",
        "1 session, 1 commitment to look at again, 1 contested row to decide",
    ):
        assert said in text
    assert "Ada: Ask who signs" in text
    assert f"http://127.0.0.1:8000/sessions/{session.pk}/" in text
    assert f"/sessions/plan/?rep={world.ben.pk}&skill=" in text
    assert "why=" not in text
    assert "Cold store" in html
    for private in ("my doctor", call.subject):  # may be what is private about it
        assert private not in text + html


def test_mayas_mail_says_nothing_of_south(world, ben_is_thin):
    session = Session.objects.create(
        rep=world.olga, manager=world.maya, at=timezone.now() + timedelta(days=1)
    )
    Commitment.objects.create(
        session=session, rep=world.olga, text="Secret of South", review_on=world.today()
    )
    Contest.objects.create(
        rep=world.olga, activity=Activity.objects.filter(rep=world.olga)[0], reason="private"
    )
    _made, text, html = the_mail(world, world.maya, "monday")
    assert "Ben" in text
    for foreign in ("Olga", "South", "Dosing skid"):
        assert foreign not in text + html


def test_friday_says_a_reps_own_week_and_nobody_elses(world, ben_is_thin):
    session = Session.objects.create(rep=world.ben, manager=world.maya, at=timezone.now() + timedelta(days=2))
    review_on = world.today() + timedelta(days=9)
    Commitment.objects.create(
        session=session, rep=world.ben, text="Write to two executives", review_on=review_on
    )
    made, text, html = the_mail(world, world.ben, "friday")
    assert made.subject == "Your week: 1 deal asks for work"
    page = world.signed_in("ben").get("/me/").context["page"]
    for said in (
        page.diagnosis.sentence,
        "Cold store",
        page.deals[0][1].next_step,
        "Write to two executives",
    ):
        assert said in text
    assert "with Maya" in text
    for other in ("Ada", "Cleo", "Retrofit line 2", "Olga"):
        assert other not in text + html


def test_what_moved_is_a_trend_beyond_chance(world):
    """Four more calls of Ben's in each of eleven weeks than in the one before: 0, 4, 8 … 44."""
    for week in range(12):
        for n in range(4 * week):
            world.call(
                world.ben,
                world.ago(7 * (12 - week) + n % 3, f"{8 + n % 10:02}:{n // 10:02}"),
                world.people[0],
            )
    drain()
    _made, text, _html = the_mail(world, world.ben, "friday")
    assert re.search(r"- Calls made [\d,]+: better\n  Rising over \d+ weeks", text)


def test_it_speaks_the_readers_language_not_the_senders(world):
    day = timezone.now() + timedelta(days=2)
    Session.objects.create(rep=world.ben, manager=world.maya, at=day)
    _made, _text, english = the_mail(world, world.ben, "friday")
    _made, text, spanish = the_mail(world, world.ben, "friday", "es")
    assert '<html lang="en">' in english
    assert '<html lang="es">' in spanish
    spanish_days = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
    weekday = day.astimezone(world.zone()).weekday()
    assert f"- {spanish_days[weekday]} " in text


@pytest.mark.parametrize("language", ["it", "es"])
@pytest.mark.parametrize(("who", "kind"), [("maya", "monday"), ("ben", "friday")])
def test_nothing_of_it_is_left_in_english(world, ben_is_thin, language, who, kind):
    """Of what both mails say word for word only records' own words, names and addresses may remain."""
    rep = getattr(world, who)
    english, own = (the_mail(world, rep, kind, chosen) for chosen in ("en", language))
    assert own[0].subject != english[0].subject
    assert f'lang="{language}"' in own[2]
    for part in (1, 2):
        texts = [
            re.sub(r"<style.*?</style>|<[^>]+>", "\n", one[part], flags=re.DOTALL) for one in (english, own)
        ]
        lines = [{line.strip(" -·") for line in text.splitlines()} for text in texts]
        same = {line for line in lines[0] & lines[1] if re.search("[a-z]{2}", line) and "://" not in line}
        names = {rep.name for rep in Rep.objects.all()} | {deal.name for deal in Deal.objects.all()}
        assert same <= names


def test_what_names_bring_stays_text(world):
    Team.objects.filter(pk=world.north.pk).update(name="North\nBcc: everybody@example.com")
    Deal.objects.filter(pk=world.bens_deal.pk).update(name='<img src="http://evil.example/">\nCold')
    Rep.objects.filter(pk=world.ben.pk).update(name="Ben\n<script>alert(1)</script>")
    monday, _text, html = the_mail(world, world.maya, "monday")
    assert "\n" not in monday.subject
    assert "Bcc" not in monday.message()
    assert "<script" not in html
    _made, text, html = the_mail(world, world.ben, "friday")
    assert "<img" not in html
    assert '<img src="http://evil.example/"> Cold' in text


def test_the_html_loads_nothing(world, ben_is_thin):
    _made, _text, html = the_mail(world, world.maya, "monday")
    assert not re.search(r"\bsrc=|<link|<script|url\(|@import", html)
    assert set(re.findall(r'href="(https?://[^/"]+)', html)) == {"http://127.0.0.1:8000"}
    assert not re.search(r'href="/', html)


def test_the_links_begin_with_the_address_of_the_site(world, settings):
    settings.SITE_URL = "https://touchline.example/"
    made, text, _html = the_mail(world, world.ben, "friday")
    assert "https://touchline.example/digests/" in text
    assert made.extra_headers["List-Unsubscribe"].startswith(
        "<https://touchline.example/digests/unsubscribe/"
    )
    assert made.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_way_out_needs_no_sign_in_and_ends_only_what_it_was_signed_for(world):
    wants(world.maya, "friday")
    path = unsubscribe_path(wants(world.maya, "monday"), "monday")
    reader = Client(enforce_csrf_checks=True)
    page = reader.get(path)
    assert page.status_code == 200
    assert "Maya" not in page.content.decode()
    assert Subscription.objects.get().monday
    assert reader.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    chosen = Subscription.objects.get()
    assert (chosen.monday, chosen.friday) == (False, True)


def test_a_way_out_nobody_signed_does_not_exist(world):
    path = unsubscribe_path(wants(world.maya, "monday"), "monday")
    assert Client().post(path[:-3] + "x/").status_code == 404
    Subscription.objects.all().delete()
    assert Client().post(path).status_code == 404


def test_monday_is_offered_to_whoever_manages_and_only_listed_fields_are_taken(world):
    ada = world.signed_in("ada")
    form = ada.get("/digests/").context["form"]
    assert list(form.fields) == ["friday", "language"]
    sent = {
        "monday": "on",
        "friday": "on",
        "language": "it",
        "rep": world.olga.pk,
        "friday_sent_on": "2026-01-01",
    }
    assert ada.post("/digests/", sent).status_code == 302
    chosen = Subscription.objects.get()
    assert (chosen.rep, chosen.monday, chosen.friday, chosen.language) == (world.ada, False, True, "it")
    assert chosen.friday_sent_on is None
    assert list(world.signed_in("maya").get("/digests/").context["form"].fields) == [
        "monday",
        "friday",
        "language",
    ]


def test_a_language_nobody_offers_is_refused(world):
    response = world.signed_in("ada").post("/digests/", {"language": "xx"})
    assert response.status_code == 422
    assert not Subscription.objects.exists()


def test_the_page_shows_what_the_mail_would_say(world, ben_is_thin):
    page = world.signed_in("maya").get("/digests/?show=monday").content.decode()
    assert "Worth a talk this week" in page
    assert "Cold store" in page
    assert "Your week to" in world.signed_in("ada").get("/digests/?show=monday").content.decode()


def test_one_now_goes_to_oneself_and_the_one_of_the_day_comes_all_the_same(world):
    ada = world.signed_in("ada")
    assert ada.post("/digests/send/", {"kind": "monday"}).status_code == 404
    for _twice in range(2):
        assert ada.post("/digests/send/", {"kind": "friday"}).status_code == 302
    assert [sent.to for sent in mail.outbox] == [["ada@adige.example"]]
    chosen = Subscription.objects.get()
    assert (chosen.friday, chosen.friday_sent_on) == (False, None)


def test_by_hand_what_would_be_sent_is_shown_first(world, capsys):
    wants(world.ben, "friday")
    call_command("send_digests", "--day", "2026-11-27", "--dry-run")
    assert "Your week: 1 deal asks for work" in capsys.readouterr().out
    assert not mail.outbox
    call_command("send_digests", "--day", "2026-11-27")
    assert "1 sent" in capsys.readouterr().out
    assert len(mail.outbox) == 1
    with pytest.raises(CommandError, match="neither a Monday nor a Friday"):
        call_command("send_digests", "--day", "2026-11-25")


def test_a_team_twice_as_big_costs_monday_no_more_queries(world, ben_is_thin, django_assert_max_num_queries):
    for n in range(8):
        world.rep(f"Rep {n}", world.north)
    drain()
    the_mail(world, world.maya, "monday")
    with django_assert_max_num_queries(70):
        the_mail(world, world.maya, "monday")


def test_two_runs_over_one_list_send_once(world):
    """The second run read who waits before the first was done."""
    chosen = wants(world.ben, "friday")
    from coaching.digests.sending import send_once

    outcomes = [send_once(chosen.pk, "friday", FRIDAY_9H.date(), FRIDAY_9H) for _run in range(2)]
    assert outcomes == ["sent", "skipped"]
    assert send_all("friday", FRIDAY_9H.date(), FRIDAY_9H) == {}
