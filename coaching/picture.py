"""Work against quality as a picture drawn by the server: one dot a rep, the corners named; a position, not a score."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.diagnosis import Diagnosis, Kind

WIDTH, HEIGHT = 400, 300
LEFT, RIGHT, TOP, BOTTOM = 26, 14, 26, 44
SMALLEST, LARGEST = 5.0, 13.0
# Names are written in 12 px: a line is so high, a letter at most so wide.
LINE, LETTER = 14, 8
# (mostly on track in activity, in quality) -> what that corner is called.
CORNERS = {
    (True, True): gettext_lazy("steady, worth copying"),
    (True, False): gettext_lazy("busy but thin"),
    (False, True): gettext_lazy("few touches, good work"),
    (False, False): gettext_lazy("start with effort"),
}
FRAME = (
    '<rect class="place-thin" x="{middle}" y="{centre}" width="{half}" height="{low}"/>'
    '<path class="place-axis" d="M{middle} {top}V{bottom}M{left} {centre}H{right}"/>'
    '<path class="place-edge" d="M{left} {top}V{bottom}H{right}"/>'
)


@dataclass(frozen=True)
class Place:
    """A rep's place: shares of focus KPIs on track (0..1), what they won, and the diagnosis."""

    name: str
    url: str
    work: float
    quality: float
    won: float
    won_text: str
    diagnosis: Diagnosis

    @property
    def stands_out(self) -> bool:
        return self.diagnosis.kind == Kind.BUSY_BUT_THIN

    @property
    def x(self) -> float:
        return round(LEFT + 14 + self.work * (WIDTH - LEFT - RIGHT - 28), 1)

    @property
    def y(self) -> float:
        return round(HEIGHT - BOTTOM - 14 - self.quality * (HEIGHT - TOP - BOTTOM - 28), 1)


def work_against_quality(places: Sequence[Place]) -> SafeString:
    """The picture; areas follow the won value, and every dot opens its rep."""
    most = max((place.won for place in places), default=0) or 1
    labels = _labels(places)
    dots = format_html_join(
        "",
        '<a href="{}"><circle class="place-dot{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle></a>',
        (
            (place.url, _class(place), place.x, place.y, radius(place.won / most), spoken(place))
            for place in sorted(places, key=lambda place: -place.won)
        ),
    )
    return format_html(
        '<svg class="corners" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        _("Work against quality; the table below holds the same figures"),
        _frame(),
        _corners(),
        dots,
        format_html_join("", '<text class="place-name{}" x="{}" y="{}" text-anchor="{}">{}</text>', labels),
    )


def radius(share: float) -> float:
    """Of a dot whose area follows the share of the most that anybody won."""
    return round(SMALLEST + (LARGEST - SMALLEST) * max(share, 0) ** 0.5, 1)


def spoken(place: Place) -> str:
    words = {"name": place.name, "diagnosis": place.diagnosis.label, "won": place.won_text}
    return _("%(name)s: %(diagnosis)s, won %(won)s") % words


def _class(place: Place) -> str:
    return " off" if place.stands_out else ""


def _labels(places: Sequence[Place]) -> list[tuple[str, float, float, str, str]]:
    """(class, x, y, anchor, name): beside, under or over the dot, where it lies on no other dot or name."""
    most = max((place.won for place in places), default=0) or 1
    taken = [_around(place, radius(place.won / most)) for place in places]
    labels = []
    for place in sorted(places, key=lambda place: (not place.stands_out, place.y, place.x)):
        length = len(place.name) * LETTER
        spots = [
            (x, y, anchor, _box(x, y, anchor, length))
            for x, y, anchor in _spots(place, radius(place.won / most))
        ]
        free = [spot for spot in spots if not any(_overlap(spot[3], other) for other in taken)]
        x, y, anchor, box = (free or spots)[0]
        taken.append(box)
        labels.append((_class(place), round(x, 1), round(y, 1), anchor, place.name))
    return labels


def _spots(place: Place, size: float) -> list[tuple[float, float, str]]:
    """Where a name may stand, the best first: on the side with more room, then the other, under, over."""
    right, left = (place.x + size + 4, place.y + 4, "start"), (place.x - size - 4, place.y + 4, "end")
    sides = [left, right] if place.x > WIDTH * 0.7 else [right, left]
    under = [(place.x, place.y + size + LINE * lines, "middle") for lines in (1, 2, 3)]
    return [*sides, *under, (place.x, place.y - size - 4, "middle")]


def _box(x: float, y: float, anchor: str, length: float) -> tuple[float, float, float, float]:
    start = x - {"start": 0, "middle": length / 2, "end": length}[anchor]
    return (start, y - LINE + 3, start + length, y + 3)


def _around(place: Place, size: float) -> tuple[float, float, float, float]:
    return (place.x - size, place.y - size, place.x + size, place.y + size)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _frame() -> SafeString:
    middle, centre = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    return format_html(
        FRAME,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        middle=middle,
        centre=centre,
        half=WIDTH - RIGHT - middle,
        low=HEIGHT - BOTTOM - centre,
    )


def _corners() -> SafeString:
    words: list[tuple[float, float, str, str]] = [
        (
            WIDTH - RIGHT - 6 if is_busy else LEFT + 6,
            TOP - 8 if is_good else HEIGHT - BOTTOM + 16,
            "end" if is_busy else "start",
            str(name),
        )
        for (is_busy, is_good), name in CORNERS.items()
    ]
    words.append(((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "middle", _("activity on track →")))
    named = format_html_join("", '<text class="place-word" x="{}" y="{}" text-anchor="{}">{}</text>', words)
    turned = (
        '<text class="place-word" transform="translate(14 {}) rotate(-90)" text-anchor="middle">{}</text>'
    )
    return named + format_html(turned, (TOP + HEIGHT - BOTTOM) / 2, _("quality on track →"))
