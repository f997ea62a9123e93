"""Saving what somebody changed on a deal: on the state they saw, with the history it leaves."""

from django.db import transaction
from django.utils import timezone

from coaching.forms import DealForm, NextStepForm
from pipeline import access
from pipeline.admin.conflicts import GuardedForm, version_of
from pipeline.models import Deal, Rep
from pipeline.writing import mark_close, record_changes


def deal_form(user, deal: Deal, data=None) -> NextStepForm:
    """The whole form for the owner and an admin; the next step alone for a manager."""
    form = DealForm if may_edit(user, deal) else NextStepForm
    return form(data, instance=deal)


def may_edit(user, deal: Deal) -> bool:
    if access.is_admin(user):
        return True
    rep = access.rep_of(user)
    return rep is not None and rep.pk == deal.owner_id


@transaction.atomic
def keep(form: NextStepForm, actor: Rep | None) -> bool:
    """Save a valid form with the history of what moved; False where the form says what stands in the way."""
    if not form.is_valid():
        return False
    at = timezone.now()
    after = form.save(commit=False)
    after.version = form.stored.version + 1
    mark_close(after, at)
    after.save()
    record_changes(form.stored, after, actor, at)
    return True


def is_conflict(form: GuardedForm) -> bool:
    """Whether somebody else saved the record while this form was open."""
    return form.stored is not None and form.cleaned_data.get("seen_version") != version_of(form.stored)
