"""What starts at once when a declaration has become a case."""

from typing import Any

from cyberdesk.core.access import system
from cyberdesk.core.text import _, in_each
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.playbooks import service as playbooks
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.strands.cyber import calling_back, telling
from cyberdesk.strands.cyber.questionnaire import load_questionnaire

_HOUSE = system("intake")
_ROLES = {"secretary": "declarant", "mayor": "mayor", "management": "director", "it": "it"}


def route(case: Case, declaration: Declaration) -> None:
    """Note whom to call and when it began, promise the call-back, let a playbook begin."""
    answers = declaration.answers
    _note_people(case, answers)
    _note_beginning(case, answers)
    calling_back.promise(case, declaration)
    follow_playbook(case)
    calling_back.plan(case, declaration)


def follow_playbook(case: Case) -> None:
    """Let the playbook begin that fits type and severity; without one, a person chooses.

    A declaration is never lost for want of a playbook.
    """
    fitting = playbooks.choose_playbook(case)
    if fitting:
        playbooks.start_run(_HOUSE, case, fitting=fitting)
        return
    title = in_each(_("Choose how to go on: no playbook fits this case"))
    tasks.open_task(_HOUSE, case, name="choose-playbook", who="responder", title=title)


def _note_people(case: Case, answers: dict[str, Any]) -> None:
    for role, name, phone, email in _people(answers):
        cases.add_person(_HOUSE, case, role=role, name=name, phone=phone, email=email)


def _people(answers: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return role, name, telephone and mail of everybody the declaration names."""
    told = {name: value for name, value in answers.items() if isinstance(value, str)}
    role = _ROLES.get(told.get("callback_role", ""), "declarant")
    declarant = told.get("callback_name") or str(_("Person who declared"))
    found = [(role, declarant, told.get("callback_phone", ""), told.get("other_mail", ""))]
    if told.get("other_phone"):
        found.append(("other", str(_("Second number")), told["other_phone"], ""))
    same = told.get("it_name") == declarant and not told.get("it_phone")
    if (told.get("it_name") or told.get("it_phone")) and not same:
        kind = "it" if "staff" in (answers.get("it_support") or ()) else "provider"
        name = told.get("it_name") or str(_("Whoever looks after the computers"))
        found.append((kind, name, told.get("it_phone", ""), ""))
    if told.get("insurer"):
        found.append(("insurer", told["insurer"], "", ""))
    return found


def _note_beginning(case: Case, answers: dict[str, Any]) -> None:
    began = telling.instant(load_questionnaire(), answers, "since")
    if began:
        said = telling.beginning(load_questionnaire(), answers)
        words = str(_("Beginning of the attack as declared: %(said)s", said=said))
        cases.chronicle(_HOUSE, case, at=began.earliest, words=words, desk_only=False)
