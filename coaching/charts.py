"""The figures people explore, as plotly JSON; the only file that knows plotly.

Colours are names of CSS tokens: the page's script turns them into what they are in the reader's theme.
Every text that comes from data is escaped, since plotly reads markup in labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from kpis.catalogue.kpi import Unit

FONT = "ui-sans-serif, system-ui, sans-serif"


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
        xaxis=_axis("", type="date", fixedrange=True, **_days_named(weeks)),
        yaxis=_axis("", rangemode="tozero", ticksuffix=" %" if unit == Unit.PERCENT else "", fixedrange=True),
    )
    return figure.to_plotly_json()


def _days_named(weeks) -> dict:
    """Every third week by its first day, in the reader's language: plotly itself knows English months only."""
    named = weeks[::-3][::-1]
    return {
        "tickmode": "array",
        "tickvals": [week.start.isoformat() for week in named],
        "ticktext": [escape(date_format(week.start, "MONTH_DAY_FORMAT")) for week in named],
    }


@dataclass(frozen=True)
class Dot:
    name: str
    size: float
    value: float
    is_own: bool
    is_flag: bool


def funnel(
    dots: Sequence[Dot], bands: Sequence[tuple[float, ...]], mean: float | None, size_label: str, unit: str
) -> dict:
    """`bands`: (size, 95 % low, high, 99.8 % low, high); values in the KPI's unit, percent as fractions."""
    import plotly.graph_objects as go

    scale = 100 if unit == Unit.PERCENT else 1
    chart = go.Figure()
    for low, high, dash in ((1, 2, "dash"), (3, 4, "solid")):
        for end in (low, high):
            chart.add_scatter(
                x=[band[0] for band in bands],
                y=[band[end] * scale for band in bands],
                mode="lines",
                line={"color": "var(--ink-quiet)", "width": 1, "dash": dash},
                hoverinfo="skip",
            )
    chart.add_scatter(
        x=[dot.size for dot in dots],
        y=[dot.value * scale for dot in dots],
        text=[escape(dot.name) for dot in dots],
        customdata=[escape(dot.name) for dot in dots],
        mode="markers+text",
        textposition="middle right",
        textfont={"color": "var(--ink)", "size": 12},
        marker={
            "size": [13 if dot.is_own else 9 for dot in dots],
            "symbol": ["diamond" if dot.is_flag else "circle" for dot in dots],
            "color": ["var(--off-fill)" if dot.is_flag else "var(--pitch)" for dot in dots],
            "line": {"width": 1, "color": "var(--sheet)"},
        },
        cliponaxis=False,
        hovertemplate="%{customdata}: %{y:,.4~g} (%{x})<extra></extra>",
    )
    layout = _layout()
    if mean is not None:
        height = mean * scale
        layout["shapes"] = [_line("var(--ink-quiet)", x0=0, x1=1, xref="paper", y0=height, y1=height)]
        layout["annotations"] = [
            _note(_("mean of the job"), 0, height, "left", xref="paper", yanchor="bottom")
        ]
    suffix = " %" if unit == Unit.PERCENT else ""
    chart.update_layout(
        **layout,
        xaxis=_axis(size_label, fixedrange=True),
        yaxis=_axis("", ticksuffix=suffix, fixedrange=True),
    )
    return chart.to_plotly_json()


def _layout() -> dict:
    return {
        "template": None,
        "showlegend": False,
        "separators": get_format("DECIMAL_SEPARATOR") + get_format("THOUSAND_SEPARATOR"),
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
        "title": {"text": title, "font": {"size": 12}, "standoff": 8},
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
