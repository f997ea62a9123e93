"""Every signed-in page speaks the organisation's local time."""

from django.utils import timezone

from pipeline.models import Organisation


class OrganisationZone:
    """Sets the zone just before a view that needs a sign-in; health checks must not need the database."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(None):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "login_required", True):
            timezone.activate(Organisation.current().zone)
