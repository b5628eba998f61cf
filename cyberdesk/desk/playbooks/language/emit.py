"""Turns one written step into its CACAO object and our extension of it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from cyberdesk.desk.playbooks.conditions import stix
from cyberdesk.desk.playbooks.language.cacao import (
    ACTION_COMMAND,
    ENGINE_AGENT,
    EXTENSION,
    agent_id,
)
from cyberdesk.desk.playbooks.language.findings import Place
from cyberdesk.desk.playbooks.language.layout import Layout, Spot
from cyberdesk.desk.playbooks.language.outline import Jump, Route, StepSource
from cyberdesk.desk.playbooks.language.standing import left_open, stand_for, title_of
from cyberdesk.desk.playbooks.language.vocabulary import DEFAULT_ACTIVITY, PHASES, ROLES

Cacao = dict[str, Any]
_NEXT = Jump("next", Place())
_CONTENT = ("who", "why", "how", "avoid", "evidence", "phone", "no_it", "decision", "approve")
_DEFAULT_RETRY = {
    "attempts": 1,
    "first": 30_000,
    "longest": 3_600_000,
    "backoff": "exponential",
    "timeout": 30_000,
}


def emit(layout: Layout, step: StepSource, spot: Spot) -> Cacao:
    """Return the CACAO step for `step` standing at `spot`."""
    return _Emission(layout, step, spot).whole()


class _Emission:
    """One step on its way: what was written, where it stands, our extension as it fills."""

    def __init__(self, layout: Layout, step: StepSource, spot: Spot) -> None:
        self.layout, self.step, self.fields = layout, step, _standing(layout, step, spot)
        own = title_of(spot.key, self.fields)
        self.spot = replace(spot, stands_for=own) if own else spot
        self.after = spot.next
        self.extension: Cacao = {"key": spot.key, "kind": step.kind}
        if spot.phase:
            self.extension["phase"] = spot.phase

    def whole(self) -> Cacao:
        cacao: Cacao = getattr(self, f"_{self.step.kind}")()
        cacao |= self._given("delay", "description")
        if self.step.kind != "end":
            self._successors(cacao)
        cacao["step_extensions"] = {EXTENSION: self.extension}
        return cacao

    def _successors(self, cacao: Cacao) -> None:
        """Set on_completion, or on_success and on_failure: CACAO 2.0 §4.1 takes one or other."""
        if "on_failure" not in self.fields:
            cacao["on_completion"] = self.after
            return
        cacao["on_success"] = self.after
        cacao["on_failure"] = self._route("on_failure")

    # -- one method per kind of step

    def _task(self) -> Cacao:
        title = self.fields.get("task", {"fr": self.spot.key, "en": self.spot.key})
        who = self.fields.get("who", "responder")
        self.extension |= {"title": title, **self._given(*_CONTENT, "ask", "remind")}
        self._deadline()
        self._routes("impossible", "unknown", "on_timeout")
        lines = [line["fr"] for line in self.fields.get("how", [])] or [title["fr"]]
        return {
            "type": "action",
            "name": title["fr"],
            "commands": [self._command("manual", "\n".join(lines))],
            "agent": agent_id(ROLES[who][0], who),
            **_arguments("out_args", self.fields.get("ask")),
            **self._given("timeout"),
        }

    def _do(self) -> Cacao:
        action = self.fields.get("do", "")
        retry = {**_DEFAULT_RETRY, **self.fields.get("retry", {})}
        self.extension |= {"do": action, "with": self.fields.get("with", {}), "retry": retry}
        self.extension |= self._given("approve", "out", "once_per")
        self._deadline()
        return {
            "type": "action",
            "name": self._title() or action,
            "commands": [self._command(ACTION_COMMAND, action)],
            "agent": ENGINE_AGENT,
            **_arguments("out_args", self.fields.get("out")),
        }

    def _wait(self) -> Cacao:
        wait = self.fields.get("wait", {})
        self.extension |= {key: wait[key] for key in ("for", "until", "signal") if key in wait}
        self.extension |= self._given("out")
        self._deadline()
        self._routes("on_timeout")
        subject = wait.get("signal") or wait.get("until") or ""
        title = self._title() or f"Attendre {subject}".strip()
        return {
            "type": "action",
            "name": title,
            "commands": [self._command("manual", title)],
            "agent": ENGINE_AGENT,
            **_arguments("out_args", self.fields.get("out")),
            **({"timeout": wait["timeout"]} if "timeout" in wait else {}),
        }

    def _if(self) -> Cacao:
        routes = {"on_true": self.fields.get("then", _NEXT)}
        routes["on_false"] = self.fields.get("else", _NEXT)
        laid = self._branches(routes)
        return {
            "type": "if-condition",
            "name": self._title("question") or self.spot.key,
            "condition": self._condition("if"),
            **laid,
        }

    def _switch(self) -> Cacao:
        routes = {**self.fields.get("cases", {}), "default": self.fields.get("default", _NEXT)}
        laid = self._branches(routes)
        return {
            "type": "switch-condition",
            "name": self._title("question") or self.spot.key,
            "switch": f"__{self.fields.get('switch', '')}__:value",
            "cases": laid,
        }

    def _while(self) -> Cacao:
        self.extension["max"] = self.fields.get("max", 1)
        self._routes("unknown")
        return {
            "type": "while-condition",
            "name": self._title("question") or self.spot.key,
            "condition": self._condition("while"),
            "on_true": self.layout.frame(self.fields.get("do", _NEXT), self.spot, "do"),
        }

    def _parallel(self) -> Cacao:
        strands = self.fields.get("parallel", {})
        if len(strands) < 2:  # noqa: PLR2004  # CACAO 2.0 §4.8 asks for two
            self.layout.reading.fault("one-strand", self.step.place)
        laid = {
            self.layout.frame(block, self.spot, name, beside=True): name
            for name, block in strands.items()
        }
        self.extension["strands"] = laid
        return {"type": "parallel", "name": self.spot.key, "next_steps": list(laid)}

    def _playbook(self) -> Cacao:
        self.extension |= self._given("playbook", "with", "out", "once_per")
        return {
            "type": "playbook-action",
            "name": self.fields.get("playbook", ""),
            "playbook_id": "",
            **_arguments("in_args", self.fields.get("with")),
            **_arguments("out_args", self.fields.get("out")),
        }

    def _end(self) -> Cacao:
        self.extension |= {"outcome": self.fields.get("end", "done"), "ends": "playbook"}
        return {"type": "end"}

    # -- parts that several kinds share

    def _branches(self, routes: dict[str, Route]) -> Cacao:
        """Lay out the branches of a condition.

        When one of them jumps to a step further down, all are joined: the steps below then belong
        to the branch, and the condition is followed by the end of its frame.
        """
        unknown = self.fields.get("unknown")
        every = [*routes.values(), unknown]
        lay: Callable[[Route, Spot, str], str] = self.layout.frame
        if any(isinstance(route, Jump) and route.to in self.spot.ahead for route in every):
            lay, self.after = self.layout.route, self.spot.frame_end
        laid = {name: lay(route, self.spot, name) for name, route in routes.items()}
        if unknown is not None:
            self.extension["unknown"] = lay(unknown, self.spot, "unknown")
        return laid

    def _route(self, name: str) -> str:
        return self.layout.route(self.fields[name], self.spot, name)

    def _routes(self, *names: str) -> None:
        self.extension |= {name: self._route(name) for name in names if name in self.fields}

    def _deadline(self) -> None:
        self.extension |= self._given("within", "since")
        if "breach" in self.fields and "within" not in self.fields:
            self.layout.reading.fault("breach-without-within", self.step.place)
        for name in ("breach", "undo"):
            if name in self.fields:
                block = self.fields[name]
                self.extension[name] = self.layout.frame(block, self.spot, name, beside=True)

    def _condition(self, key: str) -> str:
        test = self.fields.get(key)
        return stix(test.condition) if test else ""

    def _title(self, key: str = "task") -> str | None:
        title = self.fields.get(key)
        if not title:
            return None
        self.extension["title"] = title
        return str(title["fr"])

    def _command(self, kind: str, command: str) -> Cacao:
        usual = PHASES.get(self.spot.phase or "", DEFAULT_ACTIVITY)
        activity = self.fields.get("activity", usual)
        return {"type": kind, "command": command, "playbook_activity": activity}

    def _given(self, *keys: str) -> Cacao:
        return {key: self.fields[key] for key in keys if key in self.fields}


def _standing(layout: Layout, step: StepSource, spot: Spot) -> Cacao:
    """Return what was written, `{step}` said in the words of the step that this one stands for."""
    fields: Cacao = step.fields
    if spot.stands_for:
        fields = stand_for(spot.stands_for, fields)
    if left_open(fields):
        layout.reading.fault("step-of-nothing", step.place)
    return fields


def _arguments(key: str, names: Iterable[str] | None) -> Cacao:
    return {key: [f"__{name}__" for name in names]} if names else {}
