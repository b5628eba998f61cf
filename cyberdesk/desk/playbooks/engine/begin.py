"""What happens when the run comes to a step: one function per kind."""

from collections.abc import Callable
from typing import Any

from cyberdesk.desk.playbooks.conditions import evaluate
from cyberdesk.desk.playbooks.engine.flow import divert, drop_live, end_context, fail, finish, leave
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.questions import (
    ask,
    ask_decision,
    ask_task,
    read_answer,
    set_deadline,
)
from cyberdesk.desk.playbooks.engine.state import new_context
from cyberdesk.desk.playbooks.steps import (
    Action,
    Call,
    End,
    If,
    Parallel,
    Start,
    Step,
    Switch,
    Task,
    Wait,
    While,
)
from cyberdesk.desk.playbooks.texts import resolve
from cyberdesk.desk.playbooks.values import Value, instant, write_value

DEEPEST_CALL = 8


def enter(m: Machine, op: dict[str, Any]) -> None:
    """Come to the step of a queued `enter`, or to the end of its branch."""
    if op["step"] is None:
        leave(m, op["ctx"], op["in"])
        return
    step = m.program(op["ctx"]).steps[op["step"]]
    path = m.create(step, op)
    if op["from"]:
        m.emit("move", path=path, start=op["from"], end=step.id)
    if step.delay:
        m.stand(path, "delayed")
        m.timer(path, "delay", m.now + step.delay)
        return
    begin(m, path)


def begin(m: Machine, path: str) -> None:
    """Start a step whose delay, if any, is over."""
    one = m.steps[path]
    step = m.step(one)
    if step.timeout:
        m.timer(path, "timeout", m.now + step.timeout)
    set_deadline(m, path, step.deadline)
    _BEGIN[type(step)](m, path, step)


def branch(m: Machine, path: str, to: str | None) -> None:
    """Go into a branch of a condition; without one there is nothing to do there."""
    if to is None:
        finish(m, path)
        return
    one = m.stand(path, "inside")
    m.enter(to, one, [path, "branch"], one["base"])


def act(m: Machine, path: str, *, check: bool = False) -> None:
    """Ask for the effect of an action, or with `check` whether it has happened already."""
    one = m.steps[path]
    step = m.step(one)
    assert isinstance(step, Action)
    one.get("timers", {}).pop("retry", None)
    ticket = m.ticket()
    one = m.stand(path, "acting", ticket=ticket, attempt=one.get("attempt", 1), asked=None)
    m.emit(
        "act",
        path=path,
        ticket=ticket,
        entry=one["entry"],
        attempt=one["attempt"],
        step=step.id,
        key=step.key,
        action=step.action,
        input=resolve(step.input, m.values(one)),
        once_per=step.once_per,
        timeout=step.retry.timeout,
        check=check,
    )


def decide(m: Machine, path: str, value: str) -> None:
    """Take the way that a condition, or a person in its place, has chosen."""
    step = m.step(m.steps[path])
    match step:
        case If():
            branch(m, path, step.on_true if value == "true" else step.on_false)
        case Switch():
            branch(m, path, step.cases.get(value, step.default))
        case While():
            _round(m, path, again=value == "true")


def decided(m: Machine, path: str) -> str | None:
    """Return the way that a condition chooses, or None while it cannot be decided."""
    one = m.steps[path]
    step, values = m.step(one), m.values(one)
    match step:
        case If() | While():
            truth = None if step.condition is None else evaluate(step.condition, values)
            return None if truth is None else str(truth).lower()
        case Switch():
            held = write_value(values.get(step.variable))
            return held if isinstance(held, str) else None
    return None


def look(m: Machine, path: str) -> None:
    """Decide a condition by its variables, else by its `unknown` route, else by asking."""
    step = m.step(m.steps[path])
    assert isinstance(step, If | Switch | While)
    value = decided(m, path)
    if value is not None:
        decide(m, path, value)
    elif step.unknown is None:
        ask_decision(m, path)
    elif isinstance(step, While):
        divert(m, path, step.unknown, "unknown")
    else:
        branch(m, path, step.unknown)


def reconsider(m: Machine) -> None:
    """Variables have changed: decide by itself what a person was asked to decide."""
    for path, one in list(m.steps.items()):
        if one["status"] == "deciding" and (value := decided(m, path)) is not None:
            m.emit("close", path=path, ticket=one["ticket"], why="known")
            one["asked"] = None
            decide(m, path, value)


def _start(m: Machine, path: str, _step: Step) -> None:
    finish(m, path)


def _end(m: Machine, path: str, step: End) -> None:
    one = m.steps[path]
    m.close(path, "done", step.outcome)
    if not step.final:
        leave(m, one["ctx"], one["in"])
    elif m.context(one["ctx"])["state"] == "running":
        end_context(m, one["ctx"], step.outcome, by=one)
    else:  # the run is being cancelled: what ends is the compensation alone
        drop_live(m)


