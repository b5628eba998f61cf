"""What changes for a step under way when its version does: its question, its deadline, its wait."""

from cyberdesk.desk.playbooks.engine.begin import begin, look
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.questions import ask, ask_task, due_of
from cyberdesk.desk.playbooks.engine.state import Instance
from cyberdesk.desk.playbooks.steps import Action, Step, Task, Wait
from cyberdesk.desk.playbooks.texts import resolve


def renew(m: Machine, path: str, before: Step, after: Step) -> None:
    """Let the step at `path`, live and the same in both versions, follow its new wording."""
    one = m.steps[path]
    if before.deadline != after.deadline:
        _deadline(m, path, after)
    if before.timeout != after.timeout:
        _timer(m, path, "timeout", one["begun"] + after.timeout if after.timeout else None)
    match one["status"]:
        case "open" if _asks_otherwise(before, after):
            _reminders(m, path, after)
            ask_task(m, path)
        case "approval" if isinstance(after, Action) and before != after:
            given = resolve(after.input, m.values(one))
            ask(m, path, "approve", after.approve or "lead", action=after.action, input=given)
        case "deciding":
            look(m, path)
        case "joining" if before != after:
            one.pop("timers", None)
            begin(m, path)
        case "waiting" if isinstance(after, Wait) and _waits_otherwise(before, after):
            one.pop("timers", None)
            begin(m, path)


def _asks_otherwise(before: Step, after: Step) -> bool:
    assert isinstance(before, Task)
    assert isinstance(after, Task)
    told = ("title", "who", "content", "ask", "phase", "remind", "deadline")
    return any(getattr(before, name) != getattr(after, name) for name in told)


def _waits_otherwise(before: Step, after: Wait) -> bool:
    told = ("length", "until", "signal")
    return any(getattr(before, name, None) != getattr(after, name) for name in told)


def _deadline(m: Machine, path: str, after: Step) -> None:
    """Count the new deadline from when the step was begun; what is late stays late."""
    one = m.steps[path]
    one.pop("due", None)
    if after.deadline is None:
        _timer(m, path, "breach", None)
        return
    one["due"] = due_of(m, one, after.deadline, one["begun"])
    _timer(m, path, "breach", None if one.get("late") else one["due"])


def _reminders(m: Machine, path: str, after: Step) -> None:
    one: Instance = m.steps[path]
    for kind in [kind for kind in one.get("timers", {}) if kind.startswith("remind")]:
        del one["timers"][kind]
    for index, pause in enumerate(getattr(after, "remind", ())):
        if one["begun"] + pause > m.now:
            m.timer(path, f"remind{index}", one["begun"] + pause)


def _timer(m: Machine, path: str, kind: str, at: int | None) -> None:
    if at is None:
        m.steps[path].get("timers", {}).pop(kind, None)
    else:
        m.timer(path, kind, at)
