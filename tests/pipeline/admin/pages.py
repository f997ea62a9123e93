"""Admin pages as a browser sees them: signed in, filled in as they stand, their addresses."""

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from pipeline.models import Rep


def signed_in(name: str, role: str, **more) -> Client:
    """A browser in which that member of the cast is signed in."""
    user = get_user_model().objects.create_user(name.lower(), password="x", **more)
    Rep.objects.create(name=name, role=role, account_user=user)
    client = Client()
    client.force_login(user)
    return client


def filled(client: Client, address: str, **changes: object) -> dict[str, object]:
    """What a browser would send: every field of the page as it stands, with some changed."""
    response = client.get(address)
    assert response.status_code == 200
    forms = [response.context["adminform"].form]
    data = {}
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if getattr(widget, "widgets", None):  # a moment is sent as a day and a time
                for part, text in zip("01", widget.decompress(value), strict=True):
                    data[f"{bound.html_name}_{part}"] = text or ""
            elif value is not None and value is not False:
                data[bound.html_name] = value
    return data | changes


def change_page(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def add_page(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
