"""The organisation's dated settings: what holds, since when, and what a change would move before it is made."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coaching.setting_forms import SettingForm
from coaching.settings_page import changes, entries, entry, keep
from kpis.catalogue import CATALOGUE
from kpis.docs import settings_read
from kpis.periods import Calendar
from kpis.setting_words import WORDS, value_text
from pipeline import access
from pipeline.models import Organisation


def settings(request: HttpRequest) -> HttpResponse:
    _admins_only(request)
    return render(request, "coaching/settings.html", {"entries": entries(Calendar.current().today())})


def setting(request: HttpRequest, key: str) -> HttpResponse:
    """One setting: its past, and a new value. It is looked at first, then saved by a second, explicit step."""
    _admins_only(request)
    if key not in WORDS:
        raise Http404
    today = Calendar.current().today()
    if request.method != "POST":
        held = entry(key, today)
        return _shown(request, key, SettingForm(key=key, initial={"value": held.value, "from_on": today}))
    form = SettingForm(request.POST, key=key)
    if not form.is_valid():
        return _shown(request, key, form, status=422)
    if "save" not in request.POST:
        return _shown(request, key, form, is_tried=True)
    return _saved(request, key, form)


def _saved(request: HttpRequest, key: str, form: SettingForm) -> HttpResponse:
    given = form.cleaned_data
    with transaction.atomic():
        keep(key, str(given["value"]), given["from_on"], request.user, given["reason"])
    words = {"setting": capfirst(str(WORDS[key].label)), "value": value_text(key, str(given["value"]))}
    messages.success(request, _("%(setting)s: %(value)s. The figures follow within minutes.") % words)
    return redirect("setting", key=key)


def _shown(
    request: HttpRequest, key: str, form: SettingForm, status: int = 200, is_tried: bool = False
) -> HttpResponse:
    given = form.cleaned_data if is_tried else {}
    context = {
        "entry": entry(key, Calendar.current().today()),
        "read_by": [kpi for kpi in CATALOGUE.values() if key in settings_read(kpi)],
        "form": form,
        "is_tried": is_tried,
        "tried": given and value_text(key, str(given["value"])),
        "tried_from": given.get("from_on"),
        "changes": _changes(key, given) if is_tried else [],
    }
    return render(request, "coaching/setting.html", context, status=status)


def _changes(key: str, given: dict) -> list:
    return changes(key, str(given["value"]), given["from_on"], Organisation.current().currency)


def _admins_only(request: HttpRequest) -> None:
    if not access.is_admin(request.user):
        raise Http404
