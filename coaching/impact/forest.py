"""A forest plot drawn by the server: a dot and its interval for each effect, a diamond for all of them together."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, ROW, SIDE = 320, 18, 8
DOT = '<g class="forest-{}"><line x1="{}" x2="{}" y1="{}" y2="{}"/><circle cx="{}" cy="{}" r="3.5"/></g>'
DIAMOND = '<path class="forest-all" d="M{} {}L{} {}L{} {}L{} {}z"/>'
Interval = tuple[float, float, float]


def forest(effects: Sequence[tuple[str, Interval]], together: Interval | None, label: str) -> SafeString:
    """(state, (estimate, low, high)) from top to bottom, better to the right; nought is a line through all."""
    every = [*(found for _state, found in effects), *([together] if together else [])]
    widest = max((abs(value) for _, low, high in every for value in (low, high)), default=0) or 1

    def x(value: float) -> float:
        return round(WIDTH / 2 + value / widest * (WIDTH / 2 - SIDE), 1)

    height = ROW * len(every)
    parts = [format_html('<line class="forest-nought" x1="{0}" x2="{0}" y2="{1}"/>', x(0), height)]
    for place, (state, found) in enumerate(effects):
        parts.append(_dot(state, tuple(map(x, found)), ROW * place + ROW // 2))
    if together:
        parts.append(_diamond(tuple(map(x, together)), height - ROW // 2))
    drawn = format_html_join("", "{}", ((part,) for part in parts))
    picture = '<svg class="forest" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(picture, WIDTH, height, label, drawn)


def _dot(state: str, at: tuple[float, ...], y: int) -> SafeString:
    middle, low, high = at
    return format_html(DOT, state, low, high, y, y, middle, y)


def _diamond(at: tuple[float, ...], y: int) -> SafeString:
    middle, low, high = at
    return format_html(DIAMOND, low, y, middle, y - 6, high, y, middle, y + 6)
