"""From YAML text to a CACAO 2.0 playbook object: read, check, lay out, complete."""

from typing import Any

from cyberdesk.desk.playbooks.canonical import content_hash
from cyberdesk.desk.playbooks.language import shapes
from cyberdesk.desk.playbooks.language.cacao import (
    CREATED_BY,
    DEFINITION,
    ENGINE_AGENT,
    EXTENSION,
    extension_of,
    playbook_id,
)
from cyberdesk.desk.playbooks.language.check import check_sources, check_steps
from cyberdesk.desk.playbooks.language.compiled import Compiled, Resolve, nothing_pinned
from cyberdesk.desk.playbooks.language.emit import emit
from cyberdesk.desk.playbooks.language.findings import Findings, PlaybookError
from cyberdesk.desk.playbooks.language.kinds import read_record
from cyberdesk.desk.playbooks.language.layout import Layout
from cyberdesk.desk.playbooks.language.nodes import Fields, Node
from cyberdesk.desk.playbooks.language.outline import Block, Outline
from cyberdesk.desk.playbooks.language.reading import Reading
from cyberdesk.desk.playbooks.language.summary import agents, marking, references, summary
from cyberdesk.desk.playbooks.language.variables import (
    Declared,
    cacao_variables,
    extended,
    gather,
)
from cyberdesk.desk.playbooks.language.vocabulary import TEMPLATE_NAME

Cacao = dict[str, Any]


def compile_nodes(node: Node, findings: Findings, resolve: Resolve = nothing_pinned) -> Compiled:
    """Return the playbook written in `node`; its findings may be warnings only.

    Raises PlaybookError with every fault found, in the order of the text.
    """
    reading = Reading(findings)
    outline = _outline(node, reading)
    declared = gather(outline, reading)
    check_steps(outline, declared, reading)
    check_sources(outline, reading)
    layout = Layout(outline, reading, emit)
    start = layout.whole(outline.steps)
    exception = layout.beside(outline.exception, "exception") if outline.exception else None
    _pin(layout, resolve)
    if findings.errors:
        raise PlaybookError(findings)
    cacao = _assemble(outline, declared, layout, start, exception)
    return Compiled(cacao, content_hash(cacao), findings, layout.places)


def _outline(node: Node, reading: Reading) -> Outline:
    if not isinstance(node, Fields):
        reading.fault("fields-expected", node)
        raise PlaybookError(reading.findings)
    head = read_record(node, shapes.HEAD, reading)
    steps = head.pop("steps", None)
    if not isinstance(steps, Block) or "playbook" not in head:
        raise PlaybookError(reading.findings)
    if head["playbook"] == TEMPLATE_NAME:
        reading.fault("template-name", node.fields["playbook"])
    variables = node.fields.get("variables")
    head["_places"] = variables.keys if isinstance(variables, Fields) else {}
    return Outline(head, steps, head.pop("branches", {}), head.pop("exception", None))


def _pin(layout: Layout, resolve: Resolve) -> None:
    for identifier, step in layout.workflow.items():
        if step.get("type") != "playbook-action":
            continue
        name = extension_of(step).get("playbook", "")
        pin = resolve(name)
        if pin is None:
            layout.reading.fault("playbook-unknown", layout.places[identifier], name=name)
            continue
        step |= {"playbook_id": playbook_id(name), "playbook_version": pin.modified}
        extension_of(step)["hash"] = pin.hash


def _assemble(
    outline: Outline, declared: Declared, layout: Layout, start: str, exception: str | None
) -> Cacao:
    head, workflow = outline.head, layout.workflow
    activities = sorted({c["playbook_activity"] for s in workflow.values() for c in _commands(s)})
    cacao = {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": playbook_id(head["playbook"]),
        "name": head["title"]["fr"],
        "description": head["summary"]["fr"],
        "playbook_types": head["purpose"],
        "playbook_activities": activities,
        "playbook_processing_summary": summary(workflow),
        "created_by": CREATED_BY,
        "created": head["created"],
        "modified": head["modified"],
        "industry_sectors": ["local-government"],
        "labels": list(dict.fromkeys([head["playbook"], *head.get("for", {}).get("types", [])])),
        "external_references": references(head["sources"]),
        "playbook_variables": cacao_variables(declared),
        "workflow_start": start,
        "workflow": workflow,
        "agent_definitions": agents(workflow, ENGINE_AGENT),
        "extension_definitions": {EXTENSION: DEFINITION},
        "playbook_extensions": {EXTENSION: _extension(head, declared)},
        **marking(head["markings"]),
    }
    cacao |= {key: head[key] for key in ("priority", "severity", "impact") if key in head}
    if exception:
        cacao["workflow_exception"] = exception
    return cacao


def _commands(step: Cacao) -> list[Cacao]:
    commands: list[Cacao] = step.get("commands", [])
    return commands


def _extension(head: Cacao, declared: Declared) -> Cacao:
    kept: Cacao = {
        key: head[key] for key in ("title", "summary", "for", "retention") if key in head
    }
    return {
        "name": head["playbook"],
        **kept,
        "outcomes": head.get("outcomes", {}),
        "sources": head["sources"],
        "variables": extended(declared),
    }
