"""The organisation's dated settings: what holds, since when, and what a change would move before it is made."""

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching.setting_forms import SettingForm, WithdrawForm
from coaching.settings_page import changes, entries, entry, keep, who_noted, withdraw, withdrawn
from kpis.catalogue import CATALOGUE
from kpis.docs import settings_read
from kpis.periods import Calendar
from kpis.setting_words import WORDS, value_text
from pipeline import access
from pipeline.models import Organisation, Setting


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
        planned = planned_change(key, request.GET.get("planned", ""))
        value = planned.value if planned else entry(key, today).value
        begins = planned.from_on if planned else today
        form = SettingForm(key=key, initial={"value": value, "from_on": begins})
        return _shown(request, key, form, planned=planned)
    form = SettingForm(request.POST, key=key)
    if not form.is_valid():
        return _shown(request, key, form, status=422)
    if "save" not in request.POST:
        return _shown(request, key, form, is_tried=True)
    return _saved(request, key, form)


@require_POST
@transaction.atomic
def setting_withdraw(request: HttpRequest, key: str, day: str) -> HttpResponse:
    """Take back a change that has not begun to hold. What held for a day stays on record."""
    _admins_only(request)
    planned = planned_change(key, day)
    if planned is None:
        raise Http404
    removal = WithdrawForm(request.POST, prefix="withdraw")
    if not removal.is_valid():
        form = SettingForm(key=key, initial={"value": planned.value, "from_on": planned.from_on})
        return _shown(request, key, form, 422, planned=planned, removal=removal)
    withdraw(planned, request.user, removal.cleaned_data["reason"])
    messages.success(request, _("Taken back. Its note is kept below."))
    return redirect("setting", key=key)


def planned_change(key: str, day: str) -> Setting | None:
    """The change of a setting that begins on this day, if that is still to come."""
    if key not in WORDS or parse_day(day) is None:
        return None
    return Setting.objects.filter(key=key, from_on=day, from_on__gt=Calendar.current().today()).first()


def parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _saved(request: HttpRequest, key: str, form: SettingForm) -> HttpResponse:
    given = form.cleaned_data
    with transaction.atomic():
        keep(key, str(given["value"]), given["from_on"], request.user, given["reason"])
    words = {"setting": capfirst(str(WORDS[key].label)), "value": value_text(key, str(given["value"]))}
    messages.success(request, _("%(setting)s: %(value)s. The figures follow within minutes.") % words)
    return redirect("setting", key=key)


def _shown(
    request: HttpRequest,
    key: str,
    form: SettingForm,
    status: int = 200,
    is_tried: bool = False,
    planned: Setting | None = None,
    removal: WithdrawForm | None = None,
) -> HttpResponse:
    given = form.cleaned_data if is_tried else {}
    context = {
        "entry": entry(key, Calendar.current().today()),
        "read_by": [kpi for kpi in CATALOGUE.values() if key in settings_read(kpi)],
        "withdrawn": [(note, who_noted(note)) for note in withdrawn(key)],
        "planned": planned,
        "removal": removal or WithdrawForm(prefix="withdraw"),
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
