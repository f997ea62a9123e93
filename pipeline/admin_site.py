"""The admin site: administrators only. For everybody else who is signed in it does not exist."""

from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pipeline.access import is_admin


class RecordsSite(AdminSite):
    site_title = _("Touchline")
    site_header = _("Touchline")
    index_title = _("Records")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return is_admin(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Like the stock one, but one who is signed in and no administrator gets 404, not another sign-in."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            self._refuse_others(request)
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one door, throttled and with second factors: the product's own."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index", current_app=self.name))
        self._refuse_others(request)
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))

    login.login_required = False  # type: ignore[attr-defined] # the middleware would ask for a sign-in of its own

    def _refuse_others(self, request: HttpRequest) -> None:
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
