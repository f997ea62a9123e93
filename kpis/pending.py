"""What is not yet computed: unsettled records, stale marks, unfinished runs, each with its age."""

from django.utils import timezone

from kpis.models import Run, Stale
from pipeline.models import Unsettled


def pending(rep_ids=None) -> list[dict]:
    """Oldest first, as {"kind", "subject", "marks", "age_s"}; empty when every figure is fresh.

    Limited to some reps: their marks, and unsettled records, which may concern anybody.
    """
    now = timezone.now()
    waiting = []
    if (unsettled := Unsettled.objects.order_by("pk").first()) is not None:
        waiting.append(_entry("unsettled", None, Unsettled.objects.count(), now, unsettled.marked_at))
    marks = Stale.objects.all() if rep_ids is None else Stale.objects.filter(rep_id__in=rep_ids)
    by_rep: dict[int, list] = {}
    for rep, at in marks.order_by("pk").values_list("rep_id", "marked_at"):
        by_rep.setdefault(rep, []).append(at)
    waiting += [_entry("stale", rep, len(times), now, min(times)) for rep, times in by_rep.items()]
    if rep_ids is None:
        for run in Run.objects.filter(finished_at=None, cancelled_at=None):
            waiting.append(_entry("run", run.pk, run.items.filter(done_at=None).count(), now, run.started_at))
    return sorted(waiting, key=lambda entry: -entry["age_s"])


def _entry(kind, subject, marks, now, since) -> dict:
    return {
        "kind": kind,
        "subject": subject,
        "marks": marks,
        "age_s": round((now - since).total_seconds(), 3),
    }
