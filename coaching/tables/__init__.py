"""Tables of their own: what a scorecard's single numbers cannot say. Each is built for one subject and period."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.tables.contracts import contracts
from coaching.tables.coverage import coverage
from coaching.tables.forecast import forecast
from coaching.tables.funnel import funnel
from coaching.tables.rebates import rebates
from coaching.tables.sources import sources
from coaching.tables.table import Table, TableAsked

# Name in the address -> label and builder, in the order of the page's links.
TABLES: dict[str, tuple[Promise, Callable[[TableAsked], Table]]] = {
    "contracts": (_("Contracts per year"), contracts),
    "funnel": (_("Funnel"), funnel),
    "coverage": (_("Coverage"), coverage),
    "sources": (_("Sources and materials"), sources),
    "forecast": (_("Forecast"), forecast),
    "rebates": (_("Rebates"), rebates),
}
