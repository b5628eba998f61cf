"""The playbook and its steps (CACAO 2.0 §3 and §4), and the check of a whole document."""

import re

from cyberdesk.desk.playbooks.language.nodes import Fields, Items, Node, Scalar
from cyberdesk.desk.playbooks.language.reading import Reading
from cyberdesk.desk.playbooks.standard.parts import (
    accesses,
    agents,
    arguments,
    command,
    extension_definitions,
    extensions,
    markings,
    reference,
    signature,
    variables,
)
from cyberdesk.desk.playbooks.standard.rules import (
    IDENTIFIER,
    Record,
    defined,
    flag,
    identifier,
    listing,
    mapping,
    matching,
    one_of,
    text,
    timestamp,
    value_of,
    whole,
)

_CASE = re.compile(r"[a-zA-Z0-9_-]{0,250}\Z")
_NEXT = ("on_completion", "on_success", "on_failure")


def is_cacao(node: Node) -> bool:
    """Say whether a document is a playbook in CACAO's own words, of whatever version."""
    if not isinstance(node, Fields):
        return False
    version = value_of(node.fields.get("spec_version"))
    return value_of(node.fields.get("type")) == "playbook" or str(version).startswith("cacao")


def check_standard(node: Node, reading: Reading) -> None:
    """Tell everything in a CACAO document that the standard does not allow."""
    _PLAYBOOK(node, reading)


# -- steps


def _followed(node: Fields, reading: Reading) -> None:
    """One way on, or the pair for success and failure: §4.1."""
    given = [key for key in _NEXT if key in node.fields]
    if "on_completion" in given and len(given) > 1:
        reading.fault("cacao-both", node)
    elif not {"on_completion", "on_success"} & set(given):
        reading.fault("cacao-next", node)


def _ends(node: Fields, reading: Reading) -> None:
    for key in _NEXT:
        if key in node.fields:
            reading.fault("cacao-after", node.keys[key], type="end", key=key)


def _begins(node: Fields, reading: Reading) -> None:
    for key in ("on_success", "on_failure"):
        if key in node.fields:
            reading.fault("cacao-after", node.keys[key], type="start", key=key)


_STEP = Record(
    "step",
    "§4.1",
    {
        "type": text,
        "name": text,
        "description": text,
        "external_references": listing(reference, 1),
        "delay": whole(1, clause="§4.1"),
        "timeout": whole(clause="§4.1"),
        "step_variables": variables,
        "owner": identifier,
        **dict.fromkeys(_NEXT, identifier),
        "step_extensions": extensions,
    },
    frozenset({"type"}),
)
_called = {"in_args": arguments, "out_args": arguments}
_branched = {"condition": text, "on_true": identifier, "on_false": identifier}
_STEPS = {
    "start": _STEP.more("start", "§4", (), (_followed, _begins)),
    "end": _STEP.more("end", "§4", (), (_ends,)),
    "action": _STEP.more(
        "action",
        "§4",
        ["commands", "agent"],
        (_followed,),
        commands=listing(command, 1),
        agent=identifier,
        targets=listing(identifier, 1),
        **_called,
    ),
    "playbook-action": _STEP.more(
        "playbook-action",
        "§4",
        ["playbook_id"],
        (_followed,),
        playbook_id=identifier,
        playbook_version=timestamp,
        **_called,
    ),
    "parallel": _STEP.more(
        "parallel",
        "§4",
        ["next_steps"],
        (_followed,),
        next_steps=listing(identifier, 2, "§4"),
    ),
    "if-condition": _STEP.more(
        "if-condition", "§4", ["condition", "on_true"], (_followed,), **_branched
    ),
    "while-condition": _STEP.more(
        "while-condition",
        "§4",
        ["condition", "on_true"],
        (_followed,),
        condition=text,
        on_true=identifier,
    ),
    "switch-condition": _STEP.more(
        "switch-condition",
        "§4",
        ["switch", "cases"],
        (_followed,),
        switch=text,
        cases=mapping(identifier, _CASE, "a-z, 0-9, _, -", clause="§4"),
    ),
}
_no_step = Record("step", "§4", {**_STEP.fields, "type": one_of(*_STEPS, clause="§4")}, _STEP.needs)
_workflow = defined(_STEPS, _no_step, "§4", least=0)


