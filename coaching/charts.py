"""The figures people explore, as plotly JSON; the only file that knows plotly.

Colours are names of CSS tokens: the page's script turns them into what they are in the reader's theme.
Every text that comes from data is escaped, since plotly reads markup in labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.catalogue.kpi import Unit

# The corners of the picture: (activity mostly on track, quality mostly on track) -> what that is called.
QUADRANTS = {
    (True, True): gettext_lazy("worth copying"),
    (True, False): gettext_lazy("busy but thin"),
    (False, True): gettext_lazy("few touches, good work"),
    (False, False): gettext_lazy("start with effort"),
}
FONT = "ui-sans-serif, system-ui, sans-serif"


@dataclass(frozen=True)
class Point:
    """A rep's place: shares of focus KPIs on track (0..1) and what they won, in words too."""

    name: str
    work: float
    quality: float
    won: float
    won_text: str


def work_against_quality(points: Sequence[Point]) -> dict:
    """One dot per rep; the area follows the won value. Quadrants are named, nobody is ranked."""
    import plotly.graph_objects as go

    most = max((point.won for point in points), default=0) or 1
    figure = go.Figure(
        go.Scatter(
            x=[point.work * 100 for point in points],
            y=[point.quality * 100 for point in points],
            text=_labels(points),
            customdata=[[escape(point.name), escape(point.won_text)] for point in points],
            mode="markers+text",
            textposition="middle right",
            marker={
                "size": [10 + 26 * (max(point.won, 0) / most) ** 0.5 for point in points],
                "color": [
                    "var(--off-fill)" if point.work > 0.5 > point.quality else "var(--good-fill)"
                    for point in points
                ],
                "opacity": 0.75,
                "line": {"width": 1, "color": "var(--sheet)"},
            },
            textfont={"color": "var(--ink)", "size": 12},
            cliponaxis=False,
            hovertemplate="%{customdata[0]}: %{x:.0f} % / %{y:.0f} %, %{customdata[1]}<extra></extra>",
        )
    )
    axis = {
        "range": [-12, 118],
        "tickvals": [0, 50, 100],
        "ticksuffix": " %",
        "zeroline": False,
        "fixedrange": True,
    }
    figure.update_layout(
        **_layout(),
        xaxis=_axis(_("activity on track"), **axis),
        yaxis=_axis(_("quality on track"), **axis),
        shapes=[_line(x0=50, x1=50, y0=-12, y1=118), _line(x0=-12, x1=118, y0=50, y1=50)],
        annotations=[
            _note(str(name), 116 if is_busy else -10, 114 if is_good else -8, "right" if is_busy else "left")
            for (is_busy, is_good), name in QUADRANTS.items()
        ],
    )
    return figure.to_plotly_json()


def trend(weeks, readings, target: float | None, unit: str) -> dict:
    """The weekly line with its 95 % interval as a band; the target where it holds for any length of time."""
    import plotly.graph_objects as go

    scale = 100 if unit == Unit.PERCENT else 1
    days = [week.start.isoformat() for week in weeks]
    labels = [escape(str(week.label)) for week in weeks]

    def numbers(name: str) -> list[float | None]:
        found = [getattr(reading, name) if reading else None for reading in readings]
        return [None if number is None else float(number) * scale for number in found]

    figure = go.Figure()
    if any(number is not None for number in numbers("low")):
        edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        figure.add_scatter(x=days, y=numbers("high"), **edge)
        figure.add_scatter(x=days, y=numbers("low"), fill="tonexty", fillcolor="var(--haze)", **edge)
    figure.add_scatter(
        x=days,
        y=numbers("value"),
        customdata=labels,
        mode="lines+markers",
        line={"color": "var(--pitch)", "width": 2},
        marker={"size": 6, "color": "var(--pitch)"},
        hovertemplate="%{customdata}: %{y:,.4~g}<extra></extra>",
    )
    layout = _layout()
    if target is not None:
        height = target * scale
        layout["shapes"] = [_line("var(--ink-quiet)", "dash", x0=0, x1=1, xref="paper", y0=height, y1=height)]
        layout["annotations"] = [_note(_("target"), 1, height, "right", xref="paper", yanchor="bottom")]
    figure.update_layout(
        **layout,
        xaxis=_axis("", type="date", tickformat="%-d %b", fixedrange=True),
        yaxis=_axis("", rangemode="tozero", ticksuffix=" %" if unit == Unit.PERCENT else "", fixedrange=True),
    )
    return figure.to_plotly_json()


def quadrant(work: float | None, quality: float | None) -> str:
    """The name of a rep's corner; none on the lines between them, where a word would say too much."""
    if work is None or quality is None or 0.5 in (work, quality):
        return ""
    return str(QUADRANTS[work > 0.5, quality > 0.5])


def _labels(points: Sequence[Point]) -> list[str]:
    """Names at their dots; dots on one place share a label, so that no name lies under another."""
    together: dict[tuple[float, float], list[str]] = {}
    for point in points:
        together.setdefault((point.work, point.quality), []).append(escape(point.name))
    labels = []
    for point in points:
        names = together.pop((point.work, point.quality), [])
        labels.append(", ".join(names[:3]) + (f" +{len(names) - 3}" if len(names) > 3 else ""))
    return labels


def _layout() -> dict:
    return {
        "template": None,
        "showlegend": False,
        "margin": {"l": 56, "r": 24, "t": 16, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": "var(--ink-soft)"},
        "hoverlabel": {
            "bgcolor": "var(--sheet)",
            "bordercolor": "var(--line-firm)",
            "font": {"color": "var(--ink)"},
        },
    }


def _axis(title: str, **more) -> dict:
    return {
        "title": {"text": title, "font": {"size": 12}},
        "gridcolor": "var(--line)",
        "zerolinecolor": "var(--line-firm)",
        "linecolor": "var(--line-firm)",
        "automargin": True,
        **more,
    }


def _line(colour: str = "var(--line-firm)", dash: str = "solid", **place) -> dict:
    line = {"color": colour, "width": 1, "dash": dash}
    return {"type": "line", "line": line, "layer": "below", **place}


def _note(text: str, x: float, y: float, side: str, **more) -> dict:
    return {
        "text": text,
        "x": x,
        "y": y,
        "xanchor": side,
        "showarrow": False,
        "font": {"size": 12, "color": "var(--ink-soft)"},
        **more,
    }
