"""The CACAO object as the engine reads it: typed steps, variables, and who they point to.

Reading is lenient, for imported playbooks too: what is not understood (a condition, a command)
becomes a step for a person. The gate is where strictness lives.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.playbooks.canonical import content_hash
from cyberdesk.desk.playbooks.conditions import Condition, ConditionError, parse
from cyberdesk.desk.playbooks.foreign import DEFAULT_ROLE, World, bare, both, spelled_out
from cyberdesk.desk.playbooks.language.cacao import extension_of
from cyberdesk.desk.playbooks.language.vocabulary import BUILT_IN, OUTCOMES
from cyberdesk.desk.playbooks.scopes import unshadowed
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


@dataclass(frozen=True, slots=True)
class Bound:
    """What publishing binds a playbook from elsewhere to, which its own text does not say.

    `playbooks`: step → content hash of the playbook it calls; `commands`: the types of command
    that connectors carry out. Fixed when published: what is installed later changes no run.
    """

    playbooks: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[str, ...] = ()

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Bound":
        return cls(kept.get("playbooks", {}), tuple(kept.get("commands", ())))

    def kept(self) -> dict[str, Any]:
        return {"playbooks": dict(self.playbooks), "commands": list(self.commands)}


def read_program(cacao: Cacao, bound: Bound | None = None) -> Program:
    """Return the program of a CACAO 2.0 playbook object. Raises KeyError on one too broken."""
    extension = extension_of(dict(cacao), "playbook_extensions")
    bound = bound or Bound()
    flow = unshadowed(cacao)
    world = _world(cacao, bound, flow.variables)
    name = extension.get("name") or cacao["id"]
    title = extension.get("title") or both(cacao.get("name", name))
    read = (one for id_, step in flow.steps.items() for one in _steps(id_, step, world, bound))
    return Program(
        hash=content_hash(dict(cacao)),
        name=name,
        title=title,
        start=cacao["workflow_start"],
        exception=cacao.get("workflow_exception"),
        steps={step.id: step for step in read},
        variables=dict(_variables(flow.variables, extension)),
        outcomes={**OUTCOMES, **extension.get("outcomes", {})},
        matching=extension.get("for", {}),
        priority=cacao.get("priority", 100) or 100,
    )


def _world(cacao: Cacao, bound: Bound, variables: Cacao) -> World:
    agents = cacao.get("agent_definitions", {})
    return World(
        agents=agents,
        targets=cacao.get("target_definitions", {}),
        accesses=cacao.get("authentication_info_definitions", {}),
        roles=_roles(agents),
        commands=frozenset(bound.commands),
        variables=variables,
    )


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
                asked=facts.get("ask") or _asked(name, held, facts),
            ),
        )
    for name, kind in BUILT_IN.items():
        yield name, Variable(name, kind)


def _asked(name: str, held: Cacao, facts: Cacao) -> Text | None:
    """Return the question for an `external` variable (CACAO 2.0 §10.18) that no case tells."""
    told = held.get("constant") or facts.get("from") or held.get("type") == "dictionary"
    if told or not held.get("external"):
        return None
    return both(held.get("description") or name)


def _read(kind: str, raw: Any) -> Any:
    try:
        return read_value(kind, raw)
    except BadValueError:
        return None


def _steps(identifier: str, cacao: Cacao, world: World, bound: Bound) -> list[Step]:
    """Return the step; an action of several commands without our extension comes to several."""
    extension = extension_of(dict(cacao))
    key = extension.get("key") or identifier
    title = extension.get("title") or both(cacao.get("name") or key)
    common: dict[str, Any] = {
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
    match cacao["type"]:
        case "action" if not extension:
            return spelled_out(cacao, common, world)
        case "action":
            return [_action(cacao, extension, common, world)]
        case "playbook-action":
            return [_call(cacao, extension, common, bound)]
    return [_READERS[cacao["type"]](cacao, extension, common)]


def _deadline(extension: Cacao) -> Deadline | None:
    if "within" not in extension:
        return None
    return Deadline(
        within=extension["within"],
        since=extension.get("since"),
        breach=extension.get("breach"),
    )


def _action(cacao: Cacao, extension: Cacao, common: Any, world: World) -> Step:
    match extension.get("kind"):
        case "do":
            return _connector(extension, common)
        case "wait":
            return _wait(extension, common)
    return Task(
        who=extension.get("who") or world.roles.get(cacao.get("agent", ""), DEFAULT_ROLE),
        content={key: extension[key] for key in _CONTENT if key in extension},
        ask=extension.get("ask", {}),
        remind=tuple(extension.get("remind", ())),
        approve=extension.get("approve"),
        impossible=extension.get("impossible"),
        unknown=extension.get("unknown"),
        **common,
    )


_CONTENT = ("why", "how", "avoid", "evidence", "phone", "no_it", "decision")


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


def _if(cacao: Cacao, extension: Cacao, common: Any) -> Step:
    return If(
        source=cacao["condition"],
        condition=_condition(cacao["condition"]),
        on_true=cacao["on_true"],
        on_false=cacao.get("on_false"),
        unknown=extension.get("unknown"),
        **common,
    )


def _while(cacao: Cacao, extension: Cacao, common: Any) -> Step:
    return While(
        source=cacao["condition"],
        condition=_condition(cacao["condition"]),
        body=cacao["on_true"],
        most=extension.get("max", _ROUNDS),
        unknown=extension.get("unknown"),
        **common,
    )


def _switch(cacao: Cacao, extension: Cacao, common: Any) -> Step:
    cases = dict(cacao["cases"])
    return Switch(
        variable=bare(cacao["switch"]),
        default=cases.pop("default", None),
        cases=cases,
        unknown=extension.get("unknown"),
        **common,
    )


def _parallel(cacao: Cacao, extension: Cacao, common: Any) -> Step:
    names = extension.get("strands", {})
    strands = {names.get(id_, str(n)): id_ for n, id_ in enumerate(cacao["next_steps"], 1)}
    return Parallel(strands=strands, **common)


def _call(cacao: Cacao, extension: Cacao, common: Any, bound: Bound) -> Step:
    """CACAO's arguments are variables of the same name on both sides (CACAO 2.0 §4)."""
    given = [bare(argument) for argument in cacao.get("in_args", ())]
    wanted = [bare(argument) for argument in cacao.get("out_args", ())]
    return Call(
        playbook=extension.get("playbook") or cacao["playbook_id"],
        pinned=extension.get("hash") or bound.playbooks.get(common["id"], ""),
        input=extension.get("with") or {name: f"__{name}__:value" for name in given},
        out=extension.get("out") or {name: name for name in wanted},
        once_per=extension.get("once_per", "step"),
        **common,
    )


def _end(_cacao: Cacao, extension: Cacao, common: Any) -> Step:
    return End(
        outcome=extension.get("outcome", "done"),
        final=extension.get("ends") == "playbook",
        **common,
    )


def _start(_cacao: Cacao, _extension: Cacao, common: Any) -> Step:
    return Start(**common)


_READERS = {
    "start": _start,
    "end": _end,
    "parallel": _parallel,
    "if-condition": _if,
    "while-condition": _while,
    "switch-condition": _switch,
}
