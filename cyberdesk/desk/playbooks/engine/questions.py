"""What is put to a person: tasks, decisions, approvals, verifications, reviews."""

from typing import Any

from cyberdesk.desk.playbooks.conditions import readable, variables
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.state import Instance
from cyberdesk.desk.playbooks.engine.titles import listed_title
from cyberdesk.desk.playbooks.steps import Deadline, If, Switch, Task, While
from cyberdesk.desk.playbooks.texts import fill_all
from cyberdesk.desk.playbooks.values import BadValueError, Value, instant, read_value

# kind of question → the status in which its step waits
_STATUS = {
    "task": "open",
    "confirm": "confirm",
    "review": "review",
    "decide": "deciding",
    "approve": "approval",
    "verify": "verify",
}


def ask(m: Machine, path: str, kind: str, who: str, **facts: Any) -> None:
    """Put a question of `kind` to `who`; the step waits for its answer."""
    one = m.steps[path]
    if one.get("asked"):
        m.emit("close", path=path, ticket=one["ticket"], why="replaced")
    step = m.step(one)
    ticket = m.ticket()
    m.stand(path, _STATUS[kind], ticket=ticket, asked=kind, who=who)
    m.emit(
        "ask",
        path=path,
        ticket=ticket,
        kind=kind,
        who=who,
        step=step.id,
        program=m.context(one["ctx"])["program"],
        title=listed_title(m.program(one["ctx"]), step, m.values(one)),
        due=one.get("due"),
        **facts,
    )


def ask_task(m: Machine, path: str) -> None:
    """Open the task of a task step, its texts filled with what is known now."""
    one = m.steps[path]
    step = m.step(one)
    assert isinstance(step, Task)
    values = m.values(one)
    ask(
        m,
        path,
        "task",
        step.who,
        content=fill_all(step.content, values),
        questions=fill_all(step.ask, values),
        without_it=values.get("it_staff") is False,
        phase=step.phase,
    )


def ask_decision(m: Machine, path: str) -> None:
    """Ask which way to go where a condition cannot be decided: with what is known, and what not."""
    one = m.steps[path]
    step = m.step(one)
    values = m.values(one)
    match step:
        case If() | While():
            names = variables(step.condition) if step.condition else []
            text = readable(step.condition) if step.condition else step.source
            choices = ["true", "false"]
        case Switch():
            names, text = [step.variable], step.variable
            choices = [*step.cases, "default"]
        case _:
            raise TypeError(f"{type(step).__name__} decides nothing")
    known = {name: values.get(name) for name in names}
    ask(m, path, "decide", "responder", condition=text, known=known, choices=choices)


def set_deadline(m: Machine, path: str, deadline: Deadline | None) -> None:
    """Start the clock of a step: `within` of now, or of the instant that `since` holds."""
    if deadline is None:
        return
    one = m.steps[path]
    one["due"] = due_of(m, one, deadline, m.now)
    m.timer(path, "breach", one["due"])


def due_of(m: Machine, one: Instance, deadline: Deadline, begun: int) -> int:
    """Return the instant that a deadline counted from `begun`, or from its variable, comes to."""
    since = instant(m.values(one).get(deadline.since or ""))
    start = begun if since is None else int(since.timestamp() * 1000)
    return start + deadline.within


def take_answers(m: Machine, one: Instance, task: Task, given: dict[str, Any]) -> bool:
    """Write the answers to a task's questions; say whether any variable changed."""
    values = m.values(one)
    before = dict(values)
    for name in task.ask:
        if name in given:
            values[name] = read_answer(task.ask[name], given[name])
    return values != before


def read_answer(question: Any, raw: Any) -> Value:
    """Return the answer as the question's type, None where it is unknown or does not fit."""
    try:
        return check_answer(question, raw)
    except BadValueError:
        return None


def check_answer(question: Any, raw: Any) -> Value:
    """Return the answer as the question's type. Raises BadValueError, which says what fits."""
    value = read_value(question.get("type", "string"), None if raw == "" else raw)
    if value is None:
        return None
    choices = question.get("choices")
    if choices and value not in choices:
        raise BadValueError(", ".join(choices))
    if isinstance(value, int | float) and not isinstance(value, bool):
        least, most = question.get("min"), question.get("max")
        if (least is not None and value < least) or (most is not None and value > most):
            raise BadValueError(f"{least if least is not None else '…'} – {most or '…'}")
    return value


def unanswered(task: Task, given: dict[str, Any]) -> list[str]:
    """Return the questions that may not stay unknown but have no valid answer."""
    return [
        name
        for name, question in task.ask.items()
        if question.get("unknown") == "refused" and read_answer(question, given.get(name)) is None
    ]
