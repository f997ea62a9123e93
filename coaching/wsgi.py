"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coaching.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - settings load with the application

from coaching import embedded  # noqa: E402

embedded.hold(settings.VAR_DIR, settings.EMBEDDED)
