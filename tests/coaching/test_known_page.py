"""A scorecard as it was known on a past day, beside what is known now; rep and manager see the same."""

from datetime import timedelta

import pytest
from django.db import connection

from kpis.recompute import drain
from pipeline import past
from pipeline.models import Activity

pytestmark = pytest.mark.django_db

CALL = "call 1 of Ada"


@pytest.fixture
def aged(world):
    """Everything computed and entered was so five days ago; since then one call of Ada's was taken back."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_snapshot SET computed_at = computed_at - interval '5 days'")
        for table in past.KEPT:
            cursor.execute(f"UPDATE {table} SET recorded_at = recorded_at - interval '5 days'")
    Activity.objects.filter(subject=CALL).delete()
    drain()
    return world


def url(world, days: int, **more) -> str:
    """The year Ada's call was made in, as known so many days ago."""
    day = world.today() - timedelta(days=days)
    made = world.today() - timedelta(days=2)
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/reps/{world.ada.pk}/known/?on={day}&period={made:%Y}{query}"


def read(world, address: str, who: str = "ada") -> str:
    response = world.signed_in(who).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_number_then_and_now_with_the_difference(aged):
    page = read(aged, url(aged, 2))
    row = page[page.index('<th scope="row">Calls made') :][:500]
    made = Activity.objects.filter(
        rep=aged.ada, kind=1, day__year=(aged.today() - timedelta(days=2)).year
    ).count()
    assert f">{made + 1}<" in row and f">{made}<" in row and "\N{MINUS SIGN}1" in row


def test_the_record_that_changed_it_is_named(aged):
    page = read(aged, url(aged, 2, kpi="calls_made"))
    assert "no longer there" in page and CALL in page


def test_a_figure_whose_records_stayed_says_the_same(aged):
    page = read(aged, url(aged, 2, kpi="meetings_held"))
    assert "the same" in page and "No record behind it changed." in page


def test_before_the_first_computation_nothing_was_known_and_the_page_says_so(aged):
    page = read(aged, url(aged, 30))
    assert "Nothing had been computed yet on" in page
    assert "The first figures are of" in page


def test_what_is_no_past_day_or_no_calendar_period_is_said_and_answered_anyway(aged):
    for query, said in (("on=nonsense", "is no day"), (f"on={aged.today()}", "A past day, please")):
        assert said in read(aged, f"/reps/{aged.ada.pk}/known/?{query}")
    assert "Then and now" in read(aged, f"/reps/{aged.ada.pk}/known/?period=last-30")


def test_an_unknown_kpi_does_not_exist(aged):
    assert aged.signed_in("ada").get(url(aged, 2, kpi="nonsense")).status_code == 404


def test_queries_do_not_grow_with_what_changed(aged, django_assert_max_num_queries):
    Activity.objects.filter(rep=aged.ada, kind=1).delete()
    drain()
    ada = aged.signed_in("ada")
    with django_assert_max_num_queries(47):
        assert ada.get(url(aged, 2, kpi="calls_made")).status_code == 200
