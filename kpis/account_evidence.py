"""Evidence about accounts: the same counts as `kpis.accounts`, in SQL, and a rep's dials to each account."""

from collections import Counter
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models import Value as Constant
from django.db.models.functions import Cast, Coalesce

from kpis.account_deals import furthest_open, uncalled_deals
from kpis.account_records import WEIGHTS
from kpis.accounts import STALE, TOUCHED_WITHIN
from kpis.catalogue.measures import Concentration
from kpis.conditions import TOUCHED_PEOPLE
from kpis.pressure import pressed_contacts
from kpis.rows import PEOPLE
from pipeline.models import ActivityContact, Contact, Relationship


def accounts_with(spans: QuerySet, what: str, asked) -> QuerySet:
    """The same for evidence: spans with `what` is known of the account at the end of the day asked for."""
    furthest = furthest_open(asked.as_of).filter(deal__account_id=OuterRef("account_id")).values("furthest")
    spans = spans.annotate(furthest=Coalesce(Subquery(furthest), 0))
    if what in LISTED:
        named = LISTED[what](asked)
        return spans.annotate(names=ArraySubquery(named)).annotate(**{what: Coalesce(_length("names"), 0)})
    counts = {"contacts": _contacts_on_file, "touched": _contacts_touched, "strength": _mean_rating}
    mine = counts[what](asked)
    return spans.annotate(**{what: Subquery(mine) if what == "strength" else Coalesce(Subquery(mine), 0)})


def _length(name: str) -> Func:
    return Func(F(name), function="cardinality", output_field=IntegerField())


def _pressed(asked) -> QuerySet:
    mine = pressed_contacts(asked.as_of).filter(_known_by(asked), account_id=OuterRef("account_id"))
    return mine.order_by("name_key", "pk").values("name")


def _uncalled(asked) -> QuerySet:
    mine = uncalled_deals(asked.as_of).filter(deal__account_id=OuterRef("account_id"))
    return mine.order_by("deal__name_key", "pk").values("deal__name")


# What is listed of an account by name, beside how many there are.
LISTED = {"pressed": _pressed, "uncalled": _uncalled}


def _known_by(asked) -> Q:
    over = asked.calendar.midnight(asked.as_of + timedelta(1))
    return Q(created_at__isnull=True) | Q(created_at__lt=over)


def _on_file(asked) -> QuerySet:
    return Contact.objects.filter(_known_by(asked), account_id=OuterRef("account_id")).order_by()


def _contacts_on_file(asked) -> QuerySet:
    return _on_file(asked).values("account_id").annotate(n=Count("pk")).values("n")


def _contacts_touched(asked) -> QuerySet:
    start = asked.as_of - timedelta(TOUCHED_WITHIN)
    touches = PEOPLE.where(TOUCHED_PEOPLE).filter(activity__day__gt=start, activity__day__lte=asked.as_of)
    mine = ActivityContact.objects.filter(pk__in=touches.values("pk"), contact_id=OuterRef("pk"))
    return _on_file(asked).filter(Exists(mine)).values("account_id").annotate(n=Count("pk")).values("n")


def _mean_rating(asked) -> QuerySet:
    given = Relationship.objects.filter(rated_on__lte=asked.as_of)
    later = given.filter(
        Q(rated_on__gt=OuterRef("rated_on")) | Q(rated_on=OuterRef("rated_on"), pk__gt=OuterRef("pk")),
        contact_id=OuterRef("contact_id"),
    )
    fresh = given.filter(
        ~Exists(later),
        rated_on__gte=asked.as_of - timedelta(int(STALE.on(asked.as_of))),
        contact__account_id=OuterRef("account_id"),
    )
    weight = Case(
        *(When(contact__buying_role=role, then=Constant(weight)) for role, weight in WEIGHTS.items()),
        default=Constant(1),
    )
    mean = Cast(Sum(F("score") * weight), FloatField()) / Cast(Sum(weight), FloatField())
    return fresh.order_by().values("contact__account_id").annotate(mean=mean).values("mean")


def groups_of(measure: Concentration, queryset: QuerySet) -> QuerySet:
    """The latest row of each rep, team and group, with `members`: what the group's rows fall on, once per row."""
    rows, group = measure.of, measure.group.column
    keyed = queryset.filter(**{f"{group}__isnull": False}).annotate(
        rep_key=Coalesce(rows.rep, 0), team_key=Coalesce(rows.team, 0)
    )
    key = (rows.rep, rows.team, group)
    latest = keyed.order_by(*key, *rows.order).distinct(*key)
    mine = keyed.order_by().filter(
        rep_key=Coalesce(OuterRef(rows.rep), 0),
        team_key=Coalesce(OuterRef(rows.team), 0),
        **{group: OuterRef(group)},
    )
    members = ArraySubquery(mine.values(measure.per.column))
    return rows.table().filter(pk__in=latest.values("pk")).annotate(members=members)


def effective(members: list) -> float:
    """On how many the members effectively fall: 1 / Σ share²."""
    counts = Counter(members).values()
    return sum(counts) ** 2 / sum(count**2 for count in counts)
