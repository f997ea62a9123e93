"""System checks: a KPI that cannot be read both ways fails at start-up, not on a page."""

from django.core.checks import Error, register

from kpis.rows import columns_of

ALLOWED = ("up", "down")


@register()
def check_catalogue(app_configs, **_kwargs):
    from kpis.catalogue import CATALOGUE
    from kpis.kernel import pieces_of

    errors = []
    for kpi in CATALOGUE.values():
        for name, measure in kpi.measures.items():
            if pieces_of.dispatch(type(measure)) is pieces_of.dispatch(object):
                errors.append(Error(f"{name}: the kernel knows no {type(measure).__name__}", id="kpis.E001"))
            for condition in measure.conditions:
                try:
                    columns_of(condition)
                except TypeError as error:
                    errors.append(Error(f"{name}: {error}", id="kpis.E002"))
        if kpi.good not in ALLOWED:
            errors.append(Error(f"{kpi.key}: good is up or down", id="kpis.E003"))
        for fed in kpi.feeds:
            if fed not in CATALOGUE:
                errors.append(Error(f"{kpi.key}: feeds {fed}, which is no KPI", id="kpis.E004"))
    return errors
