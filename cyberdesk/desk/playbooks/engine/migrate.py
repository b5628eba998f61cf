"""A run goes over to another version of its playbook, and loses nothing that was done.

A step is the same in both versions when it has the same key, the same kind, and stands in the
same place: inside the same step, in the same branch. What is the same stays as it stands. What is
gone is withdrawn, and the run goes on at the next step that followed it and is still there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.playbooks.engine.flow import clear, finish
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.renewal import renew
from cyberdesk.desk.playbooks.engine.state import FINAL_RUN, LIVE, Event, Instance
from cyberdesk.desk.playbooks.graph import edges, reachable
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.steps import Action, Parallel, Step
from cyberdesk.desk.playbooks.values import BadValueError, Value, Variable, read_value, write_value

_MAY = frozenset({"running", "paused", "failed"})


def migrate(m: Machine, event: Event) -> None:
    """Take `{to}`, the content hash of another version of the same playbook.

    The command `migrated` tells what was kept, what was withdrawn, where the run goes on, and
    which new steps it has passed already.
    """
    new = m.library.get(event["to"])
    why = _refused(m, new)
    if why or new is None:
        m.emit("ignored", event="migrate", why=why)
        return
    _Migration(m, m.program(""), new).do()


def _refused(m: Machine, new: Program | None) -> str | None:
    if m.state["status"] not in _MAY:
        return str(m.state["status"])
    if new is None or new.name != m.program("").name:
        return "another playbook"
    if new.hash == m.program("").hash:
        return "the same version"
    old, comparison = m.program(""), _Comparison(m, m.program(""), new)
    for path, one in m.steps.items():
        if one["ctx"] == "" and one["status"] == "acting":
            after = comparison.heir(path)
            if after is None or _acts_otherwise(old.steps[one["step"]], after):
                return "an effect is under way"
    return None


def _acts_otherwise(before: Step, after: Step) -> bool:
    assert isinstance(before, Action)
    assert isinstance(after, Action)
    return (before.action, before.input) != (after.action, after.input)


class _Comparison:
    """Which instance of the old version is which step of the new one."""

    def __init__(self, m: Machine, old: Program, new: Program) -> None:
        self.m, self.old, self.new = m, old, new
        self.by_key = {step.key: step for step in new.steps.values()}
        self.known: dict[str, Step | None] = {}

    def heir(self, path: str) -> Step | None:
        """Return the new version's step for what stands at `path`, None when it is gone."""
        if path not in self.known:
            self.known[path] = None  # nothing contains itself
            self.known[path] = self._heir(self.m.steps[path])
        return self.known[path]

    def _heir(self, one: Instance) -> Step | None:
        before = self.old.steps[one["step"]]
        after = self.by_key.get(before.key)
        if after is None or type(after) is not type(before):
            return None
        return after if self.place_stands(one) else None

    def place_stands(self, one: Instance) -> bool:
        """Say whether what contains `one` is still there, the branch that it is in as well."""
        if one["in"] is None:
            return True
        owner, role = one["in"]
        if role == "exception":
            return self.new.exception is not None
        holder = self.heir(owner) if owner in self.m.steps else None
        return holder is not None and role in _roles(holder)

    def next_there(self, step: str | None) -> str | None:
        """Return the first step from `step` on that the new version has as well."""
        seen: set[str] = set()
        while step is not None and step not in seen:
            seen.add(step)
            before = self.old.steps[step]
            after = self.by_key.get(before.key)
            if after is not None:
                return after.id
            step = before.next
        return None


def _roles(step: Step) -> set[str]:
    """Return the branches that a step contains, as instances name them."""
    roles = {"branch", "round"}
    if isinstance(step, Parallel):
        roles = {f"strand:{name}" for name in step.strands}
    if step.deadline and step.deadline.breach:
        roles.add("breach")
    return roles | ({"undo"} if step.undo else set())


@dataclass(slots=True)
class _Told:
    """What a person is told of a migration: paths, and keys of the new version."""

    kept: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    goes_on: list[dict[str, Any]] = field(default_factory=list)


