"""Who may open a table: whoever may open the page of its subject."""

import pytest

from coaching.tables import TABLES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", TABLES)
def test_tables_open_for_those_who_may_see_the_subject_and_for_nobody_else(world, name):
    north, ada = world.north.pk, world.ada.pk
    for who, path, status in (
        ("maya", f"/teams/{north}/tables/{name}/", 200),
        ("maya", f"/reps/{ada}/tables/{name}/", 200),
        ("ada", f"/reps/{ada}/tables/{name}/", 200),
        ("ivo", f"/organisation/tables/{name}/", 200),
        ("ada", f"/teams/{north}/tables/{name}/", 404),
        ("olga", f"/reps/{ada}/tables/{name}/", 404),
        ("maya", f"/organisation/tables/{name}/", 404),
    ):
        assert world.signed_in(who).get(path).status_code == status, (who, path)
    csv = world.signed_in("maya").get(f"/teams/{north}/tables/{name}/", {"format": "csv"})
    assert csv["Content-Type"].startswith("text/csv")


def test_a_table_nobody_built_is_not_found(world):
    assert world.signed_in("maya").get(f"/teams/{world.north.pk}/tables/horoscope/").status_code == 404
