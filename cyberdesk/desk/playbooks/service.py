"""Starting playbooks on cases and steering them. Every act is permitted, journalled and told."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError
from cyberdesk.core.jobs import outbox
from cyberdesk.core.text import Text, _, in_each
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks import ledger
from cyberdesk.desk.playbooks.actions import ENGINE
from cyberdesk.desk.playbooks.engine import SEMANTICS, new_state
from cyberdesk.desk.playbooks.engine.titles import listed_title
from cyberdesk.desk.playbooks.facts import facts_of
from cyberdesk.desk.playbooks.keeper import Applied, apply, apply_held, hold
from cyberdesk.desk.playbooks.matching import candidates
from cyberdesk.desk.playbooks.models import PlaybookVersion, Run, Signal
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.trace import WAKE
from cyberdesk.desk.playbooks.values import Value
from cyberdesk.desk.playbooks.versions import current


@allowed("run:start")
@recorded("run:start", about="case")
def start_run(
    actor: Actor,
    case: Case,
    *,
    playbook: str | None = None,
    facts: Mapping[str, Value] | None = None,
    why: Text | Mapping[str, str] | None = None,
) -> Run:
    """Let a playbook begin on `case`: the one named, else the one that fits it best.

    `facts` are what the strand knows beside the case itself, by bare name: `it_staff`, `insured`…
    It is advanced at once, in this transaction, as far as it goes without other systems: its first
    tasks are open when this returns. Raises NotFoundError where none is named and none fits.
    """
    version = current(playbook) if playbook else _best(case)
    with seeing(SYSTEM):
        run = _new_run(actor, case, version, facts or {}, why)
        apply_held(actor, run, {"type": "start"})
    return run


def choose_playbook(case: Case) -> PlaybookVersion | None:
    """Return the current version of the playbook that fits `case` best, or None."""
    found = candidates(case)
    return found[0].version if found else None


def _best(case: Case) -> PlaybookVersion:
    found = choose_playbook(case)
    if found is None:
        raise NotFoundError(
            _("No playbook fits this case."), hint=_("Choose one by hand, or work without.")
        )
    return found


def _new_run(
    actor: Actor,
    case: Case,
    version: PlaybookVersion,
    facts: Mapping[str, Value],
    why: Text | Mapping[str, str] | None,
) -> Run:
    now = clock.now()
    told = facts_of(case) | {f"case.{name}": value for name, value in facts.items()}
    run = Run(
        key_id=case.key_id,
        case_id=case.id,
        case=case,
        hash=version.hash,
        name=version.name,
        title=version.title,
        semantics=SEMANTICS,
        exercise=case.exercise,
        status="new",
        waits=[],
        started_at=now,
        moved_at=now,
        started_by=actor.name,
        why=in_each(why) if isinstance(why, Text) else dict(why or {}),
        state=new_state(shelf[version.hash], told),
    )
    session().add(run)
    session().flush()
    cases.tell(actor, case, "run:started", facts={"title": version.title}, desk_only=True)
    return hold(run.id)


def runs_of(case: Case) -> Sequence[Run]:
    """Return the runs of a case, oldest first."""
    wanted = select(Run).where(Run.case_id == case.id)
    return session().scalars(wanted.order_by(Run.started_at, Run.id)).all()


def access_run(actor: Actor, run_id: UUID) -> Run:
    """Return the run when `actor` may see it. Raises NotFoundError, absent or forbidden."""
    run = session().get(Run, run_id)
    if run is None or not actor.may("run:read", run.place()):
        raise NotFoundError(_("There is no such run, or it is not open to you."))
    return run


@allowed("run:pause", on="run")
@recorded("run:pause", about="run")
def pause(actor: Actor, run: Run, *, reason: str) -> Run:
    """Hold the run: answers are still taken, nothing new begins, no deadline is escalated."""
    applied = _steered(actor, run, {"type": "pause", "by": actor.name})
    cases.tell(actor, run.case, "run:paused", words=_needed(reason), desk_only=True)
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
    words = _needed(reason)
    with seeing(SYSTEM):
        held = hold(run.id)
        called_back = ledger.void(held)
        applied = apply_held(actor, held, {"type": "cancel"})
        _refuse_ignored(applied)
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


@allowed("run:signal", on="run")
@recorded("run:signal", about="run")
def signal(
    actor: Actor, run: Run, *, name: str, payload: Mapping[str, Any] | None = None, dedup: str
) -> bool:
    """Tell the run of a signal; the same `dedup` counts once. Say whether it was new."""
    with seeing(SYSTEM):
        held = hold(run.id)
        entry = {"run_id": run.id, "dedup": dedup, "name": name, "came_at": clock.now()}
        new = insert(Signal).values(entry).on_conflict_do_nothing().returning(Signal.dedup)
        if session().execute(new).first() is None:
            return False
        told = {"type": "signal", "name": name, "payload": dict(payload or {})}
        apply_held(actor, held, told)
        return True


def answer(
    actor: Actor,
    run_id: UUID,
    *,
    path: str,
    ticket: int,
    said: str,
    values: Mapping[str, Any] | None = None,
) -> Applied:
    """Take a person's answer to the question `ticket`. The room of the tasks has checked who may.

    Raises ConflictError when the question is no longer open, or this is no answer to it.
    """
    told = {"type": "answer", "path": path, "ticket": ticket, "answer": said}
    applied = apply(
        actor,
        run_id,
        told | {"values": dict(values or {}), "by": str(actor.person or actor.id or "")},
    )
    _refuse_ignored(applied)
    return applied


def tell_facts(case: Case) -> int:
    """Tell the open runs of a case what has changed in it; return how many there were."""
    with seeing(SYSTEM):
        told = facts_of(case)
        open_runs = [run.id for run in runs_of(case) if run.is_open]
        for run_id in open_runs:
            run = hold(run_id)
            if run.state["facts"] | told != run.state["facts"]:
                apply_held(ENGINE, run, {"type": "facts", "values": told})
        return len(open_runs)


def stop_runs(case: Case, *, reason: str) -> int:
    """End the open runs of a case that was closed or merged; nothing is undone."""
    with seeing(SYSTEM):
        open_runs = [run.id for run in runs_of(case) if run.is_open]
        for run_id in open_runs:
            run = hold(run_id)
            ledger.void(run)
            apply_held(ENGINE, run, {"type": "stop", "reason": reason})
        return len(open_runs)


def _on_step(actor: Actor, run: Run, kind: str, path: str, reason: str | None) -> Run:
    words = None if reason is None else _needed(reason)
    applied = _steered(actor, run, {"type": kind, "path": path, "by": actor.name})
    facts = {"path": path, "title": dict(title_of(run, path))}
    cases.tell(actor, run.case, f"run:{kind}", facts=facts, words=words, desk_only=True)
    return applied.run


def title_of(run: Run, path: str) -> Mapping[str, str]:
    """Return the title of a step of the run, as lists may show it."""
    one = run.state.get("steps", {}).get(path)
    if one is None:
        return {"fr": path, "en": path}
    context = run.state["contexts"][one["ctx"]]
    program = shelf[context["program"]]
    return listed_title(program, program.steps[one["step"]], context["vars"])


def _steered(actor: Actor, run: Run, event: dict[str, Any]) -> Applied:
    applied = apply(actor, run.id, event)
    _refuse_ignored(applied)
    return applied


def _refuse_ignored(applied: Applied) -> None:
    why = applied.ignored
    if why is None:
        return
    if why.startswith("not an answer"):
        raise InvalidError(_("This is no answer to the question."), hint=why)
    raise ConflictError(
        _("This is no longer open: somebody, or time, was faster."),
        hint=_("Reload the page to see how it stands."),
    )


def _needed(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise InvalidError(_("Say why."), fields={"reason": [_("missing")]})
    return words
