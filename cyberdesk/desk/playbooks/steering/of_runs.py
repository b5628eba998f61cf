"""What a person may do to a whole run."""

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.forms import SteerForm
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.steering.act import RunAct
from cyberdesk.desk.playbooks.steering.of_versions import MIGRATE

RUN_ACTS = (
    RunAct(
        name="pause",
        title=_("Pause the playbook"),
        explained=_("Answers are still taken. Nothing new begins and no deadline is escalated."),
        done=_("The playbook is paused."),
        icon="player-pause",
        may="run:pause",
        service=service.pause,
        shown=lambda run: run.status == "running",
    ),
    RunAct(
        name="resume",
        title=_("Let the playbook go on"),
        explained=_("What was held begins at once, and deadlines count again."),
        done=_("The playbook goes on."),
        icon="player-play",
        may="run:pause",
        service=service.resume,
        form=SteerForm,
        shown=lambda run: run.status == "paused",
    ),
    RunAct(
        name="settle",
        title=_("Try nothing more"),
        explained=_("What failed stays failed and visible. It no longer waits for a person."),
        done=_("Noted: nothing more is tried."),
        icon="check",
        may="run:settle",
        service=service.settle,
        shown=lambda run: run.dead > 0 and run.settled_at is None,
    ),
    RunAct(
        name="cancel",
        title=_("Cancel the playbook"),
        explained=_(
            "Open tasks are withdrawn, what has not left is called back, and what the playbook "
            "knows how to undo is undone. It cannot be taken up again."
        ),
        done=_("The playbook is cancelled."),
        icon="ban",
        may="run:cancel",
        service=service.cancel,
        shown=lambda run: run.status in ("running", "paused"),
        danger=True,
    ),
)


def run_acts(actor: Actor, run: Run) -> list[RunAct]:
    """Return what `actor` can do to the run as it stands."""
    if not run.case.is_open:
        return []
    place = run.place()
    every = (*RUN_ACTS, MIGRATE)
    return [act for act in every if actor.may(act.may, place) and act.shown(run)]
