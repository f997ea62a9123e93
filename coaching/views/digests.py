"""One's own digests: which ones, in what language, what they would say today; and the way out of a mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from coaching.digests.forms import SubscriptionForm
from coaching.digests.mail import address_of, digest_of, mail_of, offered_to, signed_for
from coaching.digests.sending import NOT_TAKEN
from coaching.models import Subscription
from kpis.periods import Calendar
from pipeline import access
from pipeline.models import Rep

BETWEEN_S = 60


def digests(request: HttpRequest) -> HttpResponse:
    rep = _own(request)
    chosen = _subscription(rep)
    given = request.POST if request.method == "POST" else None
    form = SubscriptionForm(given, instance=chosen)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("digests")
    offered = offered_to(rep)
    shown = request.GET.get("show", "")
    shown = shown if shown in offered else offered[0]
    language = _subscription(rep).language
    context = {
        "form": form,
        "kinds": [(kind, form.fields[kind].label) for kind in offered],
        "shown": shown,
        "digest": digest_of(shown, rep, language, Calendar.current().today(), timezone.now()),
        "address": address_of(rep),
        "is_console": "console" in settings.EMAIL_BACKEND,
    }
    return render(request, "coaching/digests.html", context, status=422 if form.is_bound else 200)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """One to oneself, now; the one of the day comes all the same."""
    rep, kind = _own(request), request.POST.get("kind", "")
    if kind not in offered_to(rep):
        raise Http404
    address = address_of(rep)
    if not address:
        messages.warning(request, _("Nothing was sent: there is no mail address of yours on record."))
    elif not cache.add(f"digest:{rep.pk}:{kind}", 1, timeout=BETWEEN_S):
        messages.warning(request, _("One was sent a moment ago: ask again in a minute."))
    elif _is_sent(rep, kind):
        messages.success(request, _("Sent to %(address)s.") % {"address": address})
    else:
        messages.error(request, _("Nothing was sent: the mail server did not take it. Try again later."))
    return redirect(f"/digests/?show={kind}")


def _is_sent(rep: Rep, kind: str) -> bool:
    chosen = _subscription(rep)
    if chosen.pk is None:
        # The way out in the mail needs something to end.
        chosen, _made = Subscription.objects.get_or_create(rep=rep, defaults={"language": chosen.language})
    try:
        mail_of(chosen, kind, Calendar.current().today(), timezone.now()).send()
    except NOT_TAKEN:
        return False
    return True


@csrf_exempt
@login_not_required
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in a mail was signed for ends with one POST, also one a mail program sends by itself."""
    found = signed_for(token)
    if found is None:
        raise Http404
    subscription, kind = found
    if request.method == "POST":
        Subscription.objects.filter(pk=subscription.pk).update(**{kind: False})
    with translation.override(subscription.language):
        return render(request, "coaching/unsubscribe.html", {"is_done": request.method == "POST"})


def _subscription(rep: Rep) -> Subscription:
    """The rep's choice; before there is one, nothing in the language of the page."""
    stored = Subscription.objects.filter(rep=rep).first()
    if stored is not None:
        stored.rep = rep
        return stored
    known = dict(settings.LANGUAGES)
    language = get_language() or settings.LANGUAGE_CODE
    return Subscription(rep=rep, language=language if language in known else settings.LANGUAGE_CODE)


def _own(request: HttpRequest) -> Rep:
    own = access.rep_of(request.user)
    if own is None:
        raise Http404
    return own
