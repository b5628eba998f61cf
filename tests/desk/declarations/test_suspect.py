"""The commune tells of something suspect; the desk proposes what stands in it, and decides."""

import pytest
from sqlalchemy import select

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case, CaseMessage
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.intel.proposing import proposals
from tests.desk.declarations.test_space import commune  # noqa: F401
from tests.factories.people import actor_of, make_person

ADDRESS = "signaler"


def messages(case_id):
    with atomic(SYSTEM) as s:
        wanted = select(CaseMessage).where(CaseMessage.case_id == case_id)
        return [one.body for one in s.scalars(wanted)]


def proposed(case_id):
    responder = actor_of(make_person("responder"))
    with atomic(responder.scope) as s:
        found = proposals(responder, s.get_one(Case, case_id))
        return [value.text for one in found for value in one.values]


def test_what_is_told_is_a_message_and_is_proposed(commune):  # noqa: F811
    at = f"{commune.at}/{ADDRESS}"
    assert "Qu’avez-vous vu" in commune.get(at).text
    told = {"kind": "mail", "what": "de rh@piege.example, lien http://piege.example/a",
            "when": "lundi matin, à l’accueil"}  # fmt: skip
    answer = commune.post(at, told)
    assert answer.status_code == 303
    [body] = messages(commune.case_id)
    assert body.startswith("Suspect\u202f: Un message")
    assert "Vu\u202f: lundi matin, à l’accueil" in body
    assert proposed(commune.case_id) == ["rh@piege.example", "http://piege.example/a"]
    with atomic(SYSTEM) as s:
        assert s.scalars(select(StixObject)).all() == [], "nobody has confirmed it"


@pytest.mark.parametrize("what", ["", "   ", "x" * 10_000])
def test_nothing_or_too_much_is_said_and_comes_back_as_typed(commune, what):  # noqa: F811
    answer = commune.post(f"{commune.at}/{ADDRESS}", {"kind": "file", "what": what})
    assert answer.status_code == 422
    assert what.strip() in answer.text
    assert messages(commune.case_id) == []


def test_marks_and_turned_text_do_no_harm(commune):  # noqa: F811
    what = "<script>alert(1)</script> facture\u202efdp.exe"
    commune.post(f"{commune.at}/{ADDRESS}", {"kind": "nothing", "what": what})
    [body] = messages(commune.case_id)
    assert "\u202e" not in body
    page = commune.get(f"{commune.at}/messages").text
    assert "<script>alert" not in page
    assert "Suspect\u202f: Autre chose" in body


def test_an_unknown_field_is_refused(commune):  # noqa: F811
    answer = commune.post(f"{commune.at}/{ADDRESS}", {"what": "x", "tlp": "clear"})
    assert answer.status_code == 422


def test_another_commune_tells_nothing_here(commune, another):  # noqa: F811
    assert another.get(f"{commune.at}/{ADDRESS}").status_code in {302, 404}
    another.post(f"{commune.at}/{ADDRESS}", {"what": "x"})
    assert messages(commune.case_id) == []
