"""What a person does to a run: pause, resume, cancel, skip, retry, redo; what a case tells it."""

from typing import Any

from cyberdesk.desk.playbooks.engine.begin import act, reconsider, take_signal
from cyberdesk.desk.playbooks.engine.flow import clear, drop_live, end_run, finish
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.state import (
    FINAL_RUN,
    LEAF,
    LIVE,
    Event,
    Instance,
    live,
)

_MOST_SIGNALS = 100
_REDOABLE = frozenset({"running", "failed", "completed"})


def start(m: Machine, _event: Event) -> None:
    if m.state["status"] != "new":
        m.emit("ignored", event="start", why="begun")
        return
    m.state["status"] = "running"
    m.enter_first("", m.program("").start, None, "")


def pause(m: Machine, event: Event) -> None:
    if m.state["status"] == "running":
        m.state |= {"status": "paused", "paused": {"at": m.now, "by": event.get("by")}}
    else:
        m.emit("ignored", event="pause", why=m.state["status"])


def resume(m: Machine, _event: Event) -> None:
    if m.state["status"] == "paused":
        m.state["status"] = "running"
        m.state.pop("paused", None)
    else:
        m.emit("ignored", event="resume", why=m.state["status"])


def cancel(m: Machine, _event: Event) -> None:
    """Withdraw what is open, let effects under way come home, then undo what was done."""
    if m.state["status"] not in ("running", "paused", "new"):
        m.emit("ignored", event="cancel", why=m.state["status"])
        return
    m.state["status"] = "cancelling"
    for one in m.steps.values():
        if one["status"] == "acting":
            one["cancelled"] = True
    for context in m.state["contexts"].values():
        context["state"] = "cancelled"
    drop_live(m)


def stop(m: Machine, event: Event) -> None:
    """End the run where it stands and undo nothing: its case was closed, or merged."""
    if m.state["status"] in FINAL_RUN:
        m.emit("ignored", event="stop", why=m.state["status"])
        return
    for context in m.state["contexts"].values():
        context["state"] = "cancelled"
    m.state["queue"] = []
    for path, one in list(m.steps.items()):
        if one["status"] in LIVE:
            m.close(path, "withdrawn")
    end_run(m, "cancelled", str(event.get("reason") or "stopped"))


def undo_next(m: Machine) -> bool:
    """While cancelling: begin the next compensation, or end the run; say whether either was."""
    if m.state["status"] != "cancelling" or m.state["queue"]:
        return False
    if any(one["status"] in LEAF for one in m.steps.values()):
        return False
    if not m.state["undo"]:
        end_run(m, "cancelled", None)
        return False
    path = m.state["undo"].pop()
    one = m.steps[path]
    m.enter(m.step(one).undo, one, [path, "undo"], f"{path}!undo/")
    return True


def skip(m: Machine, event: Event) -> None:
    """Go on as if the step were done; an effect under way cannot be skipped."""
    path = event["path"]
    one = m.steps.get(path)
    if one is not None and _dead(m, path, one):
        _revive(m, path, one)
        m.mark(path, "skipped", "skipped")
        m.enter_after(one, m.step(one).next)
    elif one is not None and one["status"] in LIVE - {"acting"}:
        clear(m, path)
        finish(m, path, "skipped", "skipped")
    else:
        m.emit("ignored", event="skip", path=path, why="not open")


def retry(m: Machine, event: Event) -> None:
    """Try a failed step again, or one between two attempts now."""
    path = event["path"]
    one = m.steps.get(path)
    if one is not None and _dead(m, path, one):
        _revive(m, path, one)
        m.enter_after(one, one["step"])
    elif one is not None and one["status"] == "retrying":
        act(m, path)
    else:
        m.emit("ignored", event="retry", path=path, why="not failed")


