"""A record was saved in this process: after the commit, nudge the workers so that its figures follow at once.

The marks themselves are set by database triggers; without a nudge (raw SQL, a lost message) beat drains them.
"""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver


@receiver([post_save, post_delete])
def nudge_after_write(sender, **_kwargs):
    if sender._meta.app_label == "pipeline":
        from kpis.tasks import nudge

        transaction.on_commit(nudge, robust=True)
