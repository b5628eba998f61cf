"""The frame in the real application: light, language, refusals."""

import re

import pytest

from tests.factories import make_person, sign_in


def test_the_style_page_is_a_route_of_the_house(client):
    answer = client.get("/style?lang=en")
    assert answer.status_code == 200
    assert "Every component, with its states" in answer.text
    assert 'lang="en"' in answer.text


def test_light_is_kept_in_a_cookie(client):
    answer = client.submit("/theme", {"theme": "dark", "back": "/style?page=2"})
    assert answer.status_code == 303
    assert answer.location == "/style?page=2"
    assert 'data-theme="dark"' in client.get("/style").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_the_way_back_stays_in_the_house(client, back):
    assert client.submit("/theme", {"theme": "dark", "back": back}).location == "/"


def test_an_unknown_light_is_refused_in_words(client):
    answer = client.submit("/theme", {"theme": "<script>", "back": "/"})
    assert answer.status_code == 422
    assert "Choisissez clair, sombre ou comme l’appareil" in answer.text
    client.set_cookie("theme", '"><script>')
    assert 'data-theme="auto"' in client.get("/style").text


def test_languages_keep_the_page_as_it_is(client):
    html = client.get("/style?page=3&lang=fr").text
    assert 'href="?page=3&amp;lang=en"' in html


def test_a_page_that_does_not_exist_says_what_to_do(client):
    answer = client.get("/nowhere", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "n’existe pas" in answer.text
    assert "Retour à l’accueil" in answer.text


def test_an_htmx_request_gets_a_fragment(client):
    headers = {"Accept": "text/html", "HX-Request": "true"}
    answer = client.get("/nowhere", headers=headers)
    assert "<html" not in answer.text
    assert "callout" in answer.text


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("/desk", ["/desk"]),
        ("/desk/procedures", ["/desk/procedures"]),
        ("/desk/playbook-drafts/import", ["/desk/procedures"]),
    ],
)
def test_one_entry_of_the_navigation_is_where_one_is(app, page, marked):
    desk = sign_in(app.test_client(), make_person(strand="cyber"))
    here = re.findall(r'<a [^>]*href="([^"]+)"[^>]*aria-current="page"', desk.get(page).text)
    assert [href for href in here if href.startswith("/desk")][: len(marked)] == marked
    assert len({href for href in here if "?" not in href}) == 1
