"""What becomes due: delays, retries, waits, deadlines, reminders, time-outs."""

from cyberdesk.desk.playbooks.engine.begin import act, begin
from cyberdesk.desk.playbooks.engine.flow import divert, fail, finish
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.state import under_way


def fire_next(m: Machine) -> bool:
    """Let the earliest timer that is due do its work; say whether there was one."""
    if m.state["status"] not in ("running", "cancelling"):
        return False
    due = [
        (at, one["entry"], kind, path)
        for path, one in under_way(m.state)
        if "timers" in one
        for kind, at in one["timers"].items()
        if at <= m.now
    ]
    if not due:
        return False
    _, _, kind, path = min(due)
    del m.steps[path]["timers"][kind]
    _fire(m, path, kind)
    return True


def _fire(m: Machine, path: str, kind: str) -> None:
    match kind:
        case "delay":
            begin(m, path)
        case "retry":
            act(m, path)
        case "wait":
            finish(m, path)
        case "breach":
            _breach(m, path)
        case "timeout":
            _time_out(m, path)
        case _:
            one = m.steps[path]
            m.emit("remind", path=path, ticket=one.get("ticket"), who=one.get("who"))


def _breach(m: Machine, path: str) -> None:
    """The time has passed: say so, and begin the breach branch beside the step."""
    one = m.steps[path]
    one["late"] = True
    m.emit("late", path=path, ticket=one.get("ticket"), due=one["due"])
    deadline = m.step(one).deadline
    if deadline and deadline.breach and not one.get("cancelled"):
        m.enter(deadline.breach, one, [path, "breach"], f"{path}!breach/")


def _time_out(m: Machine, path: str) -> None:
    """CACAO 2.0 §4.1: a step whose time-out has passed fails with ACTION_TIMEOUT."""
    route = m.step(m.steps[path]).on_timeout
    if route is not None:
        divert(m, path, route, "timeout")
    else:
        fail(m, path, "ACTION_TIMEOUT", path)