# -- the playbook


def _activities(node: Fields, reading: Reading) -> None:
    if "playbook_types" in node.fields and "playbook_activities" not in node.fields:
        reading.fault("cacao-activities", node.keys["playbook_types"])


def _validity(node: Fields, reading: Reading) -> None:
    if value_of(node.fields.get("revoked")) is True:  # then the dates count for nothing (§3.1)
        reading.fault("cacao-revoked", node.keys["revoked"])
        return
    begins, ends = (value_of(node.fields.get(k)) for k in ("valid_from", "valid_until"))
    if isinstance(begins, str) and isinstance(ends, str) and ends <= begins:
        reading.fault("cacao-validity", node.keys["valid_until"])


def _marked(node: Fields, reading: Reading) -> None:
    defined = _keys(node, "data_marking_definitions")
    named = node.fields.get("markings")
    for item in named.items if isinstance(named, Items) else ():
        if isinstance(item, Scalar) and item.text not in defined:
            reading.fault("marking-unknown", item, marking=item.text)


def _extended(node: Fields, reading: Reading) -> None:
    defined = _keys(node, "extension_definitions")
    held = node.fields.get("playbook_extensions")
    for key, place in held.keys.items() if isinstance(held, Fields) else ():
        if key not in defined:
            reading.fault("extension-unknown", place, extension=key)


def _keys(node: Fields, name: str) -> set[str]:
    below = node.fields.get(name)
    return set(below.fields) if isinstance(below, Fields) else set()


_SUMMARY = Record(
    "playbook_processing_summary",
    "§10.14",
    dict.fromkeys(
        (
            "manual_playbook",
            "external_playbooks",
            "parallel_processing",
            "if_logic",
            "while_logic",
            "switch_logic",
            "temporal_logic",
            "data_markings",
            "digital_signatures",
            "countersigned_signatures",
            "extensions",
        ),
        flag,
    ),
)
_PLAYBOOK = Record(
    "playbook",
    "§3.1",
    {
        "type": one_of("playbook", clause="§3.1"),
        "spec_version": one_of("cacao-2.0", clause="§3.1"),
        "id": identifier,
        "name": text,
        "description": text,
        "playbook_types": listing(text),
        "playbook_activities": listing(text, 1, "§3.1"),
        "playbook_processing_summary": _SUMMARY,
        "created_by": identifier,
        **dict.fromkeys(("created", "modified", "valid_from", "valid_until"), timestamp),
        "revoked": flag,
        **dict.fromkeys(("derived_from", "related_to", "markings"), listing(identifier, 1)),
        **dict.fromkeys(("priority", "severity", "impact"), whole(0, 100, "§3.1")),
        **dict.fromkeys(("industry_sectors", "labels"), listing(text, 1)),
        "external_references": listing(reference, 1),
        "playbook_variables": variables,
        "workflow_start": matching(IDENTIFIER, "start--UUID", "§3.1"),
        "workflow_exception": identifier,
        "workflow": _workflow,
        "playbook_extensions": extensions,
        "authentication_info_definitions": accesses,
        "agent_definitions": agents,
        "target_definitions": agents,
        "extension_definitions": extension_definitions,
        "data_marking_definitions": markings,
        "signatures": listing(signature, 1, "§10.15"),
    },
    frozenset(
        {
            "type",
            "spec_version",
            "id",
            "name",
            "created_by",
            "created",
            "modified",
            "workflow_start",
            "workflow",
        }
    ),
    (_activities, _validity, _marked, _extended),
)
