"""A declaration becomes a case with its playbook begun and its first tasks open, in one go."""

from sqlalchemy import select

from cyberdesk.core.access import ANONYMOUS, Actor, ActorKind, Grant, Role
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.hygiene import CleanedForm
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations import service as declarations
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.versions import publish_shipped
from cyberdesk.desk.tasks.models import OPEN, Task
from cyberdesk.rooms import open_rooms
from tests.factories import make_organisation

BY_SIGHT = {
    "wrong_transfer": "transfer_fraud",
    "data_stolen": "data_leak",
    "equipment": "industrial",
    "impersonation": "impersonation",
    "ransom_note": "ransomware",
    "mails_sent": "mail_account",
    "website": "denial_of_service",
    "unknown": "cyber_generic",
    "lost_device": "lost_device",
}


def declare(sees: str) -> Case:
    organisation = make_organisation()
    with atomic(SYSTEM):
        begun = declarations.start(ANONYMOUS, strand="cyber", organisation=organisation)
        grant = Grant(Role.DECLARANT, declaration=begun.declaration.id)
        link = Actor(ActorKind.LINK, begun.declaration.id, "Mireille", (grant,))
        for page, fields in {
            "sees": {"sees": [sees]},
            "reach": {"callback_phone": ["06 39 98 12 30"]},
            **({"site": {"site_what": ["down"]}} if sees == "website" else {}),
        }.items():
            assert declarations.save(link, begun.declaration, page, CleanedForm(fields)).ok
        return declarations.send(link, begun.declaration)


def test_the_type_chooses_the_playbook_and_tasks_are_open_at_once(database):
    """All in one house: to publish every playbook takes longer than to declare."""
    open_rooms()
    publish_shipped()
    for sees, playbook in BY_SIGHT.items():
        case = declare(sees)
        with atomic(SYSTEM) as session:
            run = session.scalars(select(Run).where(Run.case_id == case.id)).one()
            assert run.name == playbook, sees
            assert run.hash
            asked = session.scalars(
                select(Task).where(Task.case_id == case.id, Task.state == OPEN)
            ).all()
            assert {task.who for task in asked} & {"commune", "responder"}, sees
            assert any(task.run_id == run.id for task in asked), sees
            first_calls = [task for task in asked if task.name in {"call-back", "call_back"}]
            assert [task.who for task in first_calls] == ["responder"], "one call, not two"
            assert "callback" in session.get_one(Case, case.id).dues, sees


def test_without_any_playbook_the_case_is_taken_all_the_same(database):
    open_rooms()
    case = declare("ransom_note")
    with atomic(SYSTEM) as session:
        names = session.scalars(select(Task.name).where(Task.case_id == case.id)).all()
    assert "choose-playbook" in names
