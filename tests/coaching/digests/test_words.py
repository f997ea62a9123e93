"""What the digests say: to whom what, in whose words, and nothing of what is not theirs to read."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from coaching.models import Commitment, Contest, Session
from kpis.recompute import drain
from pipeline.models import Activity, Deal, Rep, Team
from tests.coaching.digests.mails import the_mail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addresses")]


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


def test_the_page_shows_what_the_mail_would_say(world, ben_is_thin):
    page = world.signed_in("maya").get("/digests/?show=monday").content.decode()
    assert "Worth a talk this week" in page
    assert "Cold store" in page
    assert "Your week to" in world.signed_in("ada").get("/digests/?show=monday").content.decode()


def test_a_team_twice_as_big_costs_monday_no_more_queries(world, ben_is_thin, django_assert_max_num_queries):
    for n in range(8):
        world.rep(f"Rep {n}", world.north)
    drain()
    the_mail(world, world.maya, "monday")
    with django_assert_max_num_queries(70):
        the_mail(world, world.maya, "monday")
