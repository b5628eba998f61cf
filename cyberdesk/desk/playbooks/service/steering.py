"""Steering runs: every act is permitted, journalled, and told with its reason."""

from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import seeing
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.jobs import outbox
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.playbooks import ledger
from cyberdesk.desk.playbooks.keeper import Applied, apply, apply_held, hold
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.service.loading import title_of
from cyberdesk.desk.playbooks.service.refusing import needed, refuse_ignored
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.trace import WAKE


@allowed("run:pause", on="run")
@recorded("run:pause", about="run")
def pause(actor: Actor, run: Run, *, reason: str) -> Run:
    """Hold the run: answers are still taken, nothing new begins, no deadline is escalated."""
    applied = _steered(actor, run, {"type": "pause", "by": actor.name})
    cases.tell(actor, run.case, "run:paused", words=needed(reason), desk_only=True)
    return applied.run


@allowed("run:pause", on="run")
@recorded("run:resume", about="run")
def resume(actor: Actor, run: Run) -> Run:
    """Let a paused run go on."""
    applied = _steered(actor, run, {"type": "resume"})
    outbox.send(WAKE, run_id=str(run.id))
    cases.tell(actor, run.case, "run:resumed", desk_only=True)
    return applied.run


@allowed("run:cancel", on="run")
@recorded("run:cancel", about="run")
def cancel(actor: Actor, run: Run, *, reason: str) -> Run:
    """End the run: withdraw what is open, call back what has not begun, undo what can be undone."""
    words = needed(reason)
    with seeing(SYSTEM):
        held = hold(run.id)
        called_back = ledger.void(held)
        applied = apply_held(actor, held, {"type": "cancel"})
        refuse_ignored(applied)
        for path, ticket in called_back:
            told = {"type": "result", "path": path, "ticket": ticket, "permanent": True}
            apply_held(actor, held, told | {"outcome": "failed", "code": "called-back"})
    cases.tell(actor, run.case, "run:cancelled", words=words, desk_only=True)
    return run


@allowed("run:skip", on="run")
@recorded("run:skip", about="run")
def skip(actor: Actor, run: Run, *, path: str, reason: str) -> Run:
    """Go on as if the step were done, and say why."""
    return _on_step(actor, run, "skip", path, reason)


@allowed("run:retry", on="run")
@recorded("run:retry", about="run")
def retry(actor: Actor, run: Run, *, path: str) -> Run:
    """Try a failed step again, or one that waits for its next attempt now."""
    return _on_step(actor, run, "retry", path, None)


@allowed("run:redo", on="run")
@recorded("run:redo", about="run")
def redo(actor: Actor, run: Run, *, path: str, reason: str) -> Run:
    """Come back to a finished step; what its strand did after it is withdrawn or done again."""
    return _on_step(actor, run, "redo", path, reason)


@allowed("run:migrate", on="run")
@recorded("run:migrate", about="run")
def migrate(actor: Actor, run: Run, *, to: str, reason: str) -> Run:
    """Let the run go over to another version of its playbook; what was done stays done.

    `to` is that version's content hash. Raises ConflictError when the run cannot go over now.
    """
    words = needed(reason)
    applied = _steered(actor, run, {"type": "migrate", "to": to})
    version = shelf[to]
    with seeing(SYSTEM):
        applied.run.title = dict(version.title)
    facts = {"title": dict(version.title), "version": to.partition(":")[2][:12]}
    cases.tell(actor, run.case, "run:migrated", facts=facts, words=words, desk_only=True)
    return applied.run


@allowed("run:settle", on="run")
@recorded("run:settle", about="run")
def settle(actor: Actor, run: Run, *, reason: str) -> Run:
    """Take a failed run off the list of what waits for a person: nothing more will be tried.

    It comes back when something else in it fails. What has failed stays as it is, and visible.
    """
    words = needed(reason)
    with seeing(SYSTEM):
        held = hold(run.id)
        if not held.dead or held.settled_at is not None:
            raise ConflictError(_("Nothing in this run waits for that any more."))
        held.settled_at = clock.now()
    cases.tell(actor, run.case, "run:settled", words=words, desk_only=True)
    return held


def _on_step(actor: Actor, run: Run, kind: str, path: str, reason: str | None) -> Run:
    words = None if reason is None else needed(reason)
    applied = _steered(actor, run, {"type": kind, "path": path, "by": actor.name})
    facts = {"path": path, "title": dict(title_of(run, path))}
    cases.tell(actor, run.case, f"run:{kind}", facts=facts, words=words, desk_only=True)
    return applied.run


def _steered(actor: Actor, run: Run, event: dict[str, Any]) -> Applied:
    if not run.case.is_open:  # a failed run could be brought back, and its tasks with it
        raise ConflictError(_("This case is closed."), hint=_("Reopen it first."))
    applied = apply(actor, run.id, event)
    refuse_ignored(applied)
    return applied
