"""The commune's space, as its people see it."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.text import in_each
from cyberdesk.core.web.formatting import hour
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case, CaseMessage
from cyberdesk.desk.declarations.space.home import sentence_of_now
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import Task
from tests.factories.declarations import RANSOMWARE, SHORT, make_declaration
from tests.factories.people import actor_of, make_organisation, make_person, sign_in

HOUSE = system("test")


@pytest.fixture
def commune(visitor):
    """A browser whose declaration has become a case; `commune.at` is its space's address."""
    begun, case_id = make_declaration(make_organisation("Valfleur"), RANSOMWARE)
    visitor.client.set_cookie("dossier", begun.token)
    visitor.at, visitor.case_id, visitor.begun = f"/mon-dossier/{begun.reference}", case_id, begun
    return visitor


def ask(case_id, who="commune", **content):
    with atomic(SYSTEM):
        task = tasks.open_task(
            HOUSE,
            cases.find_case(HOUSE, case_id),
            name="unplug",
            who=who,
            title={"fr": f"Débrancher ({who})", "en": f"Unplug ({who})"},
            content={"why": {"fr": "Pour arrêter", "en": "To stop it"}, **content},
            questions={
                "hosts": {
                    "label": {"fr": "Combien de postes ?", "en": "How many?"},
                    "type": "integer",
                }
            },
        )
        return task.id


def enter(browser, address):
    """Follow a private link as another person would."""
    token = re.search(r"/d/([\w-]+)", address).group(1)
    browser.client.set_cookie("dossier", token)
    return browser


def test_the_state_is_told_in_plain_words(commune):
    page = commune.get(commune.at).text
    assert "Le centre va vous rappeler" in page
    assert "Des fichiers sont devenus illisibles" in page
    assert "registres papier" in page  # how to go on without the computers
    assert "CNIL" in page
    assert "Triage" not in page
    assert "lookalike" not in page


def test_what_is_waited_for_is_said_in_each_language_and_typeset(commune):
    waited = {"fr": "Appeler pour « Débrancher »", "en": "Call for “Unplug”"}
    with atomic(SYSTEM) as s:
        case = s.get_one(Case, commune.case_id)
        case.dues = {}
        cases.set_waiting(case, "responder", why=waited)
        told = in_each(sentence_of_now(case))
    assert told["en"] == "The centre is on it: Call for “Unplug”."
    assert told["fr"].endswith("Appeler pour «\u202fDébrancher\u202f».")


def test_the_state_says_by_when_the_centre_calls_and_when_it_is_late(commune):
    with atomic(SYSTEM) as s:
        due = datetime.fromisoformat(s.get_one(Case, commune.case_id).dues["callback"]["at"])
    for page in (commune.at, f"{commune.at}/maire", "/declarer/merci"):
        assert f"avant {hour(due)}" in commune.get(page).text
    with clock.using(clock.still(due + timedelta(minutes=1))):
        for page in (commune.at, f"{commune.at}/maire", "/declarer/merci"):
            late = commune.get(page).text
            assert f"avant {hour(due)}" not in late
            assert "vous a promis a du retard" in late


def test_who_gave_no_number_is_not_promised_a_call(visitor):
    begun, _ = make_declaration(make_organisation("Valfleur"), SHORT)
    visitor.client.set_cookie("dossier", begun.token)
    page = visitor.get(f"/mon-dossier/{begun.reference}").text
    assert "rappeler avant" not in page
    assert "vous appelle" not in page
    assert "pas laissé de numéro" in page


def test_the_part_that_renews_itself_is_the_same(commune):
    part = commune.get(f"{commune.at}/parties/state")
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Le centre va vous rappeler" in part.text


def test_a_task_is_answered_with_the_call_that_was_made(commune):
    task_id = ask(commune.case_id)
    assert "Débrancher (commune)" in commune.get(f"{commune.at}/a-faire").text
    sent = {
        "answer": "done",
        "q-hosts": "3",
        "called_at": "09:12",
        "called_who": "Yann",
        "words": "Coupé.",
    }
    assert commune.post(f"{commune.at}/a-faire/{task_id}", sent).status_code == 303
    with atomic(SYSTEM) as s:
        task = s.get_one(Task, task_id)
        assert (task.answer, task.values, task.answered_side) == ("done", {"hosts": 3}, "commune")
        assert task.note == "Appel à 09:12, parlé à Yann. Coupé."


@pytest.mark.parametrize("answer", ["impossible", "unknown"])
def test_not_possible_here_and_i_do_not_know_are_answers(commune, answer):
    task_id = ask(commune.case_id)
    assert commune.post(f"{commune.at}/a-faire/{task_id}", {"answer": answer}).status_code == 303


def test_a_wrong_answer_is_said_and_nothing_typed_is_lost(commune):
    task_id = ask(commune.case_id)
    sent = {"answer": "done", "q-hosts": "trois", "called_who": "Yann", "words": "Il rappelle."}
    page = commune.post(f"{commune.at}/a-faire/{task_id}", sent)
    assert page.status_code == 422
    for typed in ('value="trois"', 'value="Yann"', "Il rappelle.</textarea>"):
        assert typed in page.text


def test_the_desks_own_tasks_are_not_shown(commune):
    assert "Appeler la personne" not in commune.get(f"{commune.at}/a-faire").text
    with atomic(SYSTEM) as s:
        task_id = s.scalar(select(Task.id).where(Task.name == "call-back"))
    assert commune.post(f"{commune.at}/a-faire/{task_id}", {"answer": "done"}).status_code == 404


