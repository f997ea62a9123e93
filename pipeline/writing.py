"""Writing records whose past counts: besides the new value, the dated row by which as-of figures know of it."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from pipeline.models import (
    Account,
    Deal,
    DealChange,
    Organisation,
    Rep,
    StageChange,
    TeamMove,
)
from pipeline.models.deals import Milestone

ENDS = (Milestone.WON, Milestone.LOST)


def record_changes(before: Deal | None, after: Deal, actor: Rep | None, at: datetime) -> None:
    """Write what changed between two states of a deal, as of `at`; `before` is None for a new deal.

    What the deal's dated rows already say is not written again: a history entered by hand stands.
    """
    if _differs(before, after, "stage_id"):
        _record_stage(after, actor, at)
    if _differs(before, after, "owner_id") and after.owner_id:
        _record_owner(after.moves, after.owner_id, at)
    for field in DealChange.Field.values:
        if _differs(before, after, field):
            _record_value(after, field, at)


def mark_close(deal: Deal, at: datetime) -> None:
    """Before saving: a deal in a won or lost stage has a close, any other has none."""
    is_closed = deal.stage is not None and deal.stage.milestone in ENDS
    if is_closed and deal.closed_at is None:
        deal.closed_at, deal.is_closed_dated = at, False
    if not is_closed:
        deal.closed_at, deal.is_closed_dated, deal.lost_reason = None, False, ""


def record_account_owner(before: Account | None, after: Account, at: datetime) -> None:
    """Write from when on the account is its new owner's; dated rows that say so already stand."""
    if _differs(before, after, "owner_id") and after.owner_id:
        _record_owner(after.moves, after.owner_id, at)


def record_team(before: Rep | None, after: Rep) -> None:
    """Write that the rep belongs to the new team from today, or from the first day at work."""
    if not _differs(before, after, "team_id") or not after.team_id:
        return
    last = after.team_moves.order_by("from_on").last()
    if last and last.team_id == after.team_id:
        return
    today = timezone.localdate(timezone=Organisation.current().zone)
    from_on = after.started_on if before is None and after.started_on else today
    TeamMove.objects.update_or_create(rep=after, from_on=from_on, defaults={"team_id": after.team_id})


def _differs(before: Model | None, after: Model, field: str) -> bool:
    was: Any = getattr(before, field) if before else None
    return was != getattr(after, field)


def _record_stage(deal: Deal, actor: Rep | None, at: datetime) -> None:
    last = deal.stage_changes.order_by("at", "seq", "pk").last()
    if deal.stage_id is None or (last and last.stage_id == deal.stage_id):
        return
    same_moment = deal.stage_changes.filter(at=at).order_by("seq").last()
    seq = same_moment.seq + 1 if same_moment else 0
    StageChange.objects.create(deal=deal, stage_id=deal.stage_id, at=at, seq=seq, actor=actor)


def _record_owner(moves: Any, owner_id: int, at: datetime) -> None:
    """`moves` are those of one deal or one account."""
    last = moves.order_by("from_at").last()
    if last is None or last.owner_id != owner_id:
        moves.update_or_create(from_at=at, defaults={"owner_id": owner_id})


def _record_value(deal: Deal, field: str, at: datetime) -> None:
    value = getattr(deal, field)
    text = "" if value is None else str(value)
    last = deal.changes.filter(field=field).order_by("at", "pk").last()
    if (last.value if last else "") != text:
        DealChange.objects.update_or_create(deal=deal, field=field, at=at, defaults={"value": text})
