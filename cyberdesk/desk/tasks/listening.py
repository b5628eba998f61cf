"""What happens to a case and asks something of a person."""

from typing import Any

from cyberdesk.core.access import system
from cyberdesk.core.events import events
from cyberdesk.core.text import Text, _, in_each
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.tasks import service
from cyberdesk.desk.tasks.models import WITHDRAWN
from cyberdesk.desk.tasks.waiting import open_tasks

GO_ON = "go-on"  # the name of the task
_HOUSE = system("desk")


def subscribe() -> None:
    events.subscribe("case:closed", _closed)
    events.subscribe("case:reopened", _reopened)


def _closed(case: Case, **_facts: Any) -> None:
    """Nobody is asked any more for what was opened by hand; playbooks take theirs back."""
    for task in open_tasks(case):
        if task.run_id is None:
            service.withdraw(_HOUSE, task, why=WITHDRAWN)


def _reopened(case: Case, **_facts: Any) -> None:
    """A case that is opened again asks something of somebody: its playbook stays ended."""
    service.open_task(
        _HOUSE,
        case,
        name=GO_ON,
        who="responder",
        title=in_each(_("Agree with the commune how to go on")),
        content={
            "why": in_each(_("The case is open again; its playbook stays ended and asks nothing.")),
            "how": [in_each(line) for line in _HOW],
            "evidence": [in_each(_("What was agreed, with whom and when"))],
        },
    )


_HOW: tuple[Text, ...] = (
    _("Call the commune: what has come back, since when, and what was done meanwhile?"),
    _("Compare with the first time: the same way in, the same machines, the same account?"),
    _("Start the fitting playbook again under Procedure, or say in the thread what comes next."),
)
