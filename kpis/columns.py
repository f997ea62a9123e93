"""How a row of evidence is shown: columns by source, each a label and a function of the row that gives text."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpis.account_evidence import effective
from kpis.catalogue.measures import CohortPer, Concentration, Distinct, FirstShare, Measure
from kpis.rows import (
    ACCOUNTS,
    ACTIVITIES,
    BOOKINGS,
    CLOSED_DEALS,
    COSTS,
    CREATED_DEALS,
    MATERIALS,
    OPEN_DEALS,
    PEOPLE,
    QUALIFIED_DEALS,
)
from kpis.values import Days, DaysSince, DepartmentsTouched, OfAccount, Value
from pipeline.models.deals import Milestone

Column = tuple[str | Promise, Callable[[Any], str]]
DAY_US = 86_400_000_000


def columns_for(measure: Measure, asked) -> list[Column]:
    """The columns of a measure's evidence."""
    if isinstance(measure, Distinct):
        return [
            (_("Name"), lambda row: row.name),
            (_("Touches"), lambda row: number_format(row.touch_count)),
            (_("Last"), lambda row: _day(row.last_touch)),
        ]
    if isinstance(measure, Concentration):
        return CALLED_ACCOUNTS
    columns = list(BY_SOURCE[measure.of.name])
    if measure.of.due:
        columns.append((_("Expected close"), lambda row: _day(row.expected_close_on)))
    if measure.of.beyond:
        columns += SLIPPED
    if measure.of.name == OPEN_DEALS.name and measure.of.until:
        columns.append((_("Days in stage"), lambda row: _days_in_stage(row, asked)))
    if any(isinstance(value, DepartmentsTouched) for value in measure.values):
        columns.append((_("Departments"), lambda row: number_format(row.departments)))
    columns += [_days_column(value, asked) for value in measure.values if isinstance(value, Days)]
    if any(value.column == "follow_ups" for value in measure.values):
        columns.append((_("Follow-ups"), lambda row: number_format(row.follow_ups)))
    if isinstance(measure, CohortPer):
        columns.append((_("Sale after"), lambda row: _days_text(row.won_days)))
    columns += [column for value in measure.values for column in _of_account(value)]
    if isinstance(measure, FirstShare):
        columns.append((_("Answered after"), lambda row: _days_text(row.answer_days)))
    return columns


def _of_account(value: Value) -> list[Column]:
    """How far the account's deals are stands beside whatever is known of it."""
    return [FURTHEST, OF_ACCOUNT[value.what]] if isinstance(value, OfAccount) else []


def _days_column(value: Days, asked) -> Column:
    if isinstance(value, DaysSince):
        return _("Days since"), lambda row: _days_text((asked.as_of - getattr(row, value.column)).days)
    return _("Days"), lambda row: _days_text(getattr(row, value.column))


def _day(day) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _moment(at) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def _cents(cents) -> str:
    return number_format(cents / 100, 2, use_l10n=True, force_grouping=True) if cents is not None else ""


def _amount(amount, currency: str) -> str:
    return f"{number_format(amount, 2, force_grouping=True)} {currency}".strip() if amount is not None else ""


def _days_text(days: float | None) -> str:
    return _("%s days") % number_format(days, 1) if days is not None else ""


