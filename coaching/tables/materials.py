"""Materials side by side: how often each type was handed over, and how often a mail with it was answered."""

from django.utils.translation import gettext as _

from coaching import figures
from coaching.tables.table import Head, Row, Table, count
from kpis.catalogue.meetings import MATERIAL_RESPONSE, MATERIALS_SHARED
from kpis.readings import Card
from kpis.units import Groups


def materials(card: Card) -> Table:
    shared, answered = card[MATERIALS_SHARED.key].beside, card[MATERIAL_RESPONSE.key]
    given = _groups(shared, "types")
    rows = [
        _row(
            name,
            [_groups(shared, beside).get(name) or 0 for beside in ("types", "first", "follow_up")],
            _groups(answered.beside, "types").get(name),
        )
        for name in sorted(given, key=lambda name: (-given[name], name))
    ]
    bare = answered.beside["none"][1]
    return Table(
        title=_("Materials"),
        intro=_(
            "Handed over in the period, and the share of the mails with it that were answered within the reply window. "
            "The two go together or do not: that the material made the difference is not said."
        ),
        header=[
            Head(_("Type"), False),
            Head(_("Handed over")),
            Head(_("With first attempts")),
            Head(_("With follow-ups")),
            Head(_("Mails answered")),
        ],
        rows=[*rows, Row([_("mails without material"), "", "", "", _share(bare)], is_total=True)]
        if rows
        else [],
        empty=_("No material was handed over in this period."),
    )


def _row(name: str, handed_over: list[float], answered: float | None) -> Row:
    return Row([name, *(count(int(times)) for times in handed_over), _share(answered)])


def _share(value: float | None) -> str:
    return figures.DASH if value is None else figures.percent(value)


def _groups(beside: dict, name: str) -> Groups:
    return beside[name][1] or Groups()
