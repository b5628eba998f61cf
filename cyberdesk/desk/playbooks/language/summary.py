"""The parts of the CACAO object that follow from the rest: agents, markings, references."""

from typing import Any

from cyberdesk.desk.playbooks.language.cacao import EXTENSION, agent_id
from cyberdesk.desk.playbooks.language.vocabulary import OASIS_IDENTITY, ROLES, TLP

Cacao = dict[str, Any]


def summary(workflow: Cacao) -> dict[str, bool]:
    """Return `playbook_processing_summary` (CACAO 2.0 §10.14)."""
    types = {step["type"] for step in workflow.values()}
    commands = {c["type"] for step in workflow.values() for c in step.get("commands", [])}
    timed = any("delay" in step or "timeout" in step for step in workflow.values())
    return {
        "manual_playbook": commands == {"manual"},
        "external_playbooks": "playbook-action" in types,
        "parallel_processing": "parallel" in types,
        "if_logic": "if-condition" in types,
        "while_logic": "while-condition" in types,
        "switch_logic": "switch-condition" in types,
        "temporal_logic": timed,
        "data_markings": True,
        "digital_signatures": False,
        "countersigned_signatures": False,
        "extensions": True,
    }


def agents(workflow: Cacao, engine: str) -> Cacao:
    """Return the definitions of the agents that the steps name."""
    used = {step["agent"] for step in workflow.values() if "agent" in step}
    people = {
        agent_id(kind, role): {
            "type": kind,
            "name": title["fr"],
            "agent_target_extensions": {EXTENSION: {"role": role, "title": title}},
        }
        for role, (kind, title) in ROLES.items()
    }
    every = {**people, engine: {"type": "cyberdesk", "name": "CyberDesk"}}
    return {identifier: every[identifier] for identifier in sorted(used)}


def marking(level: str) -> Cacao:
    """Return `markings` and the TLP object that OASIS publishes for `level`."""
    identifier = TLP[level]
    return {
        "markings": [identifier],
        "data_marking_definitions": {
            identifier: {
                "type": "marking-tlp",
                "id": identifier,
                "created_by": OASIS_IDENTITY,
                "created": "2022-10-01T00:00:00.000Z",
                "tlpv2_level": level,
            }
        },
    }


def references(sources: list[Cacao]) -> list[Cacao]:
    return [
        {"name": source["title"], **({"url": source["url"]} if "url" in source else {})}
        for source in sources
    ]
