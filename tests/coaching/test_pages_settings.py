"""The dated settings: explained, tried before they are saved, and holding from their day on."""

from datetime import date, timedelta

import pytest

from kpis.models import Stale
from kpis.periods import Calendar
from kpis.recompute import drain
from kpis.setting_words import WORDS
from kpis.verify import differences
from pipeline.models import Contact, Setting, Unsettled
from pipeline.models.organisation import DEFAULTS

pytestmark = pytest.mark.django_db

URL = "/settings/executive_threshold/"


def sent(world, **changes) -> dict:
    form = {
        "value": "c_level",
        "from_on": world.today() - timedelta(days=20),
        "reason": "directors do not sign",
    }
    return form | changes


def moved(response) -> dict[tuple[str, str], tuple[str, str]]:
    """(KPI, subject) -> (before, after) in the running quarter."""
    quarter = [change for change in response.context["changes"] if "quarter" in change.period]
    return {(change.kpi.key, change.subject): (change.before, change.after) for change in quarter}


def test_every_setting_is_named_explained_and_has_a_value(world):
    assert WORDS.keys() == DEFAULTS.keys()
    page = world.signed_in("ivo").get("/settings/").content.decode()
    for words in WORDS.values():
        assert str(words.sentence).replace("'", "&#x27;") in page
    assert "14 days" in page
    assert "director" in page


def test_what_a_change_would_move_is_shown_and_nothing_is_saved(world):
    response = world.signed_in("ivo").post(URL, sent(world))
    assert response.status_code == 200
    before, after = moved(response)["executive_meetings", "Organisation"]
    assert before != after
    assert not Setting.objects.exists()
    assert not Stale.objects.exists()


def test_what_was_shown_is_what_comes_once_saved(world):
    """The preview's figures are those of the scorecard after the workers have caught up."""
    client = world.signed_in("ivo")
    shown = moved(client.post(URL, sent(world)))["executive_meetings", "North"]
    assert client.post(URL, sent(world, save="1")).status_code == 302
    assert Stale.objects.exists()
    drain()
    quarter = Calendar.current().quarter(world.today())
    reading = world.reading("executive_meetings", world.north, quarter.key)
    assert f"({reading.numerator} of {reading.denominator})" in shown[1]
    assert differences() == []


def test_what_is_settled_into_the_records_is_tried_and_undone_too(world):
    url, tried = (
        "/settings/manoeuvre_slip_days/",
        {"value": "5", "from_on": world.ago(60)[:10], "reason": "x"},
    )
    drain()
    assert world.signed_in("ivo").post(url, tried).status_code == 200
    assert not Unsettled.objects.exists()
    assert differences() == []


def test_older_days_keep_the_value_that_held_then(world):
    client = world.signed_in("ivo")
    client.post(URL, sent(world, save="1"))
    page = client.get(URL).content.decode()
    assert str(Contact.Seniority.C_LEVEL.label) in page
    assert "the beginning" in page
    assert "director" in page
    assert "Ivo, " in page
    assert "directors do not sign" in page


def test_a_value_for_a_day_that_has_one_replaces_it(world):
    client = world.signed_in("ivo")
    client.post(URL, sent(world, save="1"))
    client.post(URL, sent(world, save="1", value="vp"))
    assert [row.value for row in Setting.objects.filter(key="executive_threshold")] == ["vp"]


def test_a_change_yet_to_come_moves_nothing_today(world):
    coming = world.today() + timedelta(days=3)
    response = world.signed_in("ivo").post(URL, sent(world, from_on=coming))
    assert response.context["changes"] == []
    assert "No figure of these periods moves." in response.content.decode()


def planned(world, days=3) -> str:
    day = world.today() + timedelta(days=days)
    world.signed_in("ivo").post(URL, sent(world, from_on=day, save="1"))
    return day.isoformat()


def test_a_planned_change_is_offered_to_be_replaced_or_taken_back(world):
    day, client = planned(world), world.signed_in("ivo")
    assert f"?planned={day}" in client.get(URL).content.decode()
    page = client.get(URL, {"planned": day})
    assert page.context["form"].initial == {"value": "c_level", "from_on": date.fromisoformat(day)}
    client.post(URL, sent(world, from_on=day, value="vp", save="1"))
    assert [row.value for row in Setting.objects.all()] == ["vp"]


def test_what_is_taken_back_with_a_reason_is_gone_and_stays_noted(world):
    day, client = planned(world), world.signed_in("ivo")
    url = f"{URL}planned/{day}/withdraw/"
    assert client.post(url, {"withdraw-reason": ""}).status_code == 422
    assert Setting.objects.count() == 1
    assert client.post(url, {"withdraw-reason": "the board said no"}).status_code == 302
    assert not Setting.objects.exists()
    page = client.get(URL).content.decode()
    assert "the board said no" in page
    assert "executive_threshold = c_level" in page
    assert client.post(url, {"withdraw-reason": "again"}).status_code == 404


def test_what_has_begun_to_hold_is_not_taken_back(world):
    client = world.signed_in("ivo")
    for day in (world.today(), world.today() - timedelta(days=20)):
        client.post(URL, sent(world, from_on=day, save="1"))
        assert client.post(f"{URL}planned/{day}/withdraw/", {"withdraw-reason": "no"}).status_code == 404
    assert client.post(f"{URL}planned/soon/withdraw/", {"withdraw-reason": "no"}).status_code == 404
    assert Setting.objects.count() == 2
    assert "Take it back" not in client.get(URL, {"planned": world.today()}).content.decode()


def test_taking_a_planned_change_back_is_the_admins(world):
    day = planned(world)
    for who in ("ada", "maya", "olga"):
        url = f"{URL}planned/{day}/withdraw/"
        assert world.signed_in(who).post(url, {"withdraw-reason": "mine"}).status_code == 404
    assert Setting.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "wrong", "said"),
    [
        ("reply_window_days", {"value": "0"}, "greater than or equal to 1"),
        ("reply_window_days", {"value": "soon"}, "Enter a whole number."),
        ("executive_threshold", {"value": "emperor"}, "is not one of the available choices"),
        ("executive_threshold", {"from_on": ""}, "This field is required."),
        ("executive_threshold", {"reason": ""}, "This field is required."),
        ("departments_thin", {"value": "3"}, "has to stay below"),
        ("departments_fine", {"value": "2"}, "has to stay above"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(world, key, wrong, said):
    for save in ({}, {"save": "1"}):
        response = world.signed_in("ivo").post(f"/settings/{key}/", sent(world, **wrong, **save))
        assert response.status_code == 422
        assert said in response.content.decode()
    assert not Setting.objects.exists()


def test_settings_are_the_admins(world):
    for who in ("ada", "maya", "olga"):
        client = world.signed_in(who)
        assert client.get("/settings/").status_code == 404
        assert client.post(URL, sent(world, save="1")).status_code == 404
    assert world.signed_in("ivo").get("/settings/nonsense/").status_code == 404
    assert not Setting.objects.exists()
