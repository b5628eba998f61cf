"""An action written without our extension: its commands become steps for machines and for people.

CACAO lets one action hold several commands and several targets, done in order (CACAO 2.0 §4, §5).
Each pair is a step of its own here, so that each has its own row in the ledger of effects and is
never repeated for the sake of another. What no connector carries out is a task for a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from cyberdesk.desk.playbooks.steps import Action, Retry, Step, Task
from cyberdesk.desk.playbooks.values import TYPES

Cacao = Mapping[str, Any]
COMMAND = "command:"  # an action so named is given to the connector that carries out its type
DEFAULT_ROLE = "responder"
# Agents that are people: what they are told to run, a person runs (CACAO 2.0 §7).
PEOPLE = frozenset({"group", "individual", "location", "organization", "sector"})
_ATTEMPT = 30_000  # ms
# What a command answers with when its step names variables of its own choosing.
_ANSWERS = {"http-api": "body", "openc2-http": "body"}
_TAKEN = ("command", "command_b64", "headers", "content", "content_b64")


@dataclass(frozen=True, slots=True)
class World:
    """What the steps of one playbook speak of, and the types of command that are carried out."""

    agents: Cacao = field(default_factory=dict)
    targets: Cacao = field(default_factory=dict)
    accesses: Cacao = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    commands: frozenset[str] = frozenset()
    variables: Cacao = field(default_factory=dict)

    def type_of(self, argument: str) -> str:
        """Return the type that an answer for this variable is read as."""
        kind = self.variables.get(f"__{bare(argument)}__", {}).get("type", "string")
        return kind if kind in TYPES and kind != "dictionary" else "string"


def spelled_out(cacao: Cacao, common: Mapping[str, Any], world: World) -> list[Step]:
    """Return the steps that an action comes to, in order; the first bears the action's own id."""
    parts = list(_parts(cacao, world)) or [(_Manual([]), None)]
    last = len(parts) - 1
    steps = [
        _step(part, target, cacao, _numbered(common, n, len(parts)), world, last=n == last)
        for n, (part, target) in enumerate(parts)
    ]
    led_on = [replace(step, next=after.id) for step, after in pairwise(steps)]
    return [*led_on, steps[-1]]


@dataclass(frozen=True, slots=True)
class _Manual:
    """Commands that follow each other and that a person carries out at once."""

    commands: list[Cacao]


def _parts(cacao: Cacao, world: World) -> Iterator[tuple[Cacao | _Manual, str | None]]:
    """Yield commands with the target of each; those for people come together."""
    by_machine = world.agents.get(cacao.get("agent", ""), {}).get("type", "") not in (*PEOPLE, "")
    waiting: list[Cacao] = []
    for command in cacao.get("commands", ()):
        if not (by_machine and command.get("type") in world.commands):
            waiting.append(command)
            continue
        if waiting:
            yield _Manual(waiting), None
            waiting = []
        for target in cacao.get("targets") or [cacao.get("agent")]:
            yield command, target
    if waiting:
        yield _Manual(waiting), None


def _numbered(common: Mapping[str, Any], n: int, count: int) -> dict[str, Any]:
    """Return what the n-th step of an action has in common with the others, in its own name."""
    own = dict(common)
    if n:
        own |= {"id": f"{own['id']}/{n + 1}", "key": f"{own['key']}.{n + 1}", "delay": 0}
    if count > 1:
        numbered = {tongue: f"{said} ({n + 1}/{count})" for tongue, said in own["title"].items()}
        own |= {"title": numbered}
    return own


def _step(
    part: Cacao | _Manual,
    target: str | None,
    cacao: Cacao,
    common: dict[str, Any],
    world: World,
    *,
    last: bool,
) -> Step:
    if isinstance(part, _Manual):
        return _task(part, cacao, common, world)
    kind = str(part["type"])
    given = {key: part[key] for key in _TAKEN if key in part}
    return Action(
        action=COMMAND + kind,
        input={**given, **_aim(target, world)},
        out=_written(kind, cacao.get("out_args", ())) if last else {},
        retry=Retry(timeout=min(common.get("timeout") or _ATTEMPT, _ATTEMPT)),
        **common,
    )


def _aim(target: str | None, world: World) -> dict[str, Any]:
    """Return where a command goes, and how it is let in there: by reference, never by secret."""
    held = world.targets.get(target or "") or world.agents.get(target or "")
    if not held:
        return {}
    access = world.accesses.get(held.get("authentication_info", ""))
    aimed: dict[str, Any] = {
        "target": {key: told for key, told in held.items() if key != "authentication_info"}
    }
    if access:
        aimed["authentication"] = dict(access)
    return aimed


def _written(kind: str, arguments: Sequence[str]) -> dict[str, str]:
    """Say which field of the answer each variable takes: one of its own name, or what was said.

    CACAO 2.0 leaves this open.
    """
    usual = _ANSWERS.get(kind, "stdout")
    names = [bare(argument) for argument in arguments]
    return {name: name if name in _NAMED else usual for name in names}


_NAMED = frozenset({"status", "body", "stdout", "stderr", "exit_status"})


def _task(part: _Manual, cacao: Cacao, common: dict[str, Any], world: World) -> Task:
    agent = cacao.get("agent", "")
    content: dict[str, Any] = {"how": [both(line) for line in _lines(part.commands)]}
    if cacao.get("description"):
        content["why"] = [both(str(cacao["description"]))]
    places = [world.targets.get(target, {}).get("name") for target in cacao.get("targets", ())]
    if any(places):
        content["how"].append(both(" · ".join(str(place) for place in places if place)))
    return Task(
        who=world.roles.get(agent, DEFAULT_ROLE),
        content=content,
        ask={
            bare(argument): {"label": both(bare(argument)), "type": world.type_of(argument)}
            for argument in cacao.get("out_args", ())
        },
        **common,
    )


def _lines(commands: Sequence[Cacao]) -> Iterator[str]:
    """Yield what a person is to do in place of commands that no connector carries out."""
    for command in commands:
        text = command.get("command") or command.get("description") or command.get("command_b64")
        kind = command.get("type", "")
        yield str(text or kind) if kind == "manual" else f"{kind}: {text or ''}"


def bare(name: str) -> str:
    """Return a variable's name without CACAO's marks: `__hosts__` or `__hosts__:value`."""
    return name.removesuffix(":value").removeprefix("__").removesuffix("__")


def both(text: str) -> dict[str, str]:
    return {"fr": text, "en": text}
