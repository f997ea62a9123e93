"""Who may ask the API what: every address, by every role; and nothing can be written through it."""

from django.urls import get_resolver

ROLES = (
    "",
    "Ada",
    "Ben",
    "Maya",
    "Olga",
    "Ivo",
)  # nobody, the rep, a team-mate, their manager, another, admin
EVERYBODY = (403, 200, 200, 200, 200, 200)
# Address -> status by role; what lies outside one's scope is not found, like what does not exist.
MATRIX = {
    "kpis/": EVERYBODY,
    "kpis/win_rate/": EVERYBODY,
    "kpis/no_such_kpi/": (403, 404, 404, 404, 404, 404),
    "reps/": EVERYBODY,
    "reps/{ada}/": (403, 200, 404, 200, 404, 200),
    "reps/999999/": (403, 404, 404, 404, 404, 404),
    "teams/": EVERYBODY,
    "teams/{north}/": (403, 404, 404, 200, 404, 200),
    "deals/": EVERYBODY,
    "deals/{deal}/": (403, 200, 404, 200, 404, 200),
    "snapshots/?period=2026-11&subject=all-reps": EVERYBODY,
    "snapshots/?period=2026-11&subject=rep:{ada}": (403, 200, 404, 200, 404, 200),
    "snapshots/?period=2026-11&subject=team:{north}": (403, 404, 404, 200, 404, 200),
    "snapshots/?period=2026-11&subject=organisation": (403, 404, 404, 404, 404, 200),
    "snapshots/?period=2026-11-01..2026-11-15&subject=rep:{ada}": (403, 200, 404, 200, 404, 200),
    "standings/?period=2026-11&subject=all-reps": EVERYBODY,
    "standings/?period=2026-11&subject=rep:{ada}": (403, 200, 404, 200, 404, 200),
    "standings/?period=2026-11&subject=team:{north}": (403, 404, 404, 200, 404, 200),
    "standings/?period=2026-11&subject=organisation": (403, 404, 404, 404, 404, 200),
    "schema/": EVERYBODY,
    "docs/": EVERYBODY,
}
IN_SIGHT = {
    "Ada": ["Ada"],
    "Ben": ["Ben"],
    "Maya": ["Ada", "Ben", "Maya"],
    "Olga": ["Olga"],
    "Ivo": ["Ada", "Ben", "Ivo", "Maya", "Olga"],
}


def path_of(address, world) -> str:
    return "/api/" + address.format(ada=world.ada.pk, north=world.north.pk, deal=world.deal.pk)


def test_each_role_reaches_its_own_and_nothing_else(world):
    clients = [world.as_(role) for role in ROLES]
    answers = {
        address: tuple(client.get(path_of(address, world)).status_code for client in clients)
        for address in MATRIX
    }
    assert answers == MATRIX


def test_every_address_of_the_api_is_in_the_matrix(world):
    patterns = [leaf.pattern for leaf in _leaves(get_resolver("coaching.api_urls").url_patterns)]
    asked = [path_of(address, world).removeprefix("/api/").partition("?")[0] for address in MATRIX]
    assert len(patterns) == 12
    assert not [pattern for pattern in patterns if not any(pattern.match(path) for path in asked)]


def _leaves(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _leaves(pattern.url_patterns)
        else:
            yield pattern


def test_outside_the_scope_and_missing_answer_alike(world):
    olga = world.as_("Olga")
    for address in (f"reps/{world.ada.pk}", f"teams/{world.north.pk}", f"deals/{world.deal.pk}"):
        hidden = olga.get(f"/api/{address}/")
        missing = olga.get(f"/api/{address.partition('/')[0]}/999999/")
        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)


def test_a_hidden_subject_and_a_missing_one_answer_alike(world):
    olga = world.as_("Olga")
    for hidden in (f"rep:{world.ada.pk}", f"team:{world.north.pk}", "organisation"):
        found = olga.get("/api/snapshots/", {"period": "2026-11", "subject": hidden})
        missing = olga.get("/api/snapshots/", {"period": "2026-11", "subject": "rep:999999"})
        assert (found.status_code, found.content) == (missing.status_code, missing.content)


def test_lists_hold_those_in_sight(world):
    for role, names in IN_SIGHT.items():
        client = world.as_(role)
        assert [rep["name"] for rep in client.get("/api/reps/").json()["results"]] == names
        asked = {"period": "2026-11", "subject": "all-reps", "kpi": "deals_won"}
        assert [row["name"] for row in client.get("/api/snapshots/", asked).json()["results"]] == names


def test_deals_of_others_and_of_nobody_are_not_listed(world):
    seen = {
        role: world.as_(role).get("/api/deals/").json()["count"] for role in ("Ada", "Ben", "Maya", "Ivo")
    }
    assert seen == {"Ada": 1, "Ben": 0, "Maya": 1, "Ivo": 2}


def test_a_filter_by_somebody_out_of_sight_finds_nothing_and_says_nothing(world):
    hidden = world.as_("Olga").get("/api/deals/", {"owner": world.ada.pk})
    missing = world.as_("Olga").get("/api/deals/", {"owner": 999999})
    assert hidden.json() == missing.json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_nothing_can_be_written(world):
    client = world.as_("Ivo")
    answers = {
        (method, address): client.generic(
            method, path_of(address, world), "{}", "application/json"
        ).status_code
        for method in ("POST", "PUT", "PATCH", "DELETE")
        for address in MATRIX
    }
    assert set(answers.values()) == {405}, answers


def test_somebody_without_a_rep_sees_nothing(world, django_user_model):
    django_user_model.objects.create_user("stranger")
    client = world.as_("stranger")
    for kind in ("reps", "teams", "deals"):
        assert client.get(f"/api/{kind}/").json()["count"] == 0
    answer = client.get("/api/snapshots/", {"period": "2026", "subject": f"rep:{world.ada.pk}"})
    assert answer.status_code == 404
