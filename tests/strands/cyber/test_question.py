"""A question that is no attack: from the door to the letter, without frightening anybody."""

from sqlalchemy import select

from cyberdesk.core.access import system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.letter import draft
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks.models import Clock
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.tasks.models import OPEN, Task
from cyberdesk.rooms import open_rooms
from cyberdesk.strands.cyber import gestures, speech
from cyberdesk.strands.cyber.facts import facts
from cyberdesk.strands.cyber.obligations import LegalSettings, due_clocks
from cyberdesk.strands.cyber.taxonomy import QUESTION
from tests.factories.declarations import make_declaration
from tests.factories.playbooks import publish_some

HOUSE = system("test")
ASKED = {
    "sees": {"sees": ["question"]},
    "reach": {"callback_phone": ["06 39 98 12 30"]},
    "question": {"question_about": ["protect"], "question_words": ["Que faire d’un vieux poste ?"]},
}


def test_a_question_becomes_a_calm_case_with_its_own_playbook_and_no_deadline(database):
    open_rooms()
    publish_some("question", "generic")
    _, case_id = make_declaration(screens=ASKED)
    with atomic(SYSTEM) as session:
        case = session.get_one(Case, case_id)
        assert (case.subject, case.level, case.rsit) == (QUESTION, 1, "other/other")
        assert case.title["fr"] == "Demande d’information"
        assert session.scalars(select(Run.name)).all() == ["cyber_question"]
        assert session.scalars(select(Clock.name)).all() == []
        open_tasks = session.scalars(select(Task).where(Task.state == OPEN)).all()
        assert [task.who for task in open_tasks] == ["responder"]


def test_it_is_closed_as_what_it_was_with_an_answer_for_letter(database):
    open_rooms()
    publish_some("question", "generic")
    _, case_id = make_declaration(screens=ASKED)
    with atomic(SYSTEM):
        case = cases.find_case(HOUSE, case_id)
        found = draft(case)
        assert (found.outcome, found.determination) == ("information", "false-positive")
        letter = found.letter.replace("[À compléter : la réponse", "La réponse").replace("]", "")
        case = cases.access_case(HOUSE, case_id)
        closed = cases.close_case(
            HOUSE,
            case,
            outcome=found.outcome,
            determination=found.determination,
            letter=letter.replace("[À compléter", ""),
        )
        assert (closed.outcome, case.outcome) == ("information", "information")


def test_no_fact_that_law_reasons_about_stays_open_for_a_question():
    told = facts({"sees": [QUESTION]}, serves_others=False, nis2_category="essential")
    found = due_clocks(told, {}, LegalSettings(nis2="in_force"))
    assert [clock.obligation.name for clock in found if clock.obligation.force != "should"] == []


def test_nobody_is_told_to_unplug_or_what_to_say_to_the_press():
    assert gestures.complete((), [QUESTION]) == ()
    assert speech.speech(QUESTION) == ()
