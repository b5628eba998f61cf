"""Why a run is waiting: every live run names what it waits for, or the watchdog rings."""

from dataclasses import dataclass
from datetime import datetime

from cyberdesk.desk.playbooks.engine.state import FINAL_RUN, LEAF, Library, State, live, moment
from cyberdesk.desk.playbooks.engine.titles import listed_title
from cyberdesk.desk.playbooks.steps import Call
from cyberdesk.desk.playbooks.texts import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is waited for. `kind` is the live status of the step, `paused` or `queued`.

    `detail` is the role asked, the signal's name, or what the last attempt said (`code` its kind).
    """

    kind: str
    path: str
    title: Text
    since: datetime
    until: datetime | None = None
    detail: str = ""
    attempt: int = 0
    attempts: int = 0
    late: bool = False
    code: str = ""  # of what the last attempt met


def reasons(library: Library, state: State) -> list[Reason]:
    """Return what the run waits for, oldest first; empty only for a run that has ended."""
    if state["status"] in FINAL_RUN:
        return []
    found = [
        _reason(library, state, path, one) for path, one in live(state) if one["status"] in LEAF
    ]
    if state["status"] == "paused":
        held = state["paused"]
        nothing = {"fr": "", "en": ""}
        by = str(held.get("by") or "")
        found.insert(0, Reason("paused", "", nothing, moment(held["at"]), detail=by))
    return found


def _reason(library: Library, state: State, path: str, one: dict[str, object]) -> Reason:
    context = state["contexts"][one["ctx"]]
    program = library[context["program"]]
    step = program.steps[str(one["step"])]
    timers: dict[str, int] = one.get("timers") or {}  # type: ignore[assignment]
    ends = [at for kind, at in timers.items() if kind in ("delay", "retry", "wait", "timeout")]
    retry = getattr(step, "retry", None)
    failure: dict[str, str] = one.get("failure") or {}  # type: ignore[assignment]
    detail = one.get("who") or one.get("signal") or failure.get("message") or failure.get("code")
    if one["status"] == "retrying":
        detail = failure.get("message") or failure.get("code")
    return Reason(
        kind=str(one["status"]),
        path=path,
        title=library[step.pinned].title
        if isinstance(step, Call)
        else listed_title(program, step, context["vars"]),
        since=moment(int(str(one["since"]))),
        until=moment(min(ends)) if ends else None,
        detail=str(detail or ""),
        attempt=int(str(one.get("attempt", 0))),
        attempts=retry.attempts if retry else 0,
        late=bool(one.get("late")),
        code=failure.get("code") or "",
    )
