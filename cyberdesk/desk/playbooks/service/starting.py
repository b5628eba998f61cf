"""Starting playbooks on cases."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.db import keep, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, NotFoundError
from cyberdesk.core.text import Text, _, in_each
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.playbooks.asking import read_given
from cyberdesk.desk.playbooks.engine import SEMANTICS, State, new_state
from cyberdesk.desk.playbooks.facts import facts_of
from cyberdesk.desk.playbooks.keeper import apply_held
from cyberdesk.desk.playbooks.matching import candidates, why_it_fits
from cyberdesk.desk.playbooks.models import PlaybookVersion, Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.values import Value
from cyberdesk.desk.playbooks.versions import current


@allowed("run:start")
@recorded("run:start", about="case")
def start_run(
    actor: Actor,
    case: Case,
    *,
    playbook: str | None = None,
    fitting: PlaybookVersion | None = None,
    facts: Mapping[str, Value] | None = None,
    given: Mapping[str, Any] | None = None,
    why: Text | Mapping[str, str] | None = None,
    reason: str = "",
) -> Run:
    """Let a playbook begin on `case`: the one named, else the one that fits it best.

    Who has asked `choose_playbook` already hands its answer over as `fitting`.

    `facts` are what the strand knows beside the case itself, by bare name: `it_staff`, `insured`…
    `given` are answers to what the playbook asks of whoever starts it, by variable.
    `why` is generated; what a person gives as their `reason` is sealed on the timeline.
    It is advanced at once, in this transaction, as far as it goes without other systems: its first
    tasks are open when this returns. Raises NotFoundError where none is named and none fits,
    ConflictError on a closed case, InvalidError with what is wrong with each answer.
    """
    if not case.is_open:
        raise ConflictError(
            _("This case is closed."), hint=_("Reopen it first, then start the playbook.")
        )
    version = current(playbook) if playbook else fitting or _best(case)
    why = why or (_("Chosen by hand") if playbook else why_it_fits(case, version))
    program = shelf[version.hash]
    answers = read_given(program, given or {})
    note(given=sorted(answers))
    with seeing(SYSTEM):
        lock(case)  # a run that is new is held by whoever makes it; no fact changes meanwhile
        told = facts_of(case) | {f"case.{name}": value for name, value in (facts or {}).items()}
        run = _new_run(actor, case, version, new_state(program, told, answers), why)
        _tell_start(actor, run, reason)
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
    state: State,
    why: Text | Mapping[str, str] | None,
) -> Run:
    now = clock.now()
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
        started_by="CyberDesk" if actor.kind is ActorKind.SYSTEM else actor.name,
        why=in_each(why) if isinstance(why, Text) else dict(why or {}),
        state=state,
    )
    session().add(keep(run))
    return run


def _tell_start(actor: Actor, run: Run, reason: str) -> None:
    facts = {"title": run.title}
    words = reason.strip() or None
    cases.tell(actor, run.case, "run:started", facts=facts, words=words, desk_only=True)
