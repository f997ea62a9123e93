"""The schema describes the API that is there: answers conform to it, and nothing generated from it breaks a page."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture
def document() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture
def app():
    """The application as a server calls it, but within the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_schema_is_complete(document):
    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS
    assert len(document["paths"]) == 10
    assert {method for path in document["paths"].values() for method in path} == {"get"}


def schemas(document) -> dict[str, dict]:
    return {
        name: schema["properties"]
        for name, schema in document["components"]["schemas"].items()
        if "properties" in schema
    }


def test_what_stands_in_an_address_says_what_it_is(document):
    found = [
        parameter
        for path in document["paths"].values()
        for parameter in path["get"].get("parameters", [])
        if parameter["in"] == "path"
    ]
    assert len(found) == 4
    assert [parameter["name"] for parameter in found if not parameter.get("description")] == []
    assert all(parameter["schema"]["pattern"] for parameter in found)


def test_every_field_says_what_it_is(document):
    found = schemas(document)
    assert {"Deal", "Kpi", "Reading", "Rep", "Team", "PaginatedReadingList"} <= found.keys()
    assert [
        (name, field)
        for name, fields in found.items()
        for field, told in fields.items()
        if not told.get("description") and field != "results"  # a page's rows, described each
    ] == []


def test_every_parameter_says_what_it_is(document):
    assert [
        (path, parameter["name"])
        for path, operations in document["paths"].items()
        for parameter in operations["get"].get("parameters", [])
        if parameter["in"] == "query" and not parameter.get("description")
    ] == []


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("reps/", "Rep"),
        ("teams/", "Team"),
        ("deals/", "Deal"),
        ("kpis/", "Kpi"),
        ("snapshots/?period=2026-11&subject=organisation", "Reading"),
    ],
)
def test_an_answer_has_the_fields_of_the_schema_and_no_others(world, document, address, name):
    answer = world.as_("Ivo").get(f"/api/{address}").json()
    rows = answer if isinstance(answer, list) else answer["results"]
    assert rows
    assert {frozenset(row) for row in rows} == {frozenset(schemas(document)[name])}


@pytest.fixture
def ask(world, app):
    """Sends a generated question as Ivo, and holds the answer to the schema."""
    session = world.as_("Ivo").cookies["sessionid"].value

    def send(case):
        return case.call_and_validate(app=app, cookies={"sessionid": session}, checks=CHECKS)

    return send


def test_every_answer_conforms_to_the_schema(world, document, ask):
    api = schemathesis.openapi.from_dict(document)
    ids = {"deals": world.deal.pk, "reps": world.ada.pk, "teams": world.north.pk}
    for path in document["paths"]:
        kind = path.split("/")[2]
        query = {"period": "2026-11", "subject": "all-reps"} if kind in ("snapshots", "standings") else {}
        parts = {"id": ids.get(kind), "key": "win_rate"}
        case = api[path]["GET"].Case(path_parameters=parts, query=query, headers={})
        assert ask(case).status_code == 200


def test_no_question_breaks_the_server(document, ask):
    operations = [
        operation.ok() for operation in schemathesis.openapi.from_dict(document).get_all_operations()
    ]

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(operation.as_strategy() for operation in operations))
    def generated(case):
        ask(case)

    generated()


def test_the_schema_is_served_to_who_is_signed_in(world):
    answer = world.as_("Ada").get(reverse("schema"), headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    assert "/api/snapshots/" in answer.json()["paths"]


def test_the_page_about_the_api_carries_nothing_inline(world):
    page = world.as_("Ada").get(reverse("api_docs")).content.decode()
    assert "<style" not in page
    assert all(' src="' in tag for tag in page.split("<script")[1:])
    assert "https://" not in page
