"""Runs of a playbook ordered by the dozen, each on a case of its own, in a town of no map."""

from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.playbooks import service


def found_town() -> UUID:
    """Add the town in the transaction under way; return its id."""
    town = Organisation(
        kind="commune", code="00001", name="Valmesure", search="valmesure", facts={},
        fictional=True, created_at=clock.now(),
    )  # fmt: skip
    session().add(town)
    session().flush()
    return town.id


def order(actor: Actor, town_id: UUID, playbook: str, runs: int) -> list[UUID]:
    """Open so many cases of the town with a run each, one transaction after the other."""
    return [_run(actor, town_id, playbook, number) for number in range(runs)]


def _run(actor: Actor, town_id: UUID, playbook: str, number: int) -> UUID:
    said = {"fr": f"Mesure {number}", "en": f"Measure {number}"}
    with atomic(SYSTEM):
        case = cases.open_case(
            actor, strand="cyber", kind="incident", organisation_id=town_id,
            key_id=vault.create_key("case"), title=said, subject="other", rsit=None,
            severity=10, level=1, severity_why=said,
        )  # fmt: skip
        return service.start_run(actor, case, playbook=playbook).id
