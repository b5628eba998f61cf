"""A private copy of the state while one event is worked off, and what comes out of it."""

from collections.abc import Collection, Iterator
from typing import Any

from cyberdesk.desk.playbooks.engine.state import (
    LIVE,
    Command,
    Event,
    Instance,
    Library,
    State,
    Within,
    under_way,
)
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.steps import Step
from cyberdesk.desk.playbooks.values import Value


class Machine:
    """Low-level moves on the state; what they mean is said in the modules beside."""

    def __init__(self, library: Library, state: State, now: int) -> None:
        self.library, self.state, self.now = library, state, now
        self.commands: list[Command] = []

    # -- reading

    @property
    def steps(self) -> dict[str, Instance]:
        steps: dict[str, Instance] = self.state["steps"]
        return steps

    def context(self, name: str) -> dict[str, Any]:
        context: dict[str, Any] = self.state["contexts"][name]
        return context

    def program(self, context: str) -> Program:
        return self.library[self.context(context)["program"]]

    def step(self, one: Instance) -> Step:
        return self.program(one["ctx"]).steps[one["step"]]

    def values(self, one: Instance) -> dict[str, Value]:
        values: dict[str, Value] = self.context(one["ctx"])["vars"]
        return values

    def owners(self, one: Instance) -> Iterator[tuple[str, str]]:
        """Yield (path, role) of what contains `one`, inside its context, innermost first."""
        within: Within = one["in"]
        while within is not None:
            owner, role = within
            yield owner, role
            if role in ("exception", "undo"):
                return
            within = self.steps[owner]["in"]

    def ancestors(self, one: Instance) -> Iterator[str]:
        """Yield the paths of everything that contains `one`, across contexts."""
        while True:
            for owner, role in self.owners(one):
                if role == "undo":
                    return
                if role != "exception":
                    yield owner
            caller = self.context(one["ctx"])["by"]
            if caller is None:
                return
            yield caller
            one = self.steps[caller]

    def inside(self, path: str) -> list[str]:
        """Return the paths of what is live inside `path`, innermost (newest) first."""
        found = [(p, one) for p, one in under_way(self.state) if path in self.ancestors(one)]
        return [p for p, one in sorted(found, key=lambda pair: -int(pair[1]["entry"]))]

    def awaited(self, event: Event, statuses: Collection[str]) -> Instance | None:
        """Return the step that still waits for `event`, by its ticket; else say that it is late."""
        one = self.steps.get(event["path"])
        if one and one["status"] in statuses and one.get("ticket") == event["ticket"]:
            return one
        self.emit("ignored", event=event["type"], path=event["path"], why="late")
        return None

    # -- writing

    def emit(self, do: str, **facts: Any) -> None:
        self.commands.append({"do": do, **facts})

    def ticket(self) -> int:
        self.state["ticket"] += 1
        return int(self.state["ticket"])

    def enter(self, step: str | None, at: Instance, within: Within, base: str) -> None:
        """Let the run come from the step `at` to `step`; None means that the branch ends here."""
        op = {"op": "enter", "step": step, "ctx": at["ctx"], "in": within, "base": base}
        self.state["queue"].append(op | {"from": at["step"]})

    def enter_after(self, one: Instance, step: str | None) -> None:
        self.enter(step, one, one["in"], one["base"])

    def enter_first(self, context: str, step: str, within: Within, base: str) -> None:
        """Let the run come to a step that no other leads to: a start, an exception."""
        self.enter(step, {"ctx": context, "step": None}, within, base)

    def create(self, step: Step, op: dict[str, Any]) -> str:
        path = f"{op['base']}{step.key}"
        self.steps[path] = {
            "step": step.id,
            "ctx": op["ctx"],
            "in": op["in"],
            "base": op["base"],
            "entry": self.ticket(),
            "status": "new",
            "begun": self.now,
        }
        return path

    def stand(self, path: str, status: str, **facts: Any) -> Instance:
        """Put a live step into `status` and say so."""
        one = self.steps[path]
        one |= {"status": status, "since": self.now, **facts}
        self._tell(path, one)
        return one

    def close(self, path: str, status: str, answer: str | None = None, **facts: Any) -> Instance:
        """End a step: its question is taken back, its timers with it."""
        one = self.steps[path]
        if one["status"] not in LIVE | {"new"}:
            return one
        if one.get("asked"):
            self.emit("close", path=path, ticket=one["ticket"], why=status)
        kept = {key: one[key] for key in ("step", "ctx", "in", "base", "entry", "begun")}
        self.steps[path] = one = {**kept, "status": status, "ended": self.now, **facts}
        if answer is not None:
            one["answer"] = answer
        called = self.state["contexts"].get(path)
        if called and called["state"] == "running":
            called["state"] = "withdrawn"
        if called:
            self.emit("returned", path=path)
        self._tell(path, one)
        return one

    def mark(self, path: str, status: str, answer: str) -> None:
        """Change how a step that has ended is seen."""
        self.steps[path] |= {"status": status, "answer": answer}
        self._tell(path, self.steps[path])

    def timer(self, path: str, kind: str, at: int) -> None:
        self.steps[path].setdefault("timers", {})[kind] = at

    def drop_queue(self, path: str) -> None:
        """Forget what was to happen inside `path`."""
        kept = []
        for op in self.state["queue"]:
            one = op if op["op"] == "enter" else self.steps[op["path"]]
            if path not in self.ancestors(one) and op.get("path") != path:
                kept.append(op)
        self.state["queue"] = kept

    def _tell(self, path: str, one: Instance) -> None:
        step = self.step(one)
        self.emit(
            "step",
            path=path,
            entry=one["entry"],
            step=step.id,
            key=step.key,
            status=one["status"],
            answer=one.get("answer"),
            failure=one.get("failure"),
        )
