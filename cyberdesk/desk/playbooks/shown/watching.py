"""What stands still or failed, as far as the reader may know: of other desks, numbers alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cyberdesk.core.access import Actor
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.models import SweeperBeat
from cyberdesk.core.text import bilingual
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks import watch
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shown.failures import said, told
from cyberdesk.desk.playbooks.shown.run import speaker_of, step_of
from cyberdesk.desk.playbooks.shown.states import Stand, States
from cyberdesk.desk.playbooks.shown.words import sweep_name
from cyberdesk.desk.playbooks.why import sentence


@dataclass(frozen=True, slots=True)
class Still:
    """A run in a list. Its case and what it waits for are there only for those who may see it."""

    run: Run
    case: Case | None
    title: str
    since: datetime
    waits: Sequence[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A step that waits for a person: an effect to verify, or a failure without a way out."""

    run: Run
    case: Case
    title: str
    why: str
    since: datetime
    entry: int


@dataclass(frozen=True, slots=True)
class Swept:
    """The last time of one sweep; `ms` is how long it took, `failed` its kind of fault."""

    name: str
    at: datetime
    ms: int
    done: int
    failed: str


def stuck(actor: Actor) -> list[Still]:
    return _still(actor, watch.stuck)


def long_waits(actor: Actor) -> list[Still]:
    return _still(actor, watch.long_waits)


def to_verify(actor: Actor) -> list[Broken]:
    """Return the effects of which a person must say whether they happened."""
    return list(_broken(actor, watch.unsure(), _verify))


def exhausted(actor: Actor) -> list[Broken]:
    """Return the failed steps of runs that no one has settled."""
    return list(_broken(actor, watch.dead(), lambda states: states.dead()))


def late_leases(actor: Actor) -> list[Still]:
    """Return the runs with an effect whose worker has gone silent."""
    with seeing(SYSTEM):
        late = watch.late_leases()
        runs = {one.run_id: one for one in late if one.leased_until is not None}
        found = [session().get_one(Run, run_id) for run_id in runs]
    return _still(actor, lambda: found)


def did(beat: SweeperBeat) -> list[Swept]:
    """Return what each sweep did last, by name."""
    return [
        Swept(
            sweep_name(name),
            datetime.fromisoformat(one["at"]),
            one["ms"],
            one["done"],
            one["failed"],
        )
        for name, one in sorted(beat.sweeps.items())
    ]


def badge(actor: Actor) -> int:
    """Count what waits for a person, among what `actor` may see."""
    from cyberdesk.desk.playbooks import deadletters

    of_runs = watch.for_a_person() if actor.may("run:read") else 0
    return of_runs + deadletters.count(actor)


def _still(actor: Actor, read: Callable[[], Sequence[Run]]) -> list[Still]:
    with seeing(SYSTEM):
        return [one for run in read() if (one := _one(actor, run)) is not None]


def _one(actor: Actor, run: Run) -> Still | None:
    if actor.may("run:read", run.place()):
        waits = [str(sentence(stand.reason)) for stand in States(run).waiting() if stand.reason]
        return Still(run, run.case, bilingual(run.title), run.moved_at, waits)
    if actor.may("delivery:house"):  # who runs the platform sees that it stands, not whose it is
        return Still(run, None, bilingual(run.title), run.moved_at, ())
    return None


def _verify(states: States) -> list[Stand]:
    return [stand for stand in states.waiting() if stand.status == "verify"]


def _broken(
    actor: Actor, runs: Iterable[Run], stands_of: Callable[[States], list[Stand]]
) -> Iterable[Broken]:
    for run in runs:
        if not actor.may("run:read", run.place()):
            continue
        states = States(run)
        for stand in stands_of(states):
            context = states.state["steps"][stand.path]["ctx"]
            yield Broken(
                run=run,
                case=run.case,
                title=speaker_of(states, context).title(step_of(states, stand.path)),
                why=_why(stand),
                since=stand.ended or stand.since or run.moved_at,
                entry=stand.entry or 0,
            )


def _why(stand: Stand) -> str:
    if stand.reason is not None:
        heard = stand.task.content.get("facts", {}).get("message", "") if stand.task else ""
        return " · ".join(filter(None, (str(sentence(stand.reason)), str(heard))))
    return " · ".join(filter(None, (told(stand.failure), said(stand.failure))))
