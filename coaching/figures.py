"""How a value reads: digits, units and currency signs, short in tables and in full elsewhere."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from kpis.catalogue.kpi import Unit

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "JPY": "¥"}
THIN = "\N{NARROW NO-BREAK SPACE}"
DASH = "–"

SHORT_REASONS = {
    "no_denominator": gettext_lazy("nothing yet"),
    "too_few": gettext_lazy("too few"),
    "maturing": gettext_lazy("maturing"),
    "not_captured": gettext_lazy("not captured"),
    "unconvertible": gettext_lazy("no rate"),
    "no_target": gettext_lazy("no target"),
    "target_reached": gettext_lazy("target reached"),
}
NOT_COMPUTED = gettext_lazy("not computed yet")


def figure(value: float | Decimal | None, unit: str, currency: str, short: bool = False) -> str:
    """The value as people read it; percent as a fraction 0..1, money in units of the currency."""
    if value is None:
        return DASH
    if unit == Unit.PERCENT:
        return percent(value)
    if unit == Unit.MONEY:
        return money(value, currency, short)
    if unit == Unit.DAYS:
        return days(value, short)
    if unit == Unit.HOURS:
        return _("%(hours)s h") % {
            "hours": number(value, 0 if value >= 10 or float(value).is_integer() else 1)
        }
    return number(value, 0 if float(value).is_integer() else 1)


def percent(share: float | Decimal) -> str:
    """One digit behind the point under ten percent: 4 % and 4.6 % are different stories there."""
    hundredths = float(share) * 100
    digits = 1 if 0 < abs(hundredths) < 9.95 and round(hundredths, 1) != round(hundredths) else 0
    return f"{number(hundredths, digits)}{THIN}%"


def money(amount: float | Decimal, currency: str, short: bool = False) -> str:
    size = abs(float(amount))
    if short and size >= 999_500:
        millions = number(float(amount) / 1e6, 1 if size < 9_950_000 else 0)
        return in_currency(pgettext("millions", "%(amount)sM") % {"amount": millions}, currency)
    if short and size >= 1_000:
        thousands = number(float(amount) / 1e3, 1 if size < 9_950 else 0)
        return in_currency(pgettext("thousands", "%(amount)sk") % {"amount": thousands}, currency)
    return in_currency(number(amount, 0 if short or size >= 1000 or size.is_integer() else 2), currency)


def in_currency(amount: str, currency: str) -> str:
    """An amount with its currency's sign where the language has it."""
    words = {"sign": SIGNS.get(currency, currency), "thin": THIN, "amount": amount}
    # Translators: “thin” is a narrow space that does not break; French writes 5 €, English € 5.
    return pgettext("money", "%(sign)s%(thin)s%(amount)s") % words


def days(value: float | Decimal, short: bool = False) -> str:
    text = number(value, 0 if value >= 10 or float(value).is_integer() else 1)
    if short:
        return _("%(days)s d") % {"days": text}
    return ngettext("%(days)s day", "%(days)s days", round(value)) % {"days": text}


def points(share: float) -> str:
    """A difference of percentages, without its sign."""
    size = round(abs(share) * 100, 1)
    text = number(size, 0 if size >= 9.95 or size.is_integer() else 1)
    return ngettext("%(points)s point", "%(points)s points", 1 if size == 1 else 2) % {"points": text}


def number(value: float | Decimal, digits: int) -> str:
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return number_format(rounded, digits, use_l10n=True, force_grouping=True)


def joined(*parts) -> str:
    """Facts of one line, those that are there."""
    return " · ".join(str(part) for part in parts if part)
