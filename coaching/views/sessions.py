"""Coaching sessions: the list, the plan, the sheet and what may be done with it."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching.asked import asked_period
from coaching.deals.editing import is_conflict
from coaching.models import Session
from coaching.models.scope import reps_coached_by
from coaching.sessions import steps
from coaching.sessions.calendar_file import calendar_file
from coaching.sessions.forms import AnswerForm, CommitmentForm, NotesForm, PlanForm, PrivateForm
from coaching.sessions.list_page import sessions_page
from coaching.sessions.sheet import REVIEW_AFTER, Draft, draft, draft_of, offered_for, period_of, sheet
from kpis.periods import Calendar
from pipeline import access
from pipeline.models import Organisation, Rep


def sessions(request: HttpRequest) -> HttpResponse:
    asked = asked_period(request)
    page = sessions_page(request.user, asked, timezone.now())
    return render(request, "coaching/sessions.html", {"page": page, "asked": asked})


def plan(request: HttpRequest) -> HttpResponse:
    """A new session, prefilled by what the link asks for; without a rep the page asks whom."""
    led = reps_coached_by(request.user).select_related("team")
    if not led.exists():
        raise Http404
    if not request.GET.get("rep"):
        return render(request, "coaching/session_whom.html", {"reps": led.filter(is_machine=False)})
    rep = get_object_or_404(led, pk=_number(request.GET["rep"]))
    drafted = draft(rep, request.GET, Calendar.current().today())
    new = Session(rep=rep, manager=_own(request))
    form = _plan_form(request, new, drafted)
    if form.is_bound and form.is_valid():
        made = steps.plan(form, rep, _own(request))
        messages.success(request, _("Planned. %(rep)s is asked to answer first.") % {"rep": rep.name})
        return redirect("session", pk=made.pk)
    context = {"form": form, "rep": rep, "session": None}
    return render(request, "coaching/session_plan.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a session that is ahead, or change what it is about."""
    found = _led(request, pk)
    if found.state != Session.State.PLANNED:
        return _refused(request, found)
    form = _plan_form(request, found, draft_of(found, Calendar.current().today()))
    if form.is_bound and steps.change(form):
        messages.success(request, _("Saved."))
        return redirect("session", pk=pk)
    status = 200 if not form.is_bound else 409 if is_conflict(form) else 422
    context = {"form": form, "rep": found.rep, "session": found}
    return render(request, "coaching/session_plan.html", context, status=status)


def _plan_form(request: HttpRequest, about: Session, drafted: Draft) -> PlanForm:
    given = request.POST if request.method == "POST" else None
    return PlanForm(
        given, instance=about, initial=drafted.initial, deals=drafted.deals, questions=drafted.questions
    )


def session(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _visible(request, pk))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The rep's own answers; nobody else gives them."""
    found = get_object_or_404(_rows().own_of(request.user), pk=pk)
    form = AnswerForm(request.POST, questions=list(found.questions.all()))
    if not form.is_valid():
        return _shown(request, found, answers=form, status=422)
    if not steps.answer(form, found, timezone.now()):
        return _refused(request, found)
    messages.success(
        request, _("Your answers are kept; %(manager)s reads them.") % {"manager": found.manager.name}
    )
    return redirect("session", pk=pk)


@require_POST
@transaction.atomic
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep notes and a commitment; with the button that says so, the session is held."""
    found = _led(request, pk)
    if found.state == Session.State.CANCELLED:
        return _refused(request, found)
    notes, private, new = _note_forms(found, "", request.POST)
    if not (notes.is_valid() & private.is_valid() & new.is_valid()):
        status = 409 if is_conflict(notes) else 422
        return _shown(request, found, forms=(notes, private, new), status=status)
    offered = offered_for(found, period_of(found), Organisation.current().currency)
    agreed = new if new.has_changed() else None
    steps.keep_notes(notes, private.cleaned_data["text"], agreed, _own(request))
    if request.POST.get("step") == "hold":
        steps.hold(found, offered, timezone.now())
    messages.success(request, _("Kept."))
    return redirect("session", pk=pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = _led(request, pk)
    if not steps.cancel(found):
        return _refused(request, found)
    messages.success(request, _("Called off. %(rep)s is told.") % {"rep": found.rep.name})
    return redirect("session", pk=pk)


def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    address = request.build_absolute_uri(f"/sessions/{found.pk}/")
    response = HttpResponse(
        calendar_file(found, address, timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="session-{found.pk}.ics"'
    return response


def _shown(
    request: HttpRequest, found: Session, answers=None, forms: tuple | None = None, status: int = 200
) -> HttpResponse:
    stored = _visible(request, found.pk)
    page = sheet(stored, request.user)
    notes, private, new = forms or _note_forms(stored, page.private)
    context = {
        "page": page,
        "answers": answers or AnswerForm(questions=page.questions),
        "notes": notes,
        "private": private,
        "new": new,
        "sees_rep": access.sees_rep(request.user, stored.rep_id),
    }
    return render(request, "coaching/session.html", context, status=status)


def _note_forms(found: Session, private: str, given=None) -> tuple[NotesForm, PrivateForm, CommitmentForm]:
    initial = {"kpi": found.skill, "review_on": Calendar.current().today() + REVIEW_AFTER}
    return (
        NotesForm(given, instance=found),
        PrivateForm(given, initial={"text": private}, prefix="private"),
        CommitmentForm(
            given, initial=initial, prefix="new", empty_permitted=True, use_required_attribute=False
        ),
    )


def _refused(request: HttpRequest, found: Session) -> HttpResponse:
    """What came too late: the session is not ahead any more."""
    stored = _visible(request, found.pk)
    messages.warning(
        request, _("Nothing was changed: this session is %(state)s.") % {"state": stored.get_state_display()}
    )
    return _shown(request, stored, status=409)


def _rows():
    return Session.objects.select_related("rep__team", "manager", "series")


def _visible(request: HttpRequest, pk: int) -> Session:
    return get_object_or_404(_rows().visible_to(request.user), pk=pk)


def _led(request: HttpRequest, pk: int) -> Session:
    return get_object_or_404(_rows().led_by(request.user), pk=pk)


def _own(request: HttpRequest) -> Rep:
    own = access.rep_of(request.user)
    if own is None:
        raise Http404
    return own


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)
