"""A house where something of everything is: what the addresses of the API read and act on."""

from dataclasses import dataclass, field

from flask import Flask

from cyberdesk.core.access import system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.playbooks import drafts, versions
from cyberdesk.desk.tasks import service as tasks
from tests.desk.playbooks.written import playbook
from tests.factories import make_membership, make_organisation, make_person
from tests.factories.declarations import make_declaration
from tests.factories.machines import Machine, make_machine

HOUSE = system("test")


@dataclass
class LivedIn:
    """A lead's program, and values for the parameters of addresses."""

    machine: Machine
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return self.machine.token

    def knows(self, path: str) -> bool:
        """Say whether every parameter of `path` names something."""
        return path.count("{") == len(self.known(path))

    def known(self, path: str) -> dict[str, str]:
        """Return parameters that name something, for those of `path` that have any."""
        return {name: value for name, value in self.parameters.items() if f"{{{name}}}" in path}


def furnish(app: Flask) -> LivedIn:
    """Make a declared case with its tasks and deadlines, and a program of a lead of its desk."""
    commune = make_organisation("Saint-Exemple", code="83901")
    person = make_person("lead", name="Aïcha Lebon")
    make_membership(person, "manager", organisation=commune)
    _begun, case_id = make_declaration(commune)
    machine = make_machine(app, person)
    with atomic(SYSTEM):
        case = cases.find_case(HOUSE, case_id)
        open_task = tasks.open_task(
            HOUSE, case, name="call", who="responder", title={"fr": "Appeler", "en": "Call"}
        )
        clock_id = clocks.clocks_of(case)[0].id
        reference = case.reference
        written = playbook("a: {task: {fr: Faire, en: Do}, who: lead}", name="mail_account")
        version = versions.publish(HOUSE, source=written).hash
        draft_id = drafts.begin(HOUSE, source=written).id
    made = machine.post(
        "/declarations",
        {
            "organisation": {"insee": "83901"},
            "answers": {"sees": ["website"], "callback_phone": None},
        },
    )
    assert made.status_code == 201, made.text
    seen = {"values": [{"value": "hxxps://exemple[.]test/login"}]}
    added = machine.post(f"/cases/{reference}/observables", seen)
    assert added.status_code < 300, added.text
    parameters = {
        "reference": reference,
        "task_id": str(open_task.id),
        "clock_id": str(clock_id),
        "strand": "cyber",
        "fact": "insured",
        "name": "mail_account",
        "version": version,
        "draft_id": str(draft_id),
        "object_id": added.json["added"][0]["id"],
    }
    return LivedIn(machine, parameters)
