"""The admin site is for administrators only, and every page of it answers them."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from pipeline.models import Rep
from tests.pipeline.admin.pages import add_page, change_page, signed_in

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label in ("pipeline", "kpis")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_page_answers_ivo_and_does_not_exist_for_maya(model, ivo, world):
    maya = signed_in("Maya", "manager", is_staff=True)
    list_page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    pages = [list_page]
    if admin.site._registry[model].has_add_permission(ivo.get(list_page).wsgi_request):
        pages.append(add_page(model))
    if record := model.objects.first():
        pages.append(change_page(record))
        pages.append(change_page(record).replace("/change/", "/history/"))
    if admin.site._registry[model].search_fields:
        pages.append(f"{list_page}?q=Brénta")
    assert [ivo.get(page).status_code for page in pages] == [200] * len(pages)
    assert [maya.get(page).status_code for page in pages] == [404] * len(pages)


@pytest.mark.parametrize("page", ["index", "login", "logout", "autocomplete", "password_change", "jsi18n"])
def test_the_site_does_not_exist_for_a_rep_even_one_marked_as_staff(page, world):
    ben = signed_in("Ben", "rep", is_staff=True)
    assert ben.get(reverse(f"admin:{page}")).status_code == 404
    assert ben.get("/admin/no/such/page/").status_code == 404


def test_a_stranger_is_led_to_the_products_own_sign_in():
    answer = Client().get("/admin/pipeline/deal/")
    assert answer.status_code == 302
    assert (
        Client()
        .get(answer["Location"])
        .headers.get("Location", answer["Location"])
        .startswith("/accounts/login/")
    )


def test_an_admin_who_left_may_no_longer_enter(ivo):
    Rep.objects.filter(name="Ivo").update(ended_on="2020-01-01")
    assert ivo.get("/admin/").status_code == 404


def test_choices_of_records_are_searched_never_listed_whole(world):
    """Every field that points at a table which grows is an autocomplete, in forms and inlines."""
    small = {"Organisation", "Setting"}
    for model_admin in [site for model, site in admin.site._registry.items() if model in OURS]:
        for part in (model_admin, *(inline(model_admin.model, admin.site) for inline in model_admin.inlines)):
            if part.model.__name__ in small or not part.has_change_permission:
                continue
            links = {field.name for field in part.model._meta.fields if field.is_relation and field.editable}
            shown = {name for row in part.fields or [] for name in ([row] if isinstance(row, str) else row)}
            wanted = (links & shown if shown else links) - {"batch"}
            assert wanted <= {*part.autocomplete_fields, "actor"}, part.model.__name__
