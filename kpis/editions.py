"""What figures rest on, as a text that changes when they do: for the API's ETags and for pages left open."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Count, Q, Sum

from kpis.catalogue import CATALOGUE
from kpis.catalogue.composites import Quota
from kpis.catalogue.splits import Forecast
from kpis.chances import chances_of
from kpis.models import Freshness, Snapshot
from kpis.past_forecasts import KPI, Past
from kpis.payload import code, names_of
from kpis.periods import Calendar, Period
from kpis.quotas import quotas_of
from kpis.stored import captured, versions
from kpis.subjects import Subject


def edition(subjects: Sequence[Subject], period: Period, keys: Iterable[str], *more: object) -> str:
    """Changes whenever these KPIs of these subjects and this stored period may read differently.

    What a measure first found decides between nought and "not captured", so it belongs to it; and so does what weighs
    figures from outside: the organisation's chances, which a back-dated close of anybody moves, and targets.
    """
    found, kpis = versions(subjects), [CATALOGUE[key] for key in keys]
    known = [(code(subject), found.get(subject)) for subject in subjects]
    since = captured()
    outside = _from_outside(subjects, period, [kpi.measure for kpi in kpis], since)
    names, keyed = sorted(names_of(subjects).values()), [kpi.key for kpi in kpis]
    counted = {name for kpi in kpis for name in kpi.measures}
    began = sorted((name, day) for name, day in since.items() if name in counted)
    return hashlib.sha256(repr((known, began, outside, period, names, keyed, more)).encode()).hexdigest()[:32]


def edition_of_page(subject: Subject, rep_ids: list[int] | None, period: Period) -> str:
    """The same for a page of all KPIs of a subject and of the reps it rests on (None: everybody's).

    A page also judges figures by targets, whatever the KPI.
    """
    return edition([subject], period, CATALOGUE, _behind(rep_ids), _targets(rep_ids))


def _from_outside(
    subjects: Sequence[Subject], period: Period, measures: Sequence, since: dict[str, date]
) -> list:
    found: list = []
    if any(isinstance(measure, Forecast) for measure in measures):
        found.append(chances_of([period]))
        past = Past(list(subjects), [period], since, Calendar.current())
        found.append([past.pieces(KPI, subject, period) for subject in subjects])
    if any(isinstance(measure, Quota) for measure in measures):
        found.append(sorted(quotas_of(list(subjects), [period]).items(), key=repr))
    return found


def _behind(rep_ids: list[int] | None) -> tuple:
    """Versions only rise, so their sum and count tell any two states of some reps apart."""
    reps = Q() if rep_ids is None else Q(subject_id__in=rep_ids)
    sums = Freshness.objects.filter(reps, kind=Snapshot.Kind.MEMBER).aggregate(
        n=Count("pk"), of=Sum("version")
    )
    return sums["n"], sums["of"]


def _targets(rep_ids: list[int] | None) -> tuple:
    """A fingerprint of the targets of some reps and of all teams, whatever their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(hashtextextended(t::text, 0))::text FROM kpis_target t"
            " WHERE team_id IS NOT NULL OR %(everybody)s OR rep_id = ANY(%(reps)s)",
            {"everybody": rep_ids is None, "reps": rep_ids or []},
        )
        return cursor.fetchone()
