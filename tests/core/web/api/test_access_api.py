"""The API as a machine meets it: its token, its description, people and organisations."""

import pytest

from cyberdesk.core.access.directory import load_directory
from tests.factories import make_person, sign_in


def test_a_machine_learns_who_it_is(machine):
    me = machine.get("/api/v1/me")
    assert me.status_code == 200
    assert me.json["scopes"] == ["token:make"]
    assert me.json["grants"] == [
        {"role": "responder", "strand": "cyber", "organisation": None, "case": None}
    ]


@pytest.mark.parametrize("header", [None, "Bearer x", "Bearer ", "Basic eDp5", "Token x"])
def test_without_a_token_nothing_is_told(client, header):
    headers = {"Authorization": header} if header else {}
    refused = client.get("/api/v1/me", headers=headers)
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    wrong = ' error="invalid_token"' if header else ""
    assert refused.headers["WWW-Authenticate"] == f"Bearer{wrong}"


def test_a_cookie_opens_no_route_for_machines(client):
    """Those routes check no CSRF token."""
    sign_in(client, make_person("admin"))
    nobody = client.get("/api/v1/me")
    assert nobody.status_code == 401
    assert "Authorization: Bearer" in nobody.json["detail"]


def test_a_token_opens_no_page_for_people(machine):
    assert machine.get("/style").status_code == 200
    assert machine.post("/deconnexion").status_code in {400, 404, 405}


def test_an_unknown_address_is_a_problem_too(machine):
    missing = machine.get("/api/v1/nothing")
    assert (missing.status_code, missing.json["code"]) == (404, "not-found")


def test_a_wrong_method_names_those_that_are_taken(machine):
    refused = machine.post("/api/v1/me")
    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]


def test_organisations_are_found_as_typed(machine):
    load_directory()
    found = machine.get("/api/v1/organisations?search=st-remy&kind=commune&limit=3").json["data"]
    assert found[0]["name"] == "Saint-Rémy-de-Provence"
    assert found[0]["facts"]["postal"] == ["13210"]


def test_the_document_names_every_route_for_machines(app, client):
    document = client.get("/api/v1/openapi.json")
    assert document.status_code == 200
    assert document.json["openapi"] == "3.1.0"
    served = {
        rule.rule.replace("<", "{").replace(">", "}").replace("{uuid:", "{")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_")
    }
    assert served == set(document.json["paths"])
    for operations in document.json["paths"].values():
        for operation in operations.values():
            assert "." in operation["summary"]
            assert "application/problem+json" in operation["responses"]["404"]["content"]


def test_the_document_is_a_page_as_well(client):
    page = client.get("/api/v1")
    assert page.status_code == 200
    assert "GET /api/v1/organisations" in page.text
    assert "<script>" not in page.text
