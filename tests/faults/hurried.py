"""The application as it is, with a sweeper that comes every two seconds: a test does not wait fifteen."""

from coaching.celery import app

app.conf.beat_schedule["send again what a dead worker held"] |= {"schedule": 2, "options": {"expires": 2}}