def _days_in_stage(row, asked) -> str:
    if row.entered_at is None:
        return ""
    if row.is_entered_dated:
        return number_format((asked.as_of - row.entered_day).days)
    end = asked.calendar.midnight(asked.as_of + asked.as_of.resolution)
    return number_format(int((end - row.entered_at).total_seconds() // 86400))


ACTIVITY_COLUMNS: list[Column] = [
    (_("When"), lambda row: _moment(row.at)),
    (_("What"), lambda row: row.get_kind_display()),
    (_("Rep"), lambda row: str(row.rep or "")),
    (_("Company"), lambda row: str(row.company or "")),
    (
        _("Outcome"),
        lambda row: row.get_status_display() if row.kind == row.Kind.MEETING else row.get_outcome_display(),
    ),
    (_("Subject"), lambda row: row.subject),
]
BY_SOURCE: dict[str, list[Column]] = {
    ACTIVITIES.name: ACTIVITY_COLUMNS,
    BOOKINGS.name: [(_("Booked"), lambda row: _moment(row.booked_at)), *ACTIVITY_COLUMNS],
    PEOPLE.name: [
        (_("When"), lambda row: _moment(row.activity.at)),
        (_("Person"), lambda row: str(row.contact)),
        (_("Rep"), lambda row: str(row.activity.rep or "")),
        (_("Subject"), lambda row: row.activity.subject),
    ],
    CLOSED_DEALS.name: [
        (pgettext_lazy("column", "Closed"), lambda row: _day(row.closed_day)),
        (_("Deal"), lambda row: str(row.deal)),
        (_("Outcome"), lambda row: row.get_outcome_display()),
        (_("Rep"), lambda row: str(row.owner or "")),
        (_("Amount"), lambda row: _cents(row.amount_cents)),
        (_("Cycle"), lambda row: _days_text(row.cycle_us / DAY_US if row.cycle_us is not None else None)),
    ],
    CREATED_DEALS.name: [
        (_("Created"), lambda row: _day(row.opened_day)),
        (_("Deal"), lambda row: str(row.deal)),
        (_("Created by"), lambda row: str(row.opener or "")),
        (_("First amount"), lambda row: _cents(row.opened_cents)),
    ],
    OPEN_DEALS.name: [
        (_("Deal"), lambda row: str(row.deal)),
        (_("Stage"), lambda row: str(row.stage or "")),
        (_("Rep"), lambda row: str(row.owner or "")),
        (
            _("Amount"),
            lambda row: _amount(row.amount, row.currency),
        ),
    ],
}
BY_SOURCE[ACCOUNTS.name] = [
    (_("Account"), lambda row: str(row.account)),
    (_("Rep"), lambda row: str(row.owner or "")),
    (_("Assigned since"), lambda row: _day(row.from_day)),
]
FURTHEST: Column = (
    _("Furthest open deal"),
    lambda row: str(Milestone(row.furthest).label if row.furthest else _("none open")),
)
OF_ACCOUNT: dict[str, Column] = {
    "pressed": (_("Under pressure"), lambda row: ", ".join(row.names)),
    "uncalled": (_("No call in its stage"), lambda row: ", ".join(row.names)),
    "contacts": (_("Contacts"), lambda row: number_format(row.contacts)),
    "touched": (_("Contacts touched"), lambda row: number_format(row.touched)),
    "strength": (_("Strength"), lambda row: number_format(row.strength, 1)),
}
SLIPPED: list[Column] = [
    (_("Expected before"), lambda row: _day(row.slipped_from)),
    (_("Put off on"), lambda row: _day(row.from_day)),
]
CALLED_ACCOUNTS: list[Column] = [
    (_("Account"), lambda row: str(row.activity.company)),
    (_("Rep"), lambda row: str(row.activity.rep or "")),
    (_("Dials"), lambda row: number_format(len(row.members))),
    (_("People dialled"), lambda row: number_format(len(set(row.members)))),
    (_("Effective contacts"), lambda row: number_format(effective(row.members), 1)),
    (_("Last"), lambda row: _moment(row.activity.at)),
]
BY_SOURCE[QUALIFIED_DEALS.name] = [
    (pgettext_lazy("column", "Qualified"), lambda row: _day(row.qualified_day)),
    (_("Deal"), lambda row: str(row.deal)),
    (_("Rep"), lambda row: str(row.qualifier or "")),
    (_("Prospect"), lambda row: _day(row.prospect_day)),
    (_("Took"), lambda row: _days_text(row.prospect_days)),
]
BY_SOURCE[COSTS.name] = [
    (_("On"), lambda row: _day(row.day)),
    (_("What"), lambda row: row.get_kind_display()),
    (_("Rep"), lambda row: str(row.rep or "")),
    (_("Lead source"), lambda row: str(row.lead_source or "")),
    (_("Hours"), lambda row: number_format(row.hours_100 / 100, 2) if row.hours_100 is not None else ""),
    (_("Cost"), lambda row: _cents(row.cents)),
]
BY_SOURCE[MATERIALS.name] = [
    (_("When"), lambda row: _moment(row.activity.at)),
    (_("Material"), lambda row: str(row.material)),
    (_("Type"), lambda row: row.material.type),
    (_("What"), lambda row: row.activity.get_kind_display()),
    (_("Rep"), lambda row: str(row.activity.rep or "")),
    (_("Company"), lambda row: str(row.activity.company or "")),
]
RELATED: dict[str, list[str]] = {
    ACTIVITIES.name: ["rep", "company", "deal"],
    BOOKINGS.name: ["rep", "company", "deal"],
    PEOPLE.name: ["activity__rep", "contact"],
    CLOSED_DEALS.name: ["deal", "owner"],
    CREATED_DEALS.name: ["deal", "opener"],
    OPEN_DEALS.name: ["deal", "stage", "owner"],
    ACCOUNTS.name: ["account", "owner"],
    COSTS.name: ["rep", "lead_source"],
    MATERIALS.name: ["activity__rep", "activity__company", "material"],
    QUALIFIED_DEALS.name: ["deal", "qualifier"],
}
