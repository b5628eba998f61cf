"""The published description is OpenAPI 3.1, whole, and says nothing that does not hold."""

import html
import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from cyberdesk.core.access.permissions import is_declared
from cyberdesk.core.text import catalogue_of
from cyberdesk.core.web.doors import doors


@pytest.fixture
def document(client):
    return json.loads(client.get("/api/v1/openapi.json").data)


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def bodies(document):
    """Every body that is taken or given, with its schema and where it is."""
    for method, path, operation in operations(document):
        where = f"{method} {path}"
        for kind, media in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{where} {kind}", media
        for status, answer in operation["responses"].items():
            for kind, media in answer.get("content", {}).items():
                yield f"{where} {status} {kind}", media


def test_it_is_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_is_told_once_and_in_words(document):
    names = [operation["operationId"] for *_, operation in operations(document)]
    assert len(names) == len(set(names)) > 30
    for method, path, operation in operations(document):
        assert operation["summary"].rstrip().endswith("."), (method, path)
        for parameter in operation["parameters"]:
            assert parameter["schema"], (path, parameter)


def test_every_refusal_is_a_problem_with_an_example(document):
    for method, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status < "400":
                continue
            media = answer["content"]
            assert list(media) == ["application/problem+json"], (method, path, status)
            example = media["application/problem+json"]["example"]
            assert example["status"] == int(status)
        expected = {"401", "403", "404", "422", "429", "503"}
        assert expected <= set(operation["responses"]), (method, path)


def test_every_body_has_examples_that_are_of_its_shape(document):
    checked = 0
    for where, media in bodies(document):
        examples = [media["example"]] if "example" in media else []
        examples += [one["value"] for one in media.get("examples", {}).values()]
        assert examples, f"{where} has no example"
        for example in examples:
            schema = {"components": document["components"], **media["schema"]}
            Draft202012Validator(schema).validate(example)
            checked += 1
    assert checked > 100


def test_scopes_are_permissions_that_the_route_asks_for(app, document):
    asked = {}
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}")
        for method in rule.methods:
            asked[method.lower(), path] = doors(app)[rule.endpoint]
    for method, path, operation in operations(document):
        [told] = operation["security"]
        needs = [may for may in asked[method, path].needs if may != "signed-in"]
        assert told["token"] == needs, (method, path)
        assert all(is_declared(scope) for scope in told["token"])


def test_acts_may_be_sent_again_and_named_versions_are_checked(document):
    for method, path, operation in operations(document):
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert ("Idempotency-Key" in names) == (method == "post"), path
        assert ("If-Match" in names) == ("412" in operation["responses"]), path


def texts(document):
    """Every text of the document that its page shows."""
    for *_, operation in operations(document):
        yield from (*operation["tags"], operation["summary"], operation.get("description"))
        shown = (one for one in operation["parameters"] if one["in"] != "header")
        yield from (one.get("description") for one in shown)
    for schema in document["components"]["schemas"].values():
        yield schema.get("description")
        yield from (one.get("description") for one in schema.get("properties", {}).values())


def pages(client, document, ending=""):
    """The page of the API and those of its parts, one after the other."""
    parts = sorted({operation["tags"][0].lower() for *_, operation in operations(document)})
    answers = [
        client.get(f"/api/v1{part}{ending}") for part in ("", *(f"/about/{p}" for p in parts))
    ]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.text for answer in answers)


def test_a_part_that_is_none_is_a_404_in_words(client):
    assert client.get("/api/v1/about/nothing").status_code == 404


def test_the_page_speaks_french(client, document):
    page = html.unescape(pages(client, document))
    held = catalogue_of("fr")._catalog
    told = [text for text in texts(document) if text]
    assert len(set(told)) > 200
    assert sorted({text for text in told if text not in held}) == []
    for text in told:
        parts = str(held[text]).split("`")
        assert all(part in page for part in parts), text
    assert "Accents, traits d’union et apostrophes ne comptent pas" in page
    assert "<code>saint</code>" in page
    assert "Seulement les organisations de cette sorte." in page
    assert "Only organisations of this kind." not in page


def test_the_page_speaks_english_where_it_is_asked_for(client, document):
    """And the document always does."""
    page = html.unescape(pages(client, document, "?lang=en"))
    for text in texts(document):
        assert all(part in page for part in (text or "").split("`")), text


def test_the_page_shows_every_operation_and_shape(client, document):
    page = pages(client, document)
    for method, path, operation in operations(document):
        assert f"{method.upper()} {path}" in page
        for scope in operation["security"][0]["token"]:
            assert scope in page
    for name in document["components"]["schemas"]:
        assert f'id="{name}"' in page