def redo(m: Machine, event: Event) -> None:
    """Come back to a finished step: what the strand did after it is withdrawn or done again."""
    path = event["path"]
    one = m.steps.get(path)
    if one is None or not _may_redo(m, path, one):
        m.emit("ignored", event="redo", path=path, why="not there any more")
        return
    for later, other in list(m.steps.items()):
        if other["entry"] > one["entry"] and _same_strand(one, other):
            m.close(later, "withdrawn")
    m.state["queue"] = [op for op in m.state["queue"] if not _queued_in(m, op, one)]
    dead = m.context(one["ctx"])["dead"]
    m.context(one["ctx"])["dead"] = [p for p in dead if not _same_strand(one, m.steps[p])]
    _revive(m, path, one)
    _reopen_strand(m, one)
    m.enter_after(one, one["step"])


def signal(m: Machine, event: Event) -> None:
    """Tell whoever waits for it; keep it for the next who will when nobody does."""
    if m.state["status"] in FINAL_RUN:
        m.emit("ignored", event="signal", why=m.state["status"])
        return
    name, payload = event["name"], event.get("payload") or {}
    waiting = [
        path
        for path, one in live(m.state)
        if one["status"] == "waiting" and one.get("signal") == name
    ]
    for path in waiting:
        take_signal(m, path, payload)
    if not waiting:
        kept = m.state["signals"].setdefault(name, [])
        m.state["signals"][name] = [*kept, payload][-_MOST_SIGNALS:]


def facts(m: Machine, event: Event) -> None:
    """The case has changed: variables told by it follow."""
    told = event["values"]
    m.state["facts"] |= told
    for name, context in m.state["contexts"].items():
        if context["state"] == "running":
            for variable in m.program(name).variables.values():
                if variable.fact in told and not variable.constant:
                    context["vars"][variable.name] = told[variable.fact]
    reconsider(m)


def _dead(m: Machine, path: str, one: Instance) -> bool:
    """Say whether the strand stopped here and its playbook can still be brought back."""
    context = m.context(one["ctx"])
    open_still = context["state"] == "running" or (one["ctx"] == "" and _ended(m))
    return path in context["dead"] and open_still


def _ended(m: Machine) -> bool:
    return m.state["status"] in ("failed", "completed")


def _may_redo(m: Machine, path: str, one: Instance) -> bool:
    """Say whether the strand in which the step ended is still the one that runs."""
    if one["status"] in LIVE or m.context(one["ctx"])["state"] not in _REDOABLE:
        return False
    if m.state["status"] != "running" and not (one["ctx"] == "" and _ended(m)):
        return False
    return one["in"] is None or _stands(m, path, one)


def _stands(m: Machine, path: str, one: Instance) -> bool:
    owner, role = one["in"]
    if role in ("exception", "undo"):
        return False
    holder = m.steps.get(owner, {"status": "gone"})
    if holder["status"] not in LIVE or holder["entry"] > one["entry"]:
        return False
    return role != "round" or path.startswith(f"{owner}#{holder.get('round')}/")


def _reopen_strand(m: Machine, one: Instance) -> None:
    """A strand that had ended is to be waited for again."""
    if one["in"] is not None:
        owner, role = one["in"]
        still_open = m.steps[owner].get("open")
        if still_open is not None and role not in still_open:
            still_open.append(role)


def _same_strand(one: Instance, other: Instance) -> bool:
    """Say whether `other` belongs to what follows from `one`: bases nest as the strands do."""
    return str(other["base"]).startswith(one["base"])


def no_change(_m: Machine, _event: Event) -> None:
    """A tick: only what is due, or left over, is done."""


def _queued_in(m: Machine, op: dict[str, Any], one: Instance) -> bool:
    return _same_strand(one, op if op["op"] == "enter" else m.steps[op["path"]])


def _revive(m: Machine, path: str, one: Instance) -> None:
    context = m.context(one["ctx"])
    context["dead"] = [p for p in context["dead"] if p != path]
    context |= {"state": "running", "main": "open"}
    if _ended(m):
        m.state |= {"status": "running", "outcome": None}
        m.emit("revived", path=path)
