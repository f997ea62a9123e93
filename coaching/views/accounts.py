"""One account: its people and how they stand towards us, its deals, what happened lately."""

from datetime import timedelta

from django.db.models import Max, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from coaching.deals.limits import Limits
from coaching.relationships import relationship_map
from kpis.dated_settings import Dated
from kpis.periods import Calendar
from pipeline import access
from pipeline.models import Activity, ActivityContact, DealContact, Organisation, Relationship

LATEST = 30


def account(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        access.accounts_visible_to(request.user).select_related("owner", "lead_source"), pk=pk
    )
    today = Calendar.current().today()
    deals = access.deals_visible_to(request.user).filter(account=found).select_related("stage", "owner")
    people = Prefetch("people", ActivityContact.objects.select_related("contact"))
    activities = access.activities_visible_to(request.user).filter(company=found, duplicate_of=None)
    activities = activities.select_related("rep", "deal").prefetch_related(people)
    contacts = _contacts(found, today)
    context = {
        "account": found,
        "contacts": contacts,
        "map": relationship_map(contacts),
        "deals": deals.order_by("closed_at", "expected_close_on", "pk"),
        "activities": activities.order_by("-at", "-pk")[:LATEST],
        "facts": found.facts.order_by("-on"),
        "sees_owner": access.sees_rep(request.user, found.owner_id),
        "two_way_days": Limits.on(today).two_way_days,
        "today": today,
        "currency": Organisation.current().currency,
    }
    return render(request, "coaching/account.html", context)


def _contacts(account, today):
    """The account's people with their latest rating (old ones said to be old) and the last word from them."""
    heard = Q(touches__activity__direction=Activity.Direction.IN) | Q(
        touches__activity__status=Activity.Status.HELD
    )
    heard |= Q(touches__activity__outcome=Activity.Outcome.REACHED)
    ratings = Prefetch("ratings", Relationship.objects.order_by("-rated_on", "-pk"), to_attr="rated")
    contacts = account.contacts.annotate(
        heard_at=Max("touches__activity__at", filter=heard)
    ).prefetch_related(ratings)
    stale_before = today - timedelta(days=int(Dated("rating_stale_days").on(today)))
    found, roles = list(contacts.order_by("-seniority", "name_key", "pk")), dict(DealContact.Role.choices)
    for contact in found:
        contact.rating = contact.rated[0] if contact.rated else None
        contact.is_rating_stale = bool(contact.rating and contact.rating.rated_on < stale_before)
        contact.role_label = roles.get(contact.buying_role, contact.buying_role)
    return found
