"""Who looked at whose figures: kept for the rep, one row per day, page and viewer; one's own looks are not kept."""

from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.models import Look, Session
from coaching.tables import TABLES
from kpis.catalogue import CATALOGUE
from kpis.periods import Calendar
from pipeline import access

# Address -> what was looked at; the rep's id stands in the address, a KPI's or table's name beside it.
PAGES = {
    "rep": "scorecard",
    "rep_kpi": "evidence",
    "rep_table": "table",
    "rep_known": "known",
    "rep_observations": "observed",
    "session": "session",
    "api-rep-detail": "api",
    "api-snapshot-list": "api",
}
WORDS = {
    "scorecard": gettext_lazy("scorecard"),
    "known": gettext_lazy("known then, known now"),
    "observed": gettext_lazy("observed calls and meetings"),
    "session": gettext_lazy("coaching session"),
    "api": gettext_lazy("figures through the API"),
}
UPSERT = """
INSERT INTO coaching_look (rep_id, viewer_id, page, "on", last_at, times) VALUES (%s, %s, %s, %s, now(), %s)
ON CONFLICT (rep_id, viewer_id, page, "on")
DO UPDATE SET last_at = excluded.last_at, times = coaching_look.times + excluded.times
"""


class Looks:
    """Keeps a look after a page was shown; what was refused or not found is none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "GET" and response.status_code in (200, 304) and match:
            page = PAGES.get(match.url_name or "")
            if page and (rep := _rep_in(request, match)):
                _keep(request, rep, _page(page, match))
        return response


def _rep_in(request: HttpRequest, match: ResolverMatch) -> int | None:
    """Whose figures these were."""
    if match.url_name == "session":
        return Session.objects.filter(pk=match.kwargs["pk"]).values_list("rep_id", flat=True).first()
    if match.url_name == "api-snapshot-list":
        kind, _colon, pk = request.GET.get("subject", "").partition(":")
        return int(pk) if kind == "rep" else None
    return int(match.kwargs["pk"])


def _page(page: str, match: ResolverMatch) -> str:
    name = match.kwargs.get("key") or match.kwargs.get("name")
    return f"{page}:{name}" if name else page


def _keep(request: HttpRequest, rep: int, page: str) -> None:
    viewer = access.rep_of(request.user)
    if viewer is None or viewer.pk == rep:
        return
    # A page that refreshes its figures by itself is still the same look.
    times = 0 if request.headers.get("HX-Request") else 1
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [rep, viewer.pk, page, Calendar.current().today(), times])


@dataclass(frozen=True)
class Seen:
    """A look as its page shows it."""

    look: Look
    page: str


def in_words(look: Look) -> Seen:
    page, _colon, name = look.page.partition(":")
    if page == "evidence":
        label = CATALOGUE[name].label if name in CATALOGUE else name
        return Seen(look, _("rows behind “%(kpi)s”") % {"kpi": label})
    if page == "table":
        label = TABLES[name][0] if name in TABLES else name
        return Seen(look, _("table “%(table)s”") % {"table": label})
    return Seen(look, str(WORDS.get(page, page)))
