"""Who may see whom: the one rule, from which every list, page, export and API queryset is born.

A rep sees their own work, a manager also that of the reps in the teams they manage and in all subteams,
an admin everything. Whatever lies outside answers like something that does not exist.
"""

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from pipeline.models import Account, Activity, Contact, Deal, Organisation, Rep, Team

# UNION without ALL ends even if the teams' parents form a circle.
MANAGED_TEAMS = """
    WITH RECURSIVE managed AS (
        SELECT id FROM pipeline_team WHERE manager_id = %s
        UNION SELECT team.id FROM pipeline_team team JOIN managed ON team.parent_id = managed.id
    ) SELECT id FROM managed
"""


def rep_of(user) -> Rep | None:
    """The rep who signs in as this user; none once they have left (the last day still counts).

    Asked once per user object, that is once per request.
    """
    if not getattr(user, "is_active", False):
        return None
    if not hasattr(user, "_rep_signed_in"):
        user._rep_signed_in = _rep_who_signs_in_as(user)
    return user._rep_signed_in


def _rep_who_signs_in_as(user) -> Rep | None:
    rep = Rep.objects.filter(account_user_id=user.pk).select_related("team").first()
    if rep is None or (rep.ended_on and rep.ended_on < _today()):
        return None
    return rep


def is_admin(user) -> bool:
    if not getattr(user, "is_active", False):
        return False
    if user.is_superuser:
        return True
    rep = rep_of(user)
    return rep is not None and rep.role == Rep.Role.ADMIN


def teams_visible_to(user) -> QuerySet[Team]:
    """Teams whose page the user may open: managed ones and subteams; all for an admin, none for a rep."""
    if is_admin(user):
        return Team.objects.all()
    rep = rep_of(user)
    if rep is None:
        return Team.objects.none()
    return Team.objects.filter(pk__in=RawSQL(MANAGED_TEAMS, [rep.pk]))  # noqa: S611 - the only parameter is bound


def reps_visible_to(user) -> QuerySet[Rep]:
    if is_admin(user):
        return Rep.objects.all()
    rep = rep_of(user)
    if rep is None:
        return Rep.objects.none()
    return Rep.objects.filter(Q(pk=rep.pk) | Q(team__in=teams_visible_to(user)))


def reps_led_by(user) -> QuerySet[Rep]:
    """Reps whose targets the user sets: those in the teams whose page they may open, all for an admin."""
    if is_admin(user):
        return Rep.objects.all()
    return Rep.objects.filter(team__in=teams_visible_to(user))


def sees_rep(user, pk: int | None) -> bool:
    """Whether the rep of this id, if there is one, has a page this user may open."""
    return pk is not None and reps_visible_to(user).filter(pk=pk).exists()


def deals_visible_to(user) -> QuerySet[Deal]:
    """Deals of visible reps; those without an owner are the admin's."""
    if is_admin(user):
        return Deal.objects.all()
    return Deal.objects.filter(owner__in=reps_visible_to(user))


def accounts_visible_to(user) -> QuerySet[Account]:
    """Accounts a visible rep owns or works a deal in: nobody can work a deal without seeing its account."""
    if is_admin(user):
        return Account.objects.all()
    reps = reps_visible_to(user)
    worked = Deal.objects.filter(owner__in=reps, account__isnull=False)
    return Account.objects.filter(Q(owner__in=reps) | Q(pk__in=worked.values("account")))


def contacts_visible_to(user) -> QuerySet[Contact]:
    if is_admin(user):
        return Contact.objects.all()
    return Contact.objects.filter(account__in=accounts_visible_to(user))


def activities_visible_to(user) -> QuerySet[Activity]:
    """Activities of visible reps, and those on their deals by whoever worked the deal before."""
    if is_admin(user):
        return Activity.objects.all()
    reps = reps_visible_to(user)
    worked = Deal.objects.filter(owner__in=reps)
    return Activity.objects.filter(Q(rep__in=reps) | Q(deal__in=worked.values("pk")))


def _today():
    return timezone.localdate(timezone=Organisation.current().zone)
