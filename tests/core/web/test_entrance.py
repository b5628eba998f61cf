"""The front page leads to help first, and the desk to its queue."""

import pytest

from tests.factories import make_person, sign_in


def test_help_comes_first(client):
    page = client.get("/")
    assert page.status_code == 200
    assert page.text.index("/declarer") < page.text.index("/reprendre")
    assert "/demo" not in page.text


def test_the_desk_goes_to_its_queue(client):
    sign_in(client, make_person("responder"))
    assert client.get("/").headers["Location"].endswith("/desk")


def test_an_account_of_a_commune_is_led_to_its_cases(client):
    sign_in(client, make_person("member", name="Nora Valette"))
    assert client.get("/compte/entree").headers["Location"].endswith("/mon-dossier")
    page = client.get("/")
    assert "/declarer" in page.text, "help stays first"
    assert "Aller dans mon espace, Nora Valette" in page.text


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("responder", "/desk"),
        ("auditor", "/administration/journal"),
        ("admin", "/administration/personnes"),
        ("trainer", "/desk/procedures"),
    ],
)
def test_whoever_signs_in_is_led_to_their_work(client, role, place):
    sign_in(client, make_person(role))
    assert client.get("/compte/entree").headers["Location"] == place


def test_there_is_no_demo_door_outside_the_demo(client):
    assert client.get("/demo").status_code == 404
    assert client.post("/demo/0192f0c4-0000-7000-8000-000000000000").status_code == 404
