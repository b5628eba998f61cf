"""A browser that declares, with or without scripts."""

import re
from collections.abc import Mapping

import pytest

from tests.factories.people import make_organisation


class Visitor:
    """One browser on the public pages. It keeps its cookies and follows one redirect at a time."""

    def __init__(self, client):
        self.client = client

    def get(self, address, **options):
        return self.client.get(address, **options)

    def post(self, address, fields: Mapping | None = None, **options):
        return self.client.submit(address, dict(fields or {}), **options)

    def begin(self, organisation=None):
        """Begin for `organisation` and return the address of the first screen."""
        chosen = organisation or make_organisation("Valfleur-sur-Exemple")
        answer = self.post("/declarer", {"organisation": str(chosen.id), "organisation_text": ""})
        assert answer.status_code == 303, answer.text
        return answer.location

    def answer(self, screens):
        for page, fields in screens.items():
            answer = self.post(f"/declarer/etape/{page}", fields)
            assert answer.status_code == 303, answer.text

    def send(self):
        answer = self.post("/declarer/relire")
        assert answer.status_code == 303, answer.text
        return self.get(answer.location)

    @property
    def token(self):
        return self.client.get_cookie("dossier").value

    def reference(self):
        return re.search(r"CD-[0-9A-Z]{3}-[0-9A-Z]{3}", self.get("/declarer").text).group()

    def code(self):
        found = re.search(r"\b(\d{5}) (\d{5})\b", self.get("/declarer/etape/sees").text)
        return "".join(found.groups())


@pytest.fixture
def visitor(client) -> Visitor:
    return Visitor(client)


@pytest.fixture
def another(app) -> Visitor:
    """A second browser, elsewhere."""
    return Visitor(app.test_client())
