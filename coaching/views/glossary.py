"""What each number means, read from the catalogue itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kpis.catalogue import in_category
from kpis.catalogue.kpi import Category
from kpis.docs import docs, values_on
from kpis.periods import Calendar
from pipeline import access


def glossary(request: HttpRequest) -> HttpResponse:
    held = values_on(Calendar.current().today())
    groups = [(category, [(kpi, docs(kpi, held)) for kpi in in_category(category)]) for category in Category]
    context = {"groups": groups, "may_set": access.is_admin(request.user)}
    return render(request, "coaching/glossary.html", context)
