"""What people answer. An answer whose ticket is not the one that waits changes nothing."""

from cyberdesk.desk.playbooks.engine.begin import act, decide, reconsider
from cyberdesk.desk.playbooks.engine.flow import divert, fail, finish
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.questions import ask, ask_task, take_answers, unanswered
from cyberdesk.desk.playbooks.engine.results import attempt_failed
from cyberdesk.desk.playbooks.engine.state import ON_PERSON, Event, Instance
from cyberdesk.desk.playbooks.steps import Action, Task


def answered(m: Machine, event: Event) -> None:
    """Take `{path, ticket, answer, values, by}`."""
    path, answer = event["path"], event["answer"]
    one = m.awaited(event, ON_PERSON)
    if one is None:
        return
    taken = _TAKEN[one["asked"]](m, path, one, event)
    if not taken:
        m.emit("ignored", event="answer", path=path, why=f"not an answer: {answer}")


def _task(m: Machine, path: str, one: Instance, event: Event) -> bool:
    step, answer = m.step(one), event["answer"]
    assert isinstance(step, Task)
    given = event.get("values") or {}
    if answer not in ("done", "impossible", "unknown"):
        return False
    if answer == "done" and unanswered(step, given):
        return False
    changed = take_answers(m, one, step, given)
    one["asked"] = None
    if answer == "done" and step.approve:
        ask(m, path, "confirm", step.approve, by=event.get("by"))
    elif answer == "done":
        finish(m, path)
    else:
        _not_done(m, path, step, answer)
    if changed:
        reconsider(m)
    return True


def _not_done(m: Machine, path: str, step: Task, answer: str) -> None:
    route = step.impossible if answer == "impossible" else step.unknown
    if route is not None:
        divert(m, path, route, answer)
    else:
        ask(m, path, "review", "responder", after=answer)


def _confirm(m: Machine, path: str, one: Instance, event: Event) -> bool:
    one["asked"] = None
    if event["answer"] == "agree":
        finish(m, path)
    elif event["answer"] == "refuse":
        ask_task(m, path)
    else:
        one["asked"] = "confirm"
        return False
    return True


def _approve(m: Machine, path: str, one: Instance, event: Event) -> bool:
    if event["answer"] not in ("agree", "refuse"):
        return False
    one["asked"] = None
    if event["answer"] == "agree":
        act(m, path)
    else:
        fail(m, path, "refused", str(event.get("reason", "")))
    return True


def _decide(m: Machine, path: str, one: Instance, event: Event) -> bool:
    step, value = m.step(one), str(event["answer"])
    cases = getattr(step, "cases", None)
    allowed = {"true", "false"} if cases is None else {*cases, "default"}
    if value not in allowed:
        return False
    one["asked"] = None
    decide(m, path, value)
    return True


def _verify(m: Machine, path: str, one: Instance, event: Event) -> bool:
    if event["answer"] not in ("done", "not_done"):
        return False
    one["asked"] = None
    if event["answer"] == "done":
        finish(m, path)
    else:
        attempt_failed(m, path, "not-done", "", permanent=False)
    return True


def _review(m: Machine, path: str, one: Instance, event: Event) -> bool:
    """After an answer without a route, or a failed compensation: go on, or do it again."""
    if event["answer"] not in ("go_on", "again"):
        return False
    one["asked"] = None
    step = m.step(one)
    if event["answer"] == "go_on":
        finish(m, path, "accepted", "skipped")
    elif isinstance(step, Task):
        ask_task(m, path)
    elif isinstance(step, Action):
        one["attempt"] = 1
        act(m, path)
    else:
        closed = m.close(path, "withdrawn")
        m.enter_after(closed, step.id)
    return True


_TAKEN = {
    "task": _task,
    "confirm": _confirm,
    "approve": _approve,
    "decide": _decide,
    "verify": _verify,
    "review": _review,
}
