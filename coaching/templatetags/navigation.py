"""The bar on top, the style sheets of a page, and the period picker."""

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.digests.notices import unread_of
from pipeline import access

register = template.Library()

SHEETS = (
    "tokens", "base", "layout", "table", "figure", "scorecard", "form", "deal", "session", "contest",
    "attention", "picture", "impact", "map", "bars", "chart", "playbook", "observed", "notice", "entrance", "print",
)  # fmt: skip


@register.simple_tag
def stylesheets() -> list[str]:
    return [static(f"css/{sheet}.css") for sheet in SHEETS]


@register.inclusion_tag("coaching/_bar.html", takes_context=True)
def navigation(context) -> dict:
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    rep = access.rep_of(user)
    who = rep.name if rep else user.get_username()
    return {"places": list(_places(request, user, rep)), "who": who, "rep": rep, "unread": unread_of(rep)}


def _places(request, user, rep):
    is_admin = access.is_admin(user)
    leads = is_admin or access.teams_visible_to(user).exists()
    if is_admin:
        yield _place(request, _("Organisation"), reverse("organisation"))
    elif leads:
        yield _place(request, _("Team"), reverse("home"), also=reverse("teams"))
    if rep:
        yield _place(request, _("My scorecard"), reverse("me"), also=reverse("rep", args=[rep.pk]))
    if rep:
        yield _place(request, _("Sessions"), reverse("sessions"), also="/commitments/")
    yield _place(request, _("Deals"), reverse("deals"))
    if leads:
        yield _place(request, _("Targets"), reverse("targets"))
    yield _place(request, _("What we measure"), reverse("glossary"))
    if is_admin:
        yield _place(request, _("Settings"), reverse("settings"))
        yield _place(request, _("Admin"), reverse("admin:index"))


def _place(request, label: str, url: str, also: str = "") -> dict:
    here = request.path == url or (url != "/" and request.path.startswith(url))
    return {"label": label, "url": url, "is_current": here or bool(also and request.path.startswith(also))}
