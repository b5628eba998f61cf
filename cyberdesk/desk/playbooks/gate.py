"""The strict gate before publishing: what may be imported as a draft may not yet run on a case."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from cyberdesk.desk.playbooks.graph import edges, on_cycles, reachable
from cyberdesk.desk.playbooks.language.findings import Findings, Place
from cyberdesk.desk.playbooks.program import Program, read_program
from cyberdesk.desk.playbooks.steps import Action, End, If, Start, Step, While

Cacao = Mapping[str, Any]
_NEEDED = ("id", "name", "created_by", "created", "modified", "workflow_start", "workflow")


def gate(
    cacao: Cacao,
    *,
    places: Mapping[str, Place] | None = None,
    actions: Collection[str] | None = None,
) -> Findings:
    """Return what stands between this playbook and being published.

    `places` says where steps were written; `actions` are those that connectors offer, when known.
    """
    findings = Findings()
    try:
        _shape(cacao)
        program = read_program(cacao)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        findings.add("not-cacao", Place(), problem=error)
        return findings
    _Gate(program, cacao, places or {}, findings).check(actions)
    return findings


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
        for step in self.program.steps.values():
            self._leads(step)
            self._understood(step)
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

    def _understood(self, step: Step) -> None:
        if isinstance(step, If | While) and step.condition is None:
            self._tell("unread-condition", step)
        cacao = self.cacao["workflow"][step.id]
        agent = cacao.get("agent")
        if agent is not None and agent not in self.cacao.get("agent_definitions", {}):
            self._tell("unknown-agent", step)
        for command in cacao.get("commands", ()):
            if command.get("type") not in ("manual", "cyberdesk-action"):
                self._tell("unread-command", step, type=command.get("type"))

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
