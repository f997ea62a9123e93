"""Full recomputes: a run fans out over rep ranges, then teams by depth, then the organisation.

Its items in the database carry the truth. An item is claimed by locking its row for the length of the work, so that a
worker that dies gives it back at once; progress, resuming and cancelling read the same rows.
"""

from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Min
from django.utils import timezone

from kpis.models import Capture, Run, RunItem, Snapshot, Stale
from kpis.periods import BEGINNING, Calendar
from kpis.recompute import TREE, TeamTree, merge_organisation, merge_team, recompute_reps
from pipeline.models import Rep

ROWS_PER_ITEM = 200_000
REPS_PER_ITEM = 100
TEAMS_PER_ITEM = 10
# A daily roll reaches back over the longest window a cohort of the catalogue matures in, and the reconciled weeks.
ROLL_DAYS = 400
TRIES = 3


class ItemFailed(Exception):
    """An item failed and its run has noted that: whoever goes on is stopped after a few, not for ever in silence."""


def start_run(from_day: date = BEGINNING, rolled_on: date | None = None) -> Run:
    """Create a run and its items; the caller sends the hints after the commit."""
    with transaction.atomic():
        if from_day == BEGINNING:
            Capture.objects.all().delete()
        run = Run.objects.create(from_day=from_day, rolled_on=rolled_on)
        RunItem.objects.bulk_create(_items(run))
    return run


def start_daily_roll() -> Run | None:
    """The roll of today, unless some worker has begun it already; weeks grown too old to be kept are forgotten."""
    calendar = Calendar.current()
    today = calendar.today()
    if Run.objects.filter(rolled_on=today).exists():
        return None
    Snapshot.objects.filter(period__contains="-W", end__lte=calendar.oldest_week(today).start).delete()
    try:
        return start_run(today - timedelta(days=ROLL_DAYS), rolled_on=today)
    except IntegrityError:
        return None


def open_runs():
    return Run.objects.filter(finished_at=None, cancelled_at=None).order_by("pk")


def work(run_id: int) -> bool:
    """Claim one item of the run's present phase and do it; False when there is none to claim.

    The claim, the snapshots and the item's end are one transaction: all of it or nothing. ItemFailed tells of what
    broke an item; what breaks before one is claimed, or while the failure is noted, comes out as it is.
    """
    item = None
    try:
        with transaction.atomic():
            run = open_runs().filter(pk=run_id).first()
            item = _claim(run) if run else None
            if item is None:
                return False
            _do(item, run.from_day)
            RunItem.objects.filter(pk=item.pk).update(done_at=timezone.now())
    except Exception as error:
        if item is None:
            raise
        raise ItemFailed(_note_failure(item, error)) from error
    _pass_on(run, item.phase)
    return True


def _note_failure(item: RunItem, error: Exception) -> str:
    """Count the failure and say what it was; an item that keeps failing stops the run, which says the same."""
    said = f"{item.kind} {item.ids}: {type(error).__name__}: {error}"
    RunItem.objects.filter(pk=item.pk).update(failures=F("failures") + 1)
    if RunItem.objects.filter(pk=item.pk, failures__gte=TRIES).exists():
        _stop(item.run_id, error=said)
    return said


def cancel(run: Run) -> None:
    """Stop handing out items; what is done stays done."""
    _stop(run.pk)


def _stop(run_id: int, **said: str) -> None:
    """Reps done by then had their marks answered: one for the teams above them stands in for what is not done."""
    with transaction.atomic():
        if Run.objects.filter(pk=run_id, finished_at=None).update(cancelled_at=timezone.now(), **said):
            Stale.objects.create(rep_id=TREE, from_day=Run.objects.get(pk=run_id).from_day)


def _claim(run: Run) -> RunItem | None:
    waiting = RunItem.objects.filter(run=run, done_at=None)
    phase = waiting.aggregate(phase=Min("phase"))["phase"]
    return waiting.filter(phase=phase).select_for_update(skip_locked=True).order_by("pk").first()


def _do(item: RunItem, from_day: date) -> None:
    if item.kind == RunItem.Kind.REPS:
        recompute_reps(item.ids, from_day, bulk=True)
    elif item.kind == RunItem.Kind.TEAMS:
        tree = TeamTree()
        for team in item.ids:
            merge_team(team, tree, from_day)
    else:
        merge_organisation(TeamTree(), from_day)


def _pass_on(run: Run, phase: int) -> None:
    """After the last item of a phase, call for the next one; after the last of all, the run is finished."""
    from kpis.tasks import send_hints

    left = RunItem.objects.filter(run=run, done_at=None)
    if not left.exists():
        Run.objects.filter(pk=run.pk, finished_at=None).update(finished_at=timezone.now())
    elif not left.filter(phase=phase).exists():
        send_hints(run.pk, run.waiting())


def _items(run: Run) -> list[RunItem]:
    reps = [0, *Rep.objects.order_by("pk").values_list("pk", flat=True)]
    size = _reps_per_item(len(reps))
    items = [
        RunItem(run=run, phase=0, kind=RunItem.Kind.REPS, ids=reps[at : at + size])
        for at in range(0, len(reps), size)
    ]
    layers = TeamTree().by_depth()
    for phase, layer in enumerate(layers, start=1):
        items += [
            RunItem(run=run, phase=phase, kind=RunItem.Kind.TEAMS, ids=layer[at : at + TEAMS_PER_ITEM])
            for at in range(0, len(layer), TEAMS_PER_ITEM)
        ]
    return [*items, RunItem(run=run, phase=len(layers) + 1, kind=RunItem.Kind.ORGANISATION)]


def _reps_per_item(reps: int) -> int:
    """As many reps as keep an item near ROWS_PER_ITEM activities, by the planner's estimate of the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'pipeline_activity'::regclass"
        )
        rows = cursor.fetchone()[0]
    return max(1, min(REPS_PER_ITEM, int(ROWS_PER_ITEM * reps / (rows or 1))))
