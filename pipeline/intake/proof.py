"""What the values of a file prove about its date order and number style, when nobody declared them."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from pipeline.intake.cells import GROUPED, PLAIN
from pipeline.intake.moments import ISO_DATE, ISO_MOMENT, NUMERIC, ORDERS, full_year


class Unproved(Exception):
    """The values allow two readings, or none: somebody has to say."""


@dataclass
class Proof:
    """Collects values of one file and strikes out every reading that one of them rules out."""

    orders: set[str] = field(default_factory=lambda: set(ORDERS))
    styles: set[str] = field(default_factory=lambda: {"point", "comma"})
    date_seen: str = ""
    number_seen: str = ""
    clashes: list[str] = field(default_factory=list)

    def see_date(self, text: str) -> None:
        text = text.strip()
        found = NUMERIC.fullmatch(text)
        if not found or ISO_DATE.fullmatch(text) or ISO_MOMENT.fullmatch(text):
            return
        left = self.orders & _possible_orders((found[1], found[3], found[4]))
        if not left and _possible_orders((found[1], found[3], found[4])):
            self.clashes += [self.date_seen, text]
        self.orders, self.date_seen = left or self.orders, self.date_seen or text

    def see_number(self, text: str) -> None:
        text = text.strip()
        possible = {style for style in self.styles if _fits(text, style)}
        if text.lstrip("+-").isdigit() or not any(_fits(text, style) for style in ("point", "comma")):
            return
        if not possible:
            self.clashes += [self.number_seen, text]
        self.styles, self.number_seen = possible or self.styles, self.number_seen or text

    def date_order(self, file: str) -> str:
        """The one order left; "iso" when no date needed one. Raises Unproved."""
        if self.date_seen and len(self.orders) > 1:
            raise Unproved(
                _('%(file)s: %(value)s can be read as %(orders)s. Say date_order = "dmy" or "mdy".')
                % {"file": file, "value": self.date_seen, "orders": _(" or ").join(sorted(self.orders))}
            )
        self._refuse_clashes(file)
        return next(iter(self.orders)) if self.date_seen else "iso"

    def number_style(self, file: str) -> str:
        """The one style left; "point" when every number is plain. Raises Unproved."""
        if self.number_seen and len(self.styles) > 1:
            raise Unproved(
                _('%(file)s: %(value)s can be read in two ways. Say numbers = "point" or "comma".')
                % {"file": file, "value": self.number_seen}
            )
        self._refuse_clashes(file)
        return next(iter(self.styles)) if self.number_seen else "point"

    def _refuse_clashes(self, file: str) -> None:
        if self.clashes:
            raise Unproved(
                _("%(file)s: %(first)s and %(second)s cannot be of one style.")
                % {"file": file, "first": self.clashes[0], "second": self.clashes[1]}
            )


def _possible_orders(parts: tuple[str, str, str]) -> set[str]:
    possible = set()
    for order, (year, month, day) in ORDERS.items():
        try:
            full_year(parts[year])
        except ValueError:
            continue
        if (
            (order == "ymd") == (len(parts[0]) == 4)
            and 1 <= int(parts[month]) <= 12
            and 1 <= int(parts[day]) <= 31
        ):
            possible.add(order)
    return possible


def _fits(text: str, style: str) -> bool:
    if style == "point":
        return bool(PLAIN.fullmatch(text) or GROUPED["point"].fullmatch(text))
    return bool(GROUPED["comma"].fullmatch(text))
