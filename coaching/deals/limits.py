"""When a check of a deal is fine, thin or off: the organisation's settings, and a team's own thresholds over them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from kpis.dated_settings import Dated, settings_held
from kpis.playbook import STALLED, thresholds_of
from kpis.pricing_limit import SETTING, PricingLimit, pricing_limit
from pipeline.models.organisation import DEFAULTS


@dataclass(frozen=True)
class Limits:
    """Days, counts and the lowest seniority of an executive, as they hold on one day.

    `stalled_days` is a team's own; none: what is long follows from the organisation's stays in that stage.
    """

    pricing: PricingLimit
    executive_threshold: int
    departments_thin: int
    departments_fine: int
    two_way_days: int
    min_people_shown: int
    untouched_days: int
    pressure_touches: int
    pressure_days: int
    rating_stale_days: int
    stalled_days: int | None = None
    is_pricing_own: bool = False

    @property
    def pricing_alert_days(self) -> int:
        return self.pricing.days

    @classmethod
    def on(cls, day: date) -> "Limits":
        names = [name for name in cls.__dataclass_fields__ if name in DEFAULTS]
        with settings_held():
            held: dict[str, Any] = {key: int(Dated(key).on(day)) for key in names}
            return cls(pricing_limit(day), **held)

    def of_teams(self, teams: Iterable[int | None]) -> dict[int | None, "Limits"]:
        """Team id (or none) -> these limits with what the team has set itself; one query."""
        wanted = set(teams)
        own = thresholds_of(wanted)
        return {team: self._with(own.get(team or 0, {})) for team in wanted}

    def _with(self, own: dict[str, Decimal]) -> "Limits":
        changed: dict[str, Any] = {
            key: int(value) for key, value in own.items() if key in (STALLED, *DEFAULTS)
        }
        if (days := changed.pop(SETTING.key, None)) is not None:
            changed |= {"pricing": PricingLimit(days), "is_pricing_own": True}
        return replace(self, **changed)
