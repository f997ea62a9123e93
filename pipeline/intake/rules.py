"""What a single row of a file still needs once its cells are parsed."""

from django.utils.translation import gettext as _

from pipeline.intake.cells import CellError, parse_decimal
from pipeline.intake.moments import ISO_DATE
from pipeline.intake.titles import seniority_of
from pipeline.models.deals import Deal, DealChange


def finish_contact(row: dict) -> None:
    """Read the seniority from the job title where the source gives none."""
    row["is_seniority_read"] = False
    if not row.get("seniority") and row.get("title"):
        row["seniority"] = int(seniority_of(row["title"]))
        row["is_seniority_read"] = row["seniority"] > 0


def finish_deal_change(row: dict) -> None:
    """Bring the value into the form its field has in a deal, so that equal values are equal text."""
    value, field = row.get("value"), row.get("field")
    if not value or not field:
        return
    if field in (DealChange.Field.AMOUNT, DealChange.Field.COST):
        row["value"] = f"{_amount(value, field):.2f}"
    elif field == DealChange.Field.EXPECTED_CLOSE_ON and not ISO_DATE.fullmatch(value):
        raise CellError("value", value, _("not a date such as 2025-03-31"))
    elif field == DealChange.Field.FORECAST and value not in Deal.Forecast.values:
        raise CellError(
            "value", value, _("must be one of %(words)s") % {"words": ", ".join(Deal.Forecast.values)}
        )


def _amount(value: str, field: str):
    try:
        return parse_decimal(value.strip(), "point", Deal._meta.get_field(field))
    except ValueError as error:
        raise CellError("value", value, str(error)) from None
