"""The CACAO object as the engine reads it: typed steps, variables, and who they point to.

Reading is lenient, for imported playbooks too: what is not understood (a condition, a command)
becomes a step for a person. The gate is where strictness lives.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.playbooks.canonical import content_hash
from cyberdesk.desk.playbooks.conditions import Condition, ConditionError, parse
from cyberdesk.desk.playbooks.language.cacao import extension_of
from cyberdesk.desk.playbooks.language.vocabulary import BUILT_IN, OUTCOMES
from cyberdesk.desk.playbooks.steps import (
    Action,
    Call,
    Deadline,
    End,
    If,
    Parallel,
    Retry,
    Start,
    Step,
    Switch,
    Task,
    Wait,
    While,
)
from cyberdesk.desk.playbooks.texts import Text
from cyberdesk.desk.playbooks.values import BadValueError, Variable, read_value

Cacao = Mapping[str, Any]
DEFAULT_ROLE = "responder"
_ROUNDS = 100  # of a while whose author set no cap (imported)


@dataclass(frozen=True, slots=True)
class Program:
    """One version of a playbook, ready to be interpreted. `hash` names it."""

    hash: str
    name: str
    title: Text
    start: str
    exception: str | None
    steps: Mapping[str, Step]
    variables: Mapping[str, Variable]
    outcomes: Mapping[str, Text]
    matching: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 100

    def defaults(self) -> dict[str, Any]:
        return {name: variable.default for name, variable in self.variables.items()}

    def pinned(self) -> frozenset[str]:
        """Return the hashes of the playbooks that this one calls."""
        return frozenset(s.pinned for s in self.steps.values() if isinstance(s, Call))


def read_program(cacao: Cacao) -> Program:
    """Return the program of a CACAO 2.0 playbook object. Raises KeyError on one too broken."""
    extension = extension_of(dict(cacao), "playbook_extensions")
    workflow = cacao["workflow"]
    roles = _roles(cacao.get("agent_definitions", {}))
    name = extension.get("name") or cacao["id"]
    title = extension.get("title") or _both(cacao.get("name", name))
    return Program(
        hash=content_hash(dict(cacao)),
        name=name,
        title=title,
        start=cacao["workflow_start"],
        exception=cacao.get("workflow_exception"),
        steps={id_: _step(id_, step, roles) for id_, step in workflow.items()},
        variables=dict(_variables(cacao.get("playbook_variables", {}), extension)),
        outcomes={**OUTCOMES, **extension.get("outcomes", {})},
        matching=extension.get("for", {}),
        priority=cacao.get("priority", 100) or 100,
    )


def _both(text: str) -> Text:
    return {"fr": text, "en": text}


def _roles(agents: Cacao) -> dict[str, str]:
    """Return the role of each agent, where our extension names one."""
    held = {id_: extension_of(agent, "agent_target_extensions") for id_, agent in agents.items()}
    return {id_: extension["role"] for id_, extension in held.items() if "role" in extension}


def _variables(written: Cacao, extension: Cacao) -> Iterator[tuple[str, Variable]]:
    more = extension.get("variables", {})
    for key, held in written.items():
        name = key.removeprefix("__").removesuffix("__")
        facts = more.get(name, {})
        kind = facts.get("format") or held.get("type", "string")
        yield (
            name,
            Variable(
                name=name,
                type=kind,
                default=_read(kind, held.get("value")),
                constant=bool(held.get("constant")),
                fact=facts.get("from"),
                choices=facts.get("choices", {}),
            ),
        )
    for name, kind in BUILT_IN.items():
        yield name, Variable(name, kind)


def _read(kind: str, raw: Any) -> Any:
    try:
        return read_value(kind, raw)
    except BadValueError:
        return None


def _step(identifier: str, cacao: Cacao, roles: Mapping[str, str]) -> Step:
    extension = extension_of(dict(cacao))
    key = extension.get("key") or identifier
    title = extension.get("title") or _both(cacao.get("name") or key)
    common = {
        "id": identifier,
        "key": key,
        "title": title,
        "phase": extension.get("phase"),
        "next": cacao.get("on_completion") or cacao.get("on_success"),
        "on_failure": cacao.get("on_failure"),
        "delay": cacao.get("delay", 0),
        "timeout": cacao.get("timeout", 0),
        "on_timeout": extension.get("on_timeout"),
        "deadline": _deadline(extension),
        "undo": extension.get("undo"),
        "line": extension,
    }
    return _READERS[cacao["type"]](cacao, extension, common, roles)


def _deadline(extension: Cacao) -> Deadline | None:
    if "within" not in extension:
        return None
    return Deadline(
        within=extension["within"],
        since=extension.get("since"),
        breach=extension.get("breach"),
    )


def _action(cacao: Cacao, extension: Cacao, common: Any, roles: Mapping[str, str]) -> Step:
    match extension.get("kind"):
        case "do":
            return _connector(extension, common)
        case "wait":
            return _wait(extension, common)
    content = extension or {"how": [_both(line) for line in _commands(cacao)]}
    return Task(
        who=extension.get("who") or roles.get(cacao.get("agent", ""), DEFAULT_ROLE),
        content={key: content[key] for key in _CONTENT if key in content},
        ask=extension.get("ask") or _asked(cacao.get("out_args", [])),
        remind=tuple(extension.get("remind", ())),
        approve=extension.get("approve"),
        impossible=extension.get("impossible"),
        unknown=extension.get("unknown"),
        **common,
    )


_CONTENT = ("why", "how", "avoid", "evidence", "phone", "no_it", "decision")


def _commands(cacao: Cacao) -> Iterator[str]:
    """Yield what a person is to do in place of commands that we cannot run."""
    for command in cacao.get("commands", ()):
        text = command.get("command") or command.get("command_b64") or command.get("description")
        kind = command.get("type", "")
        yield str(text or kind) if kind == "manual" else f"{kind}: {text or ''}"


def _asked(arguments: list[str]) -> dict[str, Any]:
    names = [argument.removeprefix("__").removesuffix("__") for argument in arguments]
    return {name: {"label": _both(name), "type": "string"} for name in names}


def _connector(extension: Cacao, common: Any) -> Step:
    retry = dict(extension.get("retry", {}))
    exponential = retry.pop("backoff", "exponential") == "exponential"
    return Action(
        action=extension["do"],
        input=extension.get("with", {}),
        out=extension.get("out", {}),
        retry=Retry(exponential=exponential, **retry),
        once_per=extension.get("once_per", "step"),
        approve=extension.get("approve"),
        **common,
    )


def _wait(extension: Cacao, common: Any) -> Step:
    return Wait(
        length=extension.get("for", 0),
        until=extension.get("until"),
        signal=extension.get("signal"),
        named="title" in extension,
        out=extension.get("out", {}),
        **common,
    )


def _condition(source: str) -> Condition | None:
    try:
        return parse(source)
    except ConditionError:
        return None


def _if(cacao: Cacao, extension: Cacao, common: Any, _roles: Any) -> Step:
    return If(
        source=cacao["condition"],
        condition=_condition(cacao["condition"]),
        on_true=cacao["on_true"],
        on_false=cacao.get("on_false"),
        unknown=extension.get("unknown"),
        **common,
    )


def _while(cacao: Cacao, extension: Cacao, common: Any, _roles: Any) -> Step:
    return While(
        source=cacao["condition"],
        condition=_condition(cacao["condition"]),
        body=cacao["on_true"],
        most=extension.get("max", _ROUNDS),
        unknown=extension.get("unknown"),
        **common,
    )


def _switch(cacao: Cacao, extension: Cacao, common: Any, _roles: Any) -> Step:
    cases = dict(cacao["cases"])
    variable = cacao["switch"].removesuffix(":value").removeprefix("__").removesuffix("__")
    return Switch(
        variable=variable,
        default=cases.pop("default", None),
        cases=cases,
        unknown=extension.get("unknown"),
        **common,
    )


def _parallel(cacao: Cacao, extension: Cacao, common: Any, _roles: Any) -> Step:
    names = extension.get("strands", {})
    strands = {names.get(id_, str(n)): id_ for n, id_ in enumerate(cacao["next_steps"], 1)}
    return Parallel(strands=strands, **common)


def _call(cacao: Cacao, extension: Cacao, common: Any, _roles: Any) -> Step:
    return Call(
        playbook=extension.get("playbook") or cacao["playbook_id"],
        pinned=extension.get("hash", ""),
        input=extension.get("with", {}),
        out=extension.get("out", {}),
        **common,
    )


def _end(_cacao: Cacao, extension: Cacao, common: Any, _roles: Any) -> Step:
    return End(
        outcome=extension.get("outcome", "done"),
        final=extension.get("ends") == "playbook",
        **common,
    )


def _start(_cacao: Cacao, _extension: Cacao, common: Any, _roles: Any) -> Step:
    return Start(**common)


_READERS = {
    "start": _start,
    "end": _end,
    "action": _action,
    "playbook-action": _call,
    "parallel": _parallel,
    "if-condition": _if,
    "while-condition": _while,
    "switch-condition": _switch,
}
