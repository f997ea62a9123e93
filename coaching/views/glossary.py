"""What each number means, read from the catalogue itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category


def glossary(request: HttpRequest) -> HttpResponse:
    groups = [
        (category, [kpi for kpi in CATALOGUE.values() if kpi.category == category]) for category in Category
    ]
    return render(request, "coaching/glossary.html", {"groups": groups})
