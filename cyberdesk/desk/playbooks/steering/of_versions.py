"""Taking a run over to another version of its playbook, and what that would come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.text import Text, _
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.engine import advance
from cyberdesk.desk.playbooks.engine.titles import listed_title
from cyberdesk.desk.playbooks.forms import MigrateForm
from cyberdesk.desk.playbooks.models import PlaybookVersion, Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.steering.act import RunAct
from cyberdesk.desk.playbooks.versions import versions_named

MIGRATE = RunAct(
    name="migrate",
    title=_("Go on in another version"),
    explained=_(
        "What was done stays done. What stands in both versions stays as it is; what is gone is "
        "withdrawn, and the run goes on behind it."
    ),
    done=_("The playbook goes on in the other version."),
    icon="route",
    may="run:migrate",
    service=service.migrate,
    form=MigrateForm,
    shown=lambda run: run.status in ("running", "paused", "failed") and bool(others(run)),
)
_WHY = {
    "an effect is under way": _("An action is under way: wait until it has come home."),
    "the same version": _("The run is in this version already."),
    "another playbook": _("This is another playbook."),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What going over would come to, in titles; `refused` says why it cannot be now."""

    refused: Text | None
    kept: Sequence[Mapping[str, str]] = ()
    withdrawn: Sequence[Mapping[str, str]] = ()
    goes_on: Sequence[Mapping[str, str]] = ()
    passed: Sequence[Mapping[str, str]] = ()


def others(run: Run) -> list[PlaybookVersion]:
    """Return the versions that the run could go over to, the newest first."""
    return [one for one in versions_named(run.name) if one.hash != run.hash]


def preview(run: Run, to: str) -> Preview:
    """Return what going over to `to` would come to, tried on a copy of the run."""
    state = run.state
    after, commands = advance(shelf, state, {"type": "migrate", "to": to}, clock.now())
    for command in commands:
        if command["do"] == "ignored":
            return Preview(_WHY.get(command["why"], _("This run has ended.")))
        if command["do"] == "migrated":
            return _told(state, after, to, command)
    return Preview(_("This run has ended."))


def _told(before: Any, after: Any, to: str, command: Mapping[str, Any]) -> Preview:
    old, new = shelf[before["contexts"][""]["program"]], shelf[to]
    by_key = {step.key: step for step in new.steps.values()}
    values = after["contexts"][""]["vars"]

    def was(path: str) -> Mapping[str, str]:
        step = old.steps[before["steps"][path]["step"]]
        return listed_title(old, step, before["contexts"][""]["vars"])

    def will_be(key: str) -> Mapping[str, str]:
        return listed_title(new, by_key[key], values)

    entered = [one["at"] for one in command["goes_on"] if one["at"]]
    return Preview(
        None,
        kept=[was(path) for path in command["kept"] if _shown(old, before, path)],
        withdrawn=[was(path) for path in command["withdrawn"] if _shown(old, before, path)],
        goes_on=[will_be(key) for key in entered if by_key[key].line.get("kind") != "end"],
        passed=[will_be(key) for key in command["passed"]],
    )


def _shown(old: Any, state: Any, path: str) -> bool:
    """Say whether people see the step: one that only contains others has no title of its own."""
    return bool(state["steps"][path]["status"] != "inside")