def test_messages_go_both_ways_and_notes_stay_on_the_desk(commune):
    assert commune.post(f"{commune.at}/messages", {"body": "Bonjour <b>x</b>"}).status_code == 303
    responder = actor_of(make_person("responder"))
    with atomic(responder.scope):
        case = cases.access_case(responder, commune.case_id)
        cases.write(responder, case, body="Nous arrivons.")
        cases.add_note(responder, case, body="Entre nous")
    page = commune.get(f"{commune.at}/messages").text
    assert "Nous arrivons." in page
    assert "Entre nous" not in page
    assert "<b>x</b>" not in page


def test_what_is_typed_stays_on_the_device_until_a_message_of_mine_is_there(commune):
    here = f"{commune.at}/messages"
    assert f'data-draft="{here}">' in commune.get(here).text
    commune.post(here, {"body": "Bonjour"})
    with atomic(SYSTEM) as session:
        at = session.scalars(select(CaseMessage.at)).one()
    assert f'data-draft="{here}" data-draft-known="{at.isoformat()}"' in commune.get(here).text


def test_an_empty_or_endless_message_is_said_to_be_so(commune):
    assert commune.post(f"{commune.at}/messages", {"body": "  "}).status_code == 422
    long = commune.post(f"{commune.at}/messages", {"body": "a" * 100_000})
    assert long.status_code == 422
    assert "a" * 100_000 in long.text
    with atomic(SYSTEM) as s:
        assert s.scalars(select(CaseMessage)).all() == []


def test_the_mayors_page_says_what_to_decide_and_what_to_say(commune):
    ask(commune.case_id, who="mayor")
    page = commune.get(f"{commune.at}/maire").text
    assert "Débrancher (mayor)" in page
    assert "La mairie subit un incident informatique" in page
    assert "La commune ne paie pas de rançon" in page
    assert "Mieux vaut ne pas dire" in page


def test_the_mayor_gets_a_link_of_their_own(commune, another):
    given = commune.post(f"{commune.at}/partage", {"role": "mayor", "label": "Mme la maire"})
    shown = commune.get(given.location).text
    assert "/d/" in shown
    assert "/d/" not in commune.get(f"{commune.at}/partage").text, "the link is shown once"
    enter(another, shown)
    assert another.get(f"{commune.at}/maire").status_code == 200
    assert another.get(f"{commune.at}/partage").status_code == 200


def test_a_provider_sees_their_own_tasks_and_no_more(commune, another):
    ask(commune.case_id, who="provider")
    ask(commune.case_id, who="commune")
    given = commune.post(f"{commune.at}/partage", {"role": "provider", "label": ""})
    enter(another, commune.get(given.location).text)
    page = another.get(f"{commune.at}/a-faire").text
    assert "Débrancher (provider)" in page
    assert "Débrancher (commune)" not in page
    state = another.get(commune.at).text
    assert "Des fichiers sont devenus illisibles" not in state
    assert "CNIL" not in state
    assert another.get(f"{commune.at}/maire").status_code == 404
    assert another.get(f"{commune.at}/partage").status_code == 403
    assert another.get("/declarer/relire").location == "/reprendre"


def test_a_link_taken_back_opens_nothing(commune, another):
    given = commune.post(f"{commune.at}/partage", {"role": "member", "label": ""})
    page = commune.get(given.location).text
    enter(another, page)
    assert another.get(commune.at).status_code == 200
    end = re.search(r'action="([^"]+/fin)"', commune.get(f"{commune.at}/partage").text).group(1)
    assert commune.post(end).status_code == 303
    assert another.get(commune.at).location == "/reprendre"


def test_a_role_that_is_not_offered_is_refused(commune):
    assert commune.post(f"{commune.at}/partage", {"role": "responder"}).status_code == 422
    assert commune.post(f"{commune.at}/partage/{uuid4()}/fin").status_code == 404


def test_a_signed_in_member_of_the_commune_has_the_same_space(commune, another):
    with atomic(SYSTEM) as s:
        organisation = s.get_one(Case, commune.case_id).organisation_id
    sign_in(another.client, make_person("member", organisation=organisation))
    assert another.get("/mon-dossier").location == commune.at
    assert "Le centre va vous rappeler" in another.get(commune.at).text


def test_two_cases_can_be_told_apart(commune, another):
    with atomic(SYSTEM) as s:
        organisation = s.get_one(Case, commune.case_id).organisation
    second, _ = make_declaration(organisation, RANSOMWARE)
    sign_in(another.client, make_person("member", organisation=organisation))
    page = another.get("/mon-dossier").text
    assert commune.begun.reference in page
    assert second.reference in page


@pytest.mark.parametrize(
    "part", ["", "/a-faire", "/messages", "/maire", "/partage", "/direct", "/parties/thread"]
)
def test_another_commune_gets_the_same_404_as_for_nothing(commune, another, part):
    theirs, _ = make_declaration()
    another.client.set_cookie("dossier", theirs.token)
    absent = another.get(f"/mon-dossier/CD-000-000{part}")
    forbidden = another.get(f"{commune.at}{part}")
    assert absent.status_code == forbidden.status_code == 404
    strip = re.compile(r"CD-\w{3}-\w{3}|[\w.-]{60,}|data-now=\"[^\"]+")
    assert strip.sub("", absent.text) == strip.sub("", forbidden.text)


def test_a_closed_case_shows_its_letter_and_still_takes_a_message(commune):
    responder = actor_of(make_person("lead"))
    with atomic(responder.scope):
        case = cases.access_case(responder, commune.case_id)
        cases.close_case(
            responder,
            case,
            outcome="false-alarm",
            determination="false-positive",
            letter="Ce n’était pas une attaque.",
        )
    assert "Ce n’était pas une attaque." in commune.get(commune.at).text
    assert commune.post(f"{commune.at}/messages", {"body": "Merci"}).status_code == 303
