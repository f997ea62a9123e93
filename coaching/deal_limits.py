"""The organisation's own settings that say when a check of a deal is fine, thin or off."""

from dataclasses import dataclass
from datetime import date

from kpis.dated_settings import Dated, settings_held


@dataclass(frozen=True)
class Limits:
    """Days, counts and the lowest seniority of an executive, as they hold on one day."""

    executive_threshold: int
    pricing_alert_days: int
    departments_thin: int
    departments_fine: int
    two_way_days: int
    min_people_shown: int

    @classmethod
    def on(cls, day: date) -> "Limits":
        with settings_held():
            return cls(**{key: int(Dated(key).on(day)) for key in cls.__dataclass_fields__})
