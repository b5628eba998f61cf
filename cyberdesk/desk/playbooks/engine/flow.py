"""How steps end and where the run goes then: on, back to an owner, to a failure's way out."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.questions import ask
from cyberdesk.desk.playbooks.engine.state import LEAF, LIVE, Instance, Within
from cyberdesk.desk.playbooks.steps import Call, Parallel, While
from cyberdesk.desk.playbooks.values import Value

_LONGEST_MESSAGE = 500


def finish(m: Machine, path: str, answer: str = "done", status: str = "done") -> None:
    """End a step well, and go on to what follows it."""
    one = m.steps[path]
    cancelled = one.get("cancelled")
    clear(m, path)
    step = m.step(one)
    m.close(path, status, answer)
    if step.undo and status == "done" and (cancelled or m.state["status"] != "cancelling"):
        _remember_undo(m, path)
    if not cancelled:
        m.enter_after(one, step.next)


def divert(m: Machine, path: str, to: str, answer: str) -> None:
    """End a step well, but go on elsewhere than to its usual successor."""
    one = m.steps[path]
    clear(m, path)
    m.close(path, "done", answer)
    m.enter_after(one, to)


def clear(m: Machine, path: str) -> None:
    """Withdraw what is still under way inside a step: its strands, its breach branch."""
    m.drop_queue(path)
    for inner in m.inside(path):
        m.close(inner, "withdrawn")
    for context in m.state["contexts"].values():
        context["dead"] = [p for p in context["dead"] if path not in m.ancestors(m.steps[p])]


def drop_live(m: Machine) -> None:
    """Withdraw all that is under way, but for effects that cannot be called back."""
    m.state["queue"] = []
    for path, one in list(m.steps.items()):
        if one["status"] in LIVE and not one.get("cancelled"):
            m.close(path, "withdrawn")


def leave(m: Machine, context: str, within: Within) -> None:
    """A branch has ended: return to its owner (CACAO 2.0 §4.10)."""
    if within is None:
        m.context(context)["main"] = "ended"
        return
    owner, role = within
    if role == "exception":
        m.context(context)["exception"] = "done"
    elif role not in ("undo", "breach"):
        _returned(m, owner, role)


def _returned(m: Machine, path: str, role: str) -> None:
    one = m.steps[path]
    if one["status"] != "inside":
        return
    step = m.step(one)
    if isinstance(step, While):
        m.state["queue"].append({"op": "round", "path": path, "entry": one["entry"]})
    elif isinstance(step, Parallel):
        one["open"].remove(role)
        if not one["open"]:
            finish(m, path)
    else:
        finish(m, path)


def fail(m: Machine, path: str, code: str, message: str = "") -> None:
    """A step has failed: its own way out, else an owner's, else the exception, once."""
    one = m.steps[path]
    failure = {"code": code, "message": message[:_LONGEST_MESSAGE]}
    m.values(one)["failure"] = failure["message"] or code
    clear(m, path)
    if one.get("cancelled"):
        m.close(path, "withdrawn", failure=failure)
        return
    step = m.step(one)
    if step.on_failure:
        m.close(path, "failed", failure=failure)
        m.enter_after(one, step.on_failure)
        return
    if any(role == "undo" for _, role in m.owners(one)):
        ask(m, path, "review", "responder", failure=failure, after="failed")
        return
    m.close(path, "failed", failure=failure)
    if not _owner_takes(m, one, failure):
        _die(m, path)


def _owner_takes(m: Machine, one: Instance, failure: dict[str, str]) -> bool:
    for owner, role in m.owners(one):
        if role in ("breach", "exception"):
            return False
        holder = m.steps[owner]
        way_out = m.step(holder).on_failure
        if way_out:
            clear(m, owner)
            m.close(owner, "failed", failure=failure)
            m.enter_after(holder, way_out)
            return True
    return False


