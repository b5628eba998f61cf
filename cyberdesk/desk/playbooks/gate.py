"""The strict gate before publishing: what may be imported as a draft may not yet run on a case."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from cyberdesk.desk.playbooks.foreign import COMMAND, PEOPLE
from cyberdesk.desk.playbooks.graph import edges, on_cycles, reachable
from cyberdesk.desk.playbooks.language.cacao import ACTION_COMMAND
from cyberdesk.desk.playbooks.language.compiled import STANDARD, Compiled
from cyberdesk.desk.playbooks.language.findings import Findings, Place
from cyberdesk.desk.playbooks.program import Bound, Program, read_program
from cyberdesk.desk.playbooks.standard.meaning import check_meaning
from cyberdesk.desk.playbooks.steps import Action, End, If, Start, Step, While

Cacao = Mapping[str, Any]
_NEEDED = ("id", "name", "created_by", "created", "modified", "workflow_start", "workflow")


def gate(compiled: Compiled, *, actions: Collection[str] | None = None) -> Findings:
    """Return what stands between this playbook and being published, beside its own findings.

    `actions` are those that connectors offer, when known, and `command:…` for each type of
    CACAO command that one of them carries out.
    """
    findings = Findings()
    cacao = compiled.cacao
    try:
        _shape(cacao)
        program = read_program(cacao, bound(compiled, actions))
        if compiled.notation == STANDARD:
            check_meaning(cacao, compiled.places, findings)
        _Gate(program, cacao, compiled.places, findings).check(actions)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        if not compiled.findings.errors:  # else what is wrong with its shape is told already
            findings.add("not-cacao", Place(), problem=error)
    return findings


def bound(compiled: Compiled, actions: Collection[str] | None) -> Bound:
    """Return what a playbook is bound to when it is published now."""
    steps = compiled.cacao.get("workflow", {}).values()
    used = {str(c.get("type")) for step in steps for c in step.get("commands") or ()}
    carried_out = sorted(kind for kind in used if COMMAND + kind in (actions or ()))
    return Bound(compiled.pins, tuple(carried_out))


def _shape(cacao: Cacao) -> None:
    if cacao.get("type") != "playbook" or cacao.get("spec_version") != "cacao-2.0":
        raise ValueError("type or spec_version")
    for key in _NEEDED:
        if key not in cacao:
            raise ValueError(key)


class _Gate:
    def __init__(
        self, program: Program, cacao: Cacao, places: Mapping[str, Place], findings: Findings
    ) -> None:
        self.program, self.cacao = program, cacao
        self.places, self.findings = places, findings

    def check(self, actions: Collection[str] | None) -> None:
        if self.cacao["modified"] < self.cacao["created"]:
            self.findings.add("modified-before-created", Place())
        if not isinstance(self.program.steps.get(self.program.start), Start):
            self.findings.add("no-start", Place())
        for identifier, written in self.cacao["workflow"].items():
            self._understood(identifier, written, actions or ())
        for step in self.program.steps.values():
            self._leads(step)
            if isinstance(step, Action) and actions is not None and step.action not in actions:
                known = ", ".join(sorted(actions))
                self._tell("unknown-action", step, action=step.action, known=known)
        self._graph()

    def _leads(self, step: Step) -> None:
        ways = list(edges(step))
        for edge in ways:
            if edge.end not in self.program.steps:
                self._tell("dangling", step, to=edge.end)
        if step.next is None and not isinstance(step, End):
            self._tell("no-end", step)

    def _understood(self, identifier: str, written: Cacao, actions: Collection[str]) -> None:
        """Tell what a person will have to do because nothing else can."""
        step = self.program.steps[identifier]
        if isinstance(step, If | While) and step.condition is None:
            self._tell("unread-condition", step)
        agent = written.get("agent")
        agents = self.cacao.get("agent_definitions", {})
        if agent is not None and agent not in agents:
            self._tell("unknown-agent", step)
        if agents.get(agent, {}).get("type") in PEOPLE:
            return  # a person was meant to
        for command in written.get("commands", ()):
            kind = command.get("type")
            if kind not in ("manual", ACTION_COMMAND) and f"{COMMAND}{kind}" not in actions:
                self._tell("unread-command", step, type=kind)

    def _graph(self) -> None:
        led_to = reachable(self.program)
        for id_, step in self.program.steps.items():
            # Ends are laid out by the compiler; one that is not needed harms nobody.
            if id_ not in led_to and not isinstance(step, End):
                self._tell("unreachable", step)
        for id_ in sorted(on_cycles(self.program) & led_to):
            self._tell("cycle", self.program.steps[id_])

    def _tell(self, code: str, step: Step, **facts: object) -> None:
        place = self.places.get(step.id, Place())
        self.findings.add(code, replace(place, path=step.key), key=step.key, **facts)
