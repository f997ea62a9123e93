"""One's own notices: the list, opening one, and setting all of them read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from coaching.digests.notice_words import told
from coaching.digests.notices import unread_of
from coaching.keyset import page_of
from coaching.models import Notice
from pipeline import access


def notices(request: HttpRequest) -> HttpResponse:
    page = page_of(_own(request), request.GET.get("after", ""))
    context = {
        "notices": told(page.rows, request.user),
        "following": page.next,
        "unread": unread_of(access.rep_of(request.user)),
    }
    return render(request, "coaching/notices.html", context)


def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to what it is about; from then on it is read. That page asks for itself who may see it."""
    found = get_object_or_404(_own(request), pk=pk)
    Notice.objects.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    return redirect(found.path)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    _own(request).filter(read_at=None).update(read_at=timezone.now())
    return redirect("notices")


def _own(request: HttpRequest):
    own = access.rep_of(request.user)
    if own is None:
        raise Http404
    return Notice.objects.filter(rep=own)