def _task(m: Machine, path: str, step: Task) -> None:
    for index, pause in enumerate(step.remind):
        m.timer(path, f"remind{index}", m.now + pause)
    ask_task(m, path)


def _action(m: Machine, path: str, step: Action) -> None:
    if step.approve:
        given = resolve(step.input, m.values(m.steps[path]))
        ask(m, path, "approve", step.approve, action=step.action, input=given)
    else:
        act(m, path)


def _wait(m: Machine, path: str, step: Wait) -> None:
    kept = m.state["signals"].get(step.signal or "")
    if kept:
        take_signal(m, path, kept.pop(0))
        return
    at = m.now + step.length
    if step.until:
        until = instant(m.values(m.steps[path]).get(step.until))
        if until is None:
            ask(m, path, "review", "responder", after="unknown-instant")
            return
        at = int(until.timestamp() * 1000)
    m.stand(path, "waiting", signal=step.signal)
    if step.signal is None:
        m.timer(path, "wait", at)


def take_signal(m: Machine, path: str, payload: dict[str, Any]) -> None:
    """A signal that was waited for: write what it brings, and go on."""
    one = m.steps[path]
    step = m.step(one)
    assert isinstance(step, Wait)
    write_out(m, one["ctx"], step.out, payload)
    finish(m, path)


def write_out(m: Machine, context: str, out: Any, result: Any) -> None:
    """Write fields of a result to variables, as their types; what does not fit is unknown."""
    declared = m.program(context).variables
    values = m.context(context)["vars"]
    for name, field in out.items():
        variable = declared.get(name)
        if variable and not variable.constant and variable.fact is None:
            question = {"type": variable.type, "choices": variable.choices}
            raw = result.get(field) if isinstance(result, dict) else None
            values[name] = read_answer(question, raw)
    reconsider(m)


def _look(m: Machine, path: str, _step: Step) -> None:
    look(m, path)


def _parallel(m: Machine, path: str, step: Parallel) -> None:
    one = m.stand(path, "inside", open=[f"strand:{name}" for name in step.strands])
    for name, first in step.strands.items():
        m.enter(first, one, [path, f"strand:{name}"], f"{path}/{name}/")


def _round(m: Machine, path: str, *, again: bool) -> None:
    one = m.steps[path]
    step = m.step(one)
    assert isinstance(step, While)
    rounds = one.get("round", 0)
    if not again:
        finish(m, path)
    elif rounds >= step.most:
        fail(m, path, "too-many-rounds", f"{step.most}")
    else:
        _forget_round(m, f"{path}#{rounds}/")
        m.stand(path, "inside", round=rounds + 1, asked=None)
        m.enter(step.body, one, [path, "round"], f"{path}#{rounds + 1}/")


def _forget_round(m: Machine, base: str) -> None:
    """Finished rounds are kept in the database, not in the state, which must stay small."""
    undo = m.state["undo"]
    for path in [p for p in m.steps if p.startswith(base) and p not in undo]:
        del m.steps[path]
    for name in [c for c in m.state["contexts"] if c.startswith(base)]:
        if not any(path.startswith(f"{name}>") for path in undo):
            del m.state["contexts"][name]


def _call(m: Machine, path: str, step: Call) -> None:
    one = m.steps[path]
    if m.library.get(step.pinned) is None:
        fail(m, path, "playbook-missing", step.playbook)
    elif one["ctx"].count(">") >= DEEPEST_CALL:
        fail(m, path, "too-deep", step.playbook)
    elif step.once_per == "case":
        rejoin_call(m, path)
    else:
        open_call(m, path)


def rejoin_call(m: Machine, path: str) -> None:
    """Ask whether another run of the case has begun what this step calls."""
    one, ticket = m.steps[path], m.ticket()
    step = m.step(one)
    assert isinstance(step, Call)
    m.stand(path, "joining", ticket=ticket, since=one.get("since", m.now))
    name, given = m.library[step.pinned].name, _given(m, path, step)
    m.emit("join", path=path, ticket=ticket, step=step.id, playbook=name, given=given)


def open_call(m: Machine, path: str) -> None:
    """Begin the playbook that this step calls."""
    step = m.step(m.steps[path])
    assert isinstance(step, Call)
    program = m.library[step.pinned]
    context = new_context(program, m.state["facts"], by=path)
    context["vars"] |= _given(m, path, step)
    m.state["contexts"][path] = context
    m.stand(path, "inside")
    m.emit("called", path=path)
    m.enter_first(path, program.start, None, f"{path}>")


def _given(m: Machine, path: str, step: Call) -> dict[str, Value]:
    given: dict[str, Value] = resolve(step.input, m.values(m.steps[path]))
    declared = m.library[step.pinned].variables
    return {name: value for name, value in given.items() if name in declared}


_BEGIN: dict[type[Step], Callable[[Machine, str, Any], None]] = {
    Start: _start,
    End: _end,
    Task: _task,
    Action: _action,
    Wait: _wait,
    If: _look,
    Switch: _look,
    While: _look,
    Parallel: _parallel,
    Call: _call,
}
