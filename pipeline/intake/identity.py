"""How a bundle writes the identity of a record, and text that a spreadsheet would take for a formula.

The source's own id stands alone when the source is this product; any other is written `source:id`, so that a
bundle exported from here carries every source's keys. Text that starts like a formula gets an apostrophe.
"""

import re

from pipeline.models.record import OWN_SOURCE

SOURCE = re.compile(r"[a-z0-9_-]{1,40}")
WITH_SOURCE = re.compile(r"([a-z0-9_-]{0,40}):(.*)", re.DOTALL)
ACTS = "=+@\t\r\n＝＋－＠-"  # after OWASP's note on CSV injection, wide forms included
GUARDED = re.compile(rf"'+[{ACTS}]")


def split_identity(text: str) -> tuple[str, str]:
    """(source, id) of a bundle's reference; `:id` is our own id that itself looks like `source:id`."""
    found = WITH_SOURCE.fullmatch(text)
    if not found:
        return OWN_SOURCE, text
    return found[1] or OWN_SOURCE, found[2]


def identity_sql(alias: str) -> str:
    """The SQL that writes the identity of the record `alias`."""
    own = f"CASE WHEN {alias}.external_id ~ '^[a-z0-9_-]{{0,40}}:' THEN ':' ELSE '' END"
    prefix = f"CASE WHEN {alias}.source = '{OWN_SOURCE}' THEN {own} ELSE {alias}.source || ':' END"
    return f"{prefix} || {alias}.external_id"


def guarded_sql(expression: str) -> str:
    """SQL for a text cell that no spreadsheet takes for a formula; `unguarded` undoes exactly this."""
    return f"CASE WHEN ({expression}) ~ E'^''*[{ACTS}]' THEN '''' ELSE '' END || ({expression})"


def unguarded(text: str) -> str:
    return text[1:] if GUARDED.match(text) else text
