"""Small pictures drawn by the server as inline SVG: trails, intervals, stage lines.

Colours come from classes, geometry from attributes: the Content-Security-Policy allows no inline style.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

SHAPES = {
    "good": '<circle cx="5" cy="5" r="4" stroke="none"/>',
    "watch": '<circle cx="5" cy="5" r="3.5" fill="none"/><path d="M5 1.5a3.5 3.5 0 0 1 0 7z" stroke="none"/>',
    "off": '<path d="M5 1 9.2 9H.8z" stroke="none"/>',
    "quiet": '<path d="M1.5 5h7" fill="none" stroke-width="1.5"/>',
}
MARKS = {
    state: mark_safe(f'<svg viewBox="0 0 10 10" aria-hidden="true">{shape}</svg>')  # noqa: S308 - constants above
    for state, shape in SHAPES.items()
}

TRAIL = (
    '<svg width="{}" height="{}" aria-hidden="true">{}{}'
    '<circle class="spark-end" cx="{}" cy="{}" r="2"/></svg>'
)


def trail(
    values: Sequence[float | None], goal: float | None = None, width: int = 72, height: int = 18
) -> SafeString:
    """A line through the values, oldest first, gaps where there is none, a dot on the last one."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min(known), max(known)
    x = [2 + place * (width - 4) / (len(values) - 1) for place in range(len(values))]

    def y(value: float) -> float:
        share = 0.5 if high == low else (value - low) / (high - low)
        return height - 3 - min(max(share, 0), 1) * (height - 6)

    lines = [" ".join(f"{x[at]:.1f},{y(value):.1f}" for at, value in run) for run in _runs(values)]
    last = max(i for i, value in enumerate(values) if value is not None)
    return format_html(
        TRAIL,
        width,
        height,
        _goal_line(y(goal), width) if goal is not None else "",
        format_html_join("", '<polyline class="spark" points="{}"/>', ((line,) for line in lines)),
        f"{x[last]:.1f}",
        f"{y(known[-1]):.1f}",
    )


def interval(
    value: float,
    low: float | None,
    high: float | None,
    goal: float | None,
    top: float,
    width: int = 72,
    height: int = 8,
) -> SafeString:
    """A dot on a rail from 0 to `top`, its interval as a band, the goal as a tick."""

    def x(number: float) -> float:
        return round(min(max(number / top, 0), 1) * width, 1) if top else 0

    parts = [format_html('<rect class="range-rail" y="3.5" width="{}" height="1"/>', width)]
    if low is not None and high is not None:
        band = '<rect class="range-band" x="{}" y="1.5" width="{}" height="5" rx="2.5"/>'
        parts.append(format_html(band, x(low), round(max(x(high) - x(low), 1), 1)))
    if goal is not None:
        parts.append(
            format_html('<rect class="range-tick" x="{}" width="1.5" height="8"/>', min(x(goal), width - 1.5))
        )
    parts.append(
        format_html(
            '<circle class="range-dot" cx="{}" cy="4" r="2.5"/>', min(max(x(value), 2.5), width - 2.5)
        )
    )
    drawn = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg width="{}" height="{}" aria-hidden="true">{}</svg>', width, height, drawn)


def bar(parts: Sequence[tuple[str, float]], label: str, css: str = "age") -> SafeString:
    """Pieces side by side, each (class, share of the whole width 0..1)."""
    pieces, at = [], 0.0
    for kind, share in parts:
        pieces.append((kind, f"{at * 100:.2f}%", f"{share * 100:.2f}%"))
        at += share
    drawn = format_html_join("", '<rect class="{}" x="{}" width="{}" height="100%"/>', pieces)
    return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', css, label, drawn)


def _goal_line(y: float, width: int) -> SafeString:
    return format_html('<line class="spark-goal" x2="{}" y1="{}" y2="{}"/>', width, f"{y:.1f}", f"{y:.1f}")


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """(place, value) of what stands together without a gap."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]
