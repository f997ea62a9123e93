"""Scores by quarter as inline SVG: the manager's line and the rep's own, on the whole scale: small steps stay small."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from coaching.observed.rubrics import HIGHEST, LOWEST

WIDTH, HEIGHT = 240, 96
LEFT, EDGE = 16, 8


def drawn(lead: Sequence[float | None], own: Sequence[float | None], label: str) -> SafeString:
    """Means on the scale of the rubric, oldest first, as many of one as of the other; gaps where there is none."""
    marks = range(LOWEST, HIGHEST + 1)
    grid = format_html_join(
        "",
        '<line class="scale-line" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="scale-word" x="0" y="{}">{}</text>',
        ((LEFT, WIDTH, _y(mark), _y(mark), _y(mark) + 4, mark) for mark in marks),
    )
    return format_html(
        '<svg class="quarters" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        label,
        grid,
        _line(own, "own"),
        _line(lead, "lead"),
    )


def _line(values: Sequence[float | None], css: str) -> SafeString:
    """A line from each value to the next; a quarter without one is bridged by nothing."""
    points = [
        (_x(place, len(values)), _y(value)) if value is not None else None
        for place, value in enumerate(values)
    ]
    joined = [(css, *one, *other) for one, other in pairwise(points) if one and other]
    strokes = format_html_join("", '<line class="quarter-{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', joined)
    dots = ((css, *point) for point in points if point)
    return strokes + format_html_join("", '<circle class="quarter-dot-{}" cx="{}" cy="{}" r="3.5"/>', dots)


def _x(place: int, places: int) -> float:
    return round(LEFT + EDGE + place * (WIDTH - LEFT - 2 * EDGE) / max(places - 1, 1), 1)


def _y(value: float) -> float:
    share = (value - LOWEST) / (HIGHEST - LOWEST)
    return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)