def _die(m: Machine, path: str) -> None:
    """No way out: this strand stops, the others go on, and the exception is tried once."""
    one = m.steps[path]
    name = one["ctx"]
    context = m.context(name)
    context["dead"].append(path)
    exception = m.program(name).exception
    if exception and context["exception"] is None:
        context["exception"] = "running"
        base = f"{name}>!exception/" if name else "!exception/"
        m.enter_first(name, exception, [name, "exception"], base)


def end_context(m: Machine, name: str, outcome: str, *, by: Instance | None = None) -> None:
    """A playbook has ended, well or not; its caller, if any, goes on accordingly.

    `by` is the `end` step that ended it from any depth: what contains it has led there, what does
    not is withdrawn.
    """
    context = m.context(name)
    status = "failed" if context["dead"] else "completed"
    led = set(m.ancestors(by)) if by else set()
    m.state["queue"] = [op for op in m.state["queue"] if not _belongs(m, op, name)]
    for path, one in list(m.steps.items()):
        # The owners of a strand that died stay as they are: a person may bring it back.
        revivable = one["status"] == "inside" and status == "failed" and one["ctx"] == name
        if one["status"] in LIVE and _in_context(m, one, name) and not revivable:
            m.close(path, "done" if path in led else "withdrawn")
    context |= {"state": status, "outcome": outcome}
    if name == "":
        end_run(m, status, outcome)
    else:
        _return_to_caller(m, name, status, outcome)


def end_run(m: Machine, status: str, outcome: str | None) -> None:
    m.state |= {"status": status, "outcome": outcome, "queue": []}
    m.emit("finished", status=status, outcome=outcome)


def _belongs(m: Machine, op: dict[str, Any], name: str) -> bool:
    return _in_context(m, op if op["op"] == "enter" else m.steps[op["path"]], name)


def _in_context(m: Machine, one: Instance, name: str) -> bool:
    return one["ctx"] == name or name == "" or name in m.ancestors(one)


def _return_to_caller(m: Machine, path: str, status: str, outcome: str) -> None:
    one = m.steps[path]
    if one["status"] != "inside":
        return
    theirs = m.context(path)["vars"]
    if status == "failed":
        fail(m, path, "playbook-failed", str(theirs.get("failure") or outcome))
    else:
        come_back(m, path, theirs, outcome)


def come_back(m: Machine, path: str, theirs: Mapping[str, Value], outcome: str) -> None:
    """Take over what a called playbook has come to, and go on."""
    one = m.steps[path]
    step = m.step(one)
    assert isinstance(step, Call)
    mine = m.values(one)
    for name, their_name in step.out.items():
        if name in mine:
            mine[name] = theirs.get(their_name)
    finish(m, path, outcome)


def settle(m: Machine) -> bool:
    """End every context in which nothing is left to wait for; say whether one was.

    While the run is being cancelled, only playbooks called by compensations are left to end.
    """
    if m.state["queue"] or m.state["status"] not in ("running", "cancelling"):
        return False
    waiting = _waiting_contexts(m)
    # A called playbook's name begins with its caller's: the longest are the innermost.
    for name in sorted(m.state["contexts"], key=len, reverse=True):
        context = m.context(name)
        if context["state"] == "running" and name not in waiting:
            assert context["main"] == "ended" or context["dead"], f"{name!r} waits for nothing"
            end_context(m, name, "done" if context["main"] == "ended" else "failed")
            return True
    return False


def _waiting_contexts(m: Machine) -> set[str]:
    found: set[str] = set()
    for one in m.steps.values():
        if one["status"] not in LEAF:
            continue
        name: str | None = one["ctx"]
        while name is not None and name not in found:
            found.add(name)
            caller = m.context(name)["by"]
            name = None if caller is None else m.steps[caller]["ctx"]
    return found


def _remember_undo(m: Machine, path: str) -> None:
    if path not in m.state["undo"]:
        m.state["undo"].append(path)
