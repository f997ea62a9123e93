"""One figure as a table cell, built in Python: a template include per cell is what a big table costs."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from coaching.scorecard import Line
from coaching.sparkline import MARKS

CELL = (
    '<td class="n{cut}"><a class="fig" href="{url}" aria-label="{spoken}"><b>{value}</b>'
    '<span class="standing {state}">{mark}{word}</span>{spark}{range}</a></td>'
)


def cell(line: Line, top: float | None, is_first: bool) -> SafeString:
    """The cell of a line; `top` ends the rail of its column, so that rows compare."""
    return format_html(
        CELL,
        cut=" cut" if is_first else "",
        url=line.url,
        spoken=spoken(line),
        value=line.short,
        state=line.state,
        mark=MARKS[line.state] if line.state else "",
        word=line.word,
        spark=line.spark,
        range=line.range(top),
    )


def spoken(line: Line) -> str:
    return ", ".join(
        filter(None, [f"{line.kpi.label}: {line.text}", line.word, line.target_sentence, line.between])
    )
