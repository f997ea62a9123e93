"""The Celery application; every Django process loads it, so that tasks are sent to the configured broker."""

import os

from celery import Celery
from celery.signals import beat_init, celeryd_init, heartbeat_sent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coaching.settings")

app = Celery("coaching")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def hold_servers(**_: object) -> None:
    from django.conf import settings

    from coaching import embedded

    embedded.hold(settings.VAR_DIR, settings.EMBEDDED)


@heartbeat_sent.connect
def report_alive(**_: object) -> None:
    from coaching.health import worker_is_alive

    worker_is_alive()
