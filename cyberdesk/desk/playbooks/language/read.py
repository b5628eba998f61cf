"""From a text to a playbook: YAML of ours, or CACAO 2.0 in JSON or in YAML."""

from cyberdesk.desk.playbooks.canonical import content_hash
from cyberdesk.desk.playbooks.language.compile import compile_nodes
from cyberdesk.desk.playbooks.language.compiled import (
    STANDARD,
    Compiled,
    Resolve,
    nothing_pinned,
)
from cyberdesk.desk.playbooks.language.findings import Findings, Place, PlaybookError
from cyberdesk.desk.playbooks.language.json_nodes import is_json, read_json_nodes
from cyberdesk.desk.playbooks.language.nodes import Fields, Node, plain, read_nodes
from cyberdesk.desk.playbooks.language.reading import Reading
from cyberdesk.desk.playbooks.standard import check_standard, is_cacao
from cyberdesk.desk.playbooks.standard.rules import value_of

_VERSION = "cacao-2.0"


def read_text(source: str | bytes, findings: Findings) -> Node:
    """Return the document in `source`, JSON or YAML. Raises PlaybookError."""
    read = read_json_nodes if is_json(source) else read_nodes
    return read(source, findings)


def compile_playbook(source: str | bytes, resolve: Resolve = nothing_pinned) -> Compiled:
    """Return the playbook written in `source`.

    In our own notation every fault stops it. A CACAO document is read leniently: it is returned
    with its faults among the findings, as a draft to mend. Raises PlaybookError with every fault
    found, in the order of the text, when there is nothing to go on with.
    """
    findings = Findings()
    node = read_text(source, findings)
    if is_cacao(node):
        return _standard(node, findings, resolve)
    return compile_nodes(node, findings, resolve)


def _standard(node: Node, findings: Findings, resolve: Resolve) -> Compiled:
    assert isinstance(node, Fields)
    version = node.fields.get("spec_version")
    if version is not None and value_of(version) != _VERSION:
        findings.add("cacao-version", version.place, version=value_of(version))
        raise PlaybookError(findings)
    check_standard(node, Reading(findings))
    cacao = plain(node)
    places = _places(node)
    pins = _pins(cacao, places, findings, resolve)
    try:
        name = content_hash(cacao)
    except ValueError as error:
        findings.add("number-not-exact", node.place, value=error)
        raise PlaybookError(findings) from None
    return Compiled(cacao, name, findings, places, STANDARD, pins)


def _places(node: Fields) -> dict[str, Place]:
    workflow = node.fields.get("workflow")
    return dict(workflow.keys) if isinstance(workflow, Fields) else {}


def _pins(
    cacao: dict[str, object], places: dict[str, Place], findings: Findings, resolve: Resolve
) -> dict[str, str]:
    """Bind each call of another playbook to the version named, or else to its current one."""
    workflow = cacao.get("workflow")
    pins = {}
    for identifier, step in workflow.items() if isinstance(workflow, dict) else ():
        if not isinstance(step, dict) or step.get("type") != "playbook-action":
            continue
        name, version = step.get("playbook_id"), step.get("playbook_version")
        try:
            pin = resolve(str(name), version if isinstance(version, str) else None)
        except PlaybookError as error:  # they call each other in a circle
            for finding in error.findings:
                findings.add(finding.code, places[identifier], **finding.facts)
            continue
        if pin is None:
            findings.add("playbook-unknown", places[identifier], name=name)
        else:
            pins[identifier] = pin.hash
    return pins