class _Migration:
    def __init__(self, m: Machine, old: Program, new: Program) -> None:
        self.m, self.old, self.new = m, old, new
        self.comparison = _Comparison(m, old, new)
        self.told = _Told()
        self.entries: list[tuple[str | None, Instance]] = []  # where strands go on

    def do(self) -> None:
        m, mine = self.m, self._mine()
        heirs = {path: self.comparison.heir(path) for path in mine}
        before = {path: self.old.steps[one["step"]] for path, one in mine.items()}
        self._withdraw(heirs)
        queue = self._queue()
        for path in [path for path, heir in heirs.items() if heir is None]:
            self._forget(path)
        context = m.context("")
        context["program"] = self.new.hash
        context["vars"] = _variables(self.old, self.new, context["vars"], m.state["facts"])
        for path, heir in heirs.items():
            if heir is not None:
                m.steps[path]["step"] = heir.id
        m.state["queue"] = queue
        for step, one in self.entries:
            m.enter(step, {"ctx": "", "step": None}, one["in"], one["base"])
        for path, heir in heirs.items():
            if heir is not None and m.steps[path]["status"] in LIVE:
                self.told.kept.append(path)
                renew(m, path, before[path], heir)
        self._strands()
        self._tell()

    def _mine(self) -> dict[str, Instance]:
        """Return the instances of the run's own playbook; those it calls keep their version."""
        found = {path: one for path, one in self.m.steps.items() if one["ctx"] == ""}
        return dict(sorted(found.items(), key=lambda pair: pair[1]["entry"]))

    def _withdraw(self, heirs: dict[str, Step | None]) -> None:
        """Close what is gone, owners first, and note where each strand goes on."""
        m, dead = self.m, set(self.m.context("")["dead"])
        for path, heir in heirs.items():
            one = m.steps[path]
            if heir is not None or (one["status"] not in LIVE and path not in dead):
                continue
            if one["status"] in LIVE:
                clear(m, path)
                m.close(path, "withdrawn")
                self.told.withdrawn.append(path)
            elif m.state["status"] in FINAL_RUN:
                m.state |= {"status": "running", "outcome": None}
                m.context("").update(state="running", main="open")
                m.emit("revived", path=path)
            if self.comparison.place_stands(one) and not self._beside(one):
                self._go_on(one, self.old.steps[one["step"]].next)

    def _beside(self, one: Instance) -> bool:
        """Say whether nothing follows from where `one` stands: nobody waits for a breach branch."""
        return one["in"] is not None and one["in"][1] == "breach"

    def _go_on(self, one: Instance, after: str | None) -> None:
        step = self.comparison.next_there(after)
        self.entries.append((step, {**one}))
        key = self.new.steps[step].key if step else None
        self.told.goes_on.append({"after": self.old.steps[one["step"]].key, "at": key})

    def _queue(self) -> list[dict[str, Any]]:
        """Return what was to be done next, in the new version's terms."""
        kept = []
        for op in self.m.state["queue"]:
            if op["op"] != "enter":
                if self.m.steps[op["path"]]["ctx"] or self.comparison.heir(op["path"]):
                    kept.append(op)
            elif op["ctx"]:
                kept.append(op)
            elif self.comparison.place_stands(op):
                step = self.comparison.next_there(op["step"])
                kept.append({**op, "step": step, "from": None})
        return kept

    def _forget(self, path: str) -> None:
        """Let go of a step that the new version does not have; the database keeps its trace."""
        m = self.m
        for name in [n for n in m.state["contexts"] if n == path or n.startswith(f"{path}>")]:
            del m.state["contexts"][name]
            for inner in [p for p, one in m.steps.items() if one["ctx"] == name]:
                del m.steps[inner]
        m.steps.pop(path, None)
        m.state["undo"] = [kept for kept in m.state["undo"] if kept in m.steps]
        for context in m.state["contexts"].values():
            context["dead"] = [kept for kept in context["dead"] if kept in m.steps]

    def _strands(self) -> None:
        """Begin the strands that are new beside those under way; forget those that are gone."""
        m = self.m
        for path, one in list(m.steps.items()):
            if one["ctx"] or one["status"] != "inside":
                continue
            step = m.step(one)
            if isinstance(step, Parallel):
                known = set(self._strands_before(step))
                one["open"] = [r for r in one["open"] if r.partition(":")[2] in step.strands]
                for name, first in step.strands.items():
                    if name not in known:
                        one["open"].append(f"strand:{name}")
                        m.enter(first, one, [path, f"strand:{name}"], f"{path}/{name}/")
                if not one["open"]:
                    finish(m, path)

    def _strands_before(self, step: Parallel) -> Iterator[str]:
        for before in self.old.steps.values():
            if before.key == step.key and isinstance(before, Parallel):
                yield from before.strands

    def _tell(self) -> None:
        self.m.emit(
            "migrated",
            start=self.old.hash,
            end=self.new.hash,
            kept=self.told.kept,
            withdrawn=self.told.withdrawn,
            goes_on=self.told.goes_on,
            passed=list(self._passed()),
        )

    def _passed(self) -> Iterator[str]:
        """Yield the keys of new steps that the run will not come to any more by itself."""
        known = {step.key for step in self.old.steps.values()}
        waiting = [one["step"] for one in self.m.steps.values() if _ahead(one)]
        waiting += [op["step"] for op in self.m.state["queue"] if op.get("step") and not op["ctx"]]
        waiting += [self.new.exception] if self.new.exception else []
        ahead: set[str] = set()
        while waiting:
            here = waiting.pop()
            if here not in ahead and here in self.new.steps:
                ahead.add(here)
                waiting += [edge.end for edge in edges(self.new.steps[here])]
        for identifier in self.new.steps:
            step = self.new.steps[identifier]
            fresh = step.key not in known and identifier not in ahead
            if fresh and identifier in reachable(self.new) and step.line.get("kind") != "end":
                yield step.key


def _ahead(one: Instance) -> bool:
    return not one["ctx"] and one["status"] in LIVE


def _variables(
    old: Program, new: Program, held: dict[str, Value], facts: dict[str, Value]
) -> dict[str, Value]:
    """Return the values of the new version's variables: kept where they still fit."""
    return {
        name: _value(variable, old.variables.get(name), held.get(name), facts)
        for name, variable in new.variables.items()
    }


def _value(variable: Variable, before: Variable | None, held: Value, facts: Any) -> Value:
    if variable.constant:
        return variable.default
    if before is None or held is None:
        told = facts.get(variable.fact) if variable.fact else None
        return variable.default if told is None else told
    try:
        kept = read_value(variable.type, write_value(held))
    except BadValueError:
        return None
    return None if variable.choices and kept not in variable.choices else kept
