"""Where every open deal stands: by stage, with how long it has stood there against deals that were won."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coaching import sparkline

AGES = ("good", "watch", "off")

# Half the won deals had left the stage after `ageing` days, nine in ten after `stuck`; five visits are the
# least that say something. Amounts in other currencies are counted, not added.
STANDING = """
    WITH visits AS (
        SELECT span.stage_id, extract(epoch FROM max(span.to_at) - span.entered_at) / 86400 AS days
        FROM pipeline_dealspan span
        JOIN pipeline_episode episode ON episode.deal_id = span.deal_id AND episode.number = span.episode
        WHERE episode.outcome = 1 AND episode.closed_day > %(today)s - 365
        GROUP BY span.deal_id, span.stage_id, span.entered_at
    ), usual AS (
        SELECT stage_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS ageing,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS stuck
        FROM visits GROUP BY stage_id HAVING count(*) >= 5
    ), now_open AS (
        SELECT span.stage_id, span.amount, span.currency,
               extract(epoch FROM now() - span.entered_at) / 86400 AS days
        FROM pipeline_dealspan span
        WHERE span.to_at IS NULL AND (%(everyone)s OR span.owner_id = ANY(%(reps)s))
    )
    SELECT stage.name, stage.pipeline, stage.milestone, count(*),
           coalesce(sum(now_open.amount) FILTER (WHERE now_open.currency IN ('', %(currency)s)), 0),
           count(*) FILTER (WHERE now_open.currency NOT IN ('', %(currency)s)),
           count(*) FILTER (WHERE days > usual.ageing AND days <= usual.stuck),
           count(*) FILTER (WHERE days > usual.stuck), max(usual.stuck)
    FROM now_open JOIN pipeline_stage stage ON stage.id = now_open.stage_id
    LEFT JOIN usual ON usual.stage_id = now_open.stage_id
    GROUP BY stage.id ORDER BY stage.pipeline, stage.position
"""


@dataclass(frozen=True)
class Standing:
    """One stage: deals in it now, their amount, and how many are fresh, ageing or stuck."""

    name: str
    pipeline: str
    milestone: int
    deals: int
    amount: float
    foreign: int
    ageing: int
    stuck: int
    stuck_after: float | None
    widest: int = 1

    @property
    def fresh(self) -> int:
        return self.deals - self.ageing - self.stuck

    @property
    def bar(self) -> SafeString:
        counts = dict(zip(AGES, (self.fresh, self.ageing, self.stuck), strict=True))
        if self.stuck_after is None:
            counts = {"quiet": self.deals}
        return sparkline.bar([(f"fill-{age}", n / self.widest) for age, n in counts.items() if n], self.words)

    @property
    def words(self) -> str:
        if self.stuck_after is None:
            return _("%(deals)d deals; too few won deals to say what is long") % {"deals": self.deals}
        words = [(_("%d fresh"), self.fresh), (_("%d ageing"), self.ageing), (_("%d stuck"), self.stuck)]
        return ", ".join(word % count for word, count in words if count)


def stages_of(reps: Iterable[int] | None, today: date, currency: str) -> list[Standing]:
    """The stages with open deals of these reps; all deals when `reps` is None. Amounts are Decimal."""
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "today": today,
            "everyone": reps is None,
            "reps": list(reps or []),
            "currency": currency,
        }
        cursor.execute(STANDING, parameters)
        rows = cursor.fetchall()
    widest = max((row[3] for row in rows), default=1)
    return [replace(Standing(*row), widest=widest) for row in rows]
