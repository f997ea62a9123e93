"""The deals, one deal, and what may be changed on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching.asked import PageRequest
from coaching.deals.editing import deal_form, is_conflict, keep, may_edit
from coaching.deals.list_page import deals_page
from coaching.deals.page import deal_page
from coaching.forms import DealsFilter, FactForm
from coaching.observed.observations import marks
from kpis.periods import Calendar
from pipeline import access
from pipeline.models import Deal, DealFact, Organisation


def deals(request: PageRequest) -> HttpResponse:
    form = DealsFilter(request.GET, user=request.user)
    wanted = form.cleaned_data if form.is_valid() else {}
    today = Calendar.current().today()
    context = {
        "form": form,
        "page": deals_page(
            access.deals_visible_to(request.user), wanted, request.GET.get("after", ""), today
        ),
        "today": today,
        "currency": Organisation.current().currency,
    }
    more = request.htmx and request.htmx.target == "more-rows"
    return render(request, "coaching/_deals_rows.html" if more else "coaching/deals.html", context)


def deal(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _visible(request, pk))


@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = deal_form(request.user, found, request.POST)
    if not keep(form, access.rep_of(request.user)):
        return _shown(request, found, form=form, status=409 if is_conflict(form) else 422)
    messages.success(request, _("Saved. The figures follow within seconds."))
    return redirect("deal", pk=pk)


@require_POST
def add_fact(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = FactForm(request.POST, instance=DealFact(deal=found))
    if not form.is_valid():
        return _shown(request, found, fact_form=form, status=422)
    form.save()
    messages.success(request, _("Noted: %(fact)s.") % {"fact": form.instance.get_kind_display()})
    return redirect("deal", pk=pk)


def _visible(request: HttpRequest, pk: int) -> Deal:
    rows = access.deals_visible_to(request.user).select_related(
        "account", "owner", "stage", "created_by", "lead_source"
    )
    return get_object_or_404(rows, pk=pk)


def _shown(request: HttpRequest, found: Deal, form=None, fact_form=None, status: int = 200) -> HttpResponse:
    today = Calendar.current().today()
    stored = Deal.objects.select_related("account", "owner", "stage", "lead_source").get(pk=found.pk)
    page = deal_page(stored, today, Organisation.current().currency)
    context = {
        "page": page,
        "observed": marks(page.activities, request.user),
        "form": form or deal_form(request.user, stored),
        "fact_form": fact_form or FactForm(initial={"on": today}),
        "sees_rep": access.sees_rep(request.user, stored.owner_id),
        "may_edit": may_edit(request.user, stored),
    }
    return render(request, "coaching/deal.html", context, status=status)
