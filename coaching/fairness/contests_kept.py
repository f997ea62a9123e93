"""Accepted contests outlive the next import: the source still says what the manager corrected here."""

from coaching.fairness.contests import unsay
from coaching.models import Contest
from pipeline.models import Activity, BeforeImage, ImportBatch

ACTIVITIES = Activity._meta.db_table


def keep_decisions(sender, batch: ImportBatch, **_signal) -> None:
    """Correct again what an import brought back as it was; what its source says anew stands."""
    decided = Contest.objects.filter(state=Contest.State.ACCEPTED)
    changes = [(one, change) for one in decided for change in one.before.get("changes", [])]
    ids = {change["activity"] for _one, change in changes}
    rewritten = set(
        BeforeImage.objects.filter(
            batch=batch, table=ACTIVITIES, row_id__in=ids, image__isnull=False
        ).values_list("row_id", flat=True)
    )
    for contest, change in changes:
        if change["activity"] in rewritten:
            _again(contest, change)


def _again(contest: Contest, change: dict) -> None:
    was = {change["field"]: change["was"]}
    Activity.objects.filter(pk=change["activity"], **was).update(**{change["field"]: change["now"]})
    if contest.reason == Contest.Reason.PRIVATE:
        unsay(change["activity"])
