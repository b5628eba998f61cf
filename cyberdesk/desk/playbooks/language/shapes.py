"""Which keys each part of a playbook takes. Everything else about the syntax follows from this."""

import re
from typing import Any

from cyberdesk.desk.playbooks.language import kinds as k
from cyberdesk.desk.playbooks.language.kinds import Kind, must
from cyberdesk.desk.playbooks.language.nodes import Fields, Node, Scalar
from cyberdesk.desk.playbooks.language.outline import Block, Jump, Route, StepSource
from cyberdesk.desk.playbooks.language.reading import NAME, Reading
from cyberdesk.desk.playbooks.language.vocabulary import (
    ACTIVITIES,
    PHASES,
    PURPOSES,
    ROLES,
    SEVERITIES,
    TLP,
)
from cyberdesk.desk.playbooks.values import TYPES

_CASE_VALUE = re.compile(r"[A-Za-z0-9_-]{1,250}\Z")
_ASKED = sorted(TYPES - {"dictionary"})


def _route(node: Node, reading: Reading) -> Route | None:
    if isinstance(node, Scalar) and NAME.match(node.text):
        return Jump(node.text, node.place)
    if isinstance(node, Fields):
        return _block(node, reading)
    reading.fault("route-expected", node)
    return None


def _block(node: Node, reading: Reading) -> Block | None:
    if not isinstance(node, Fields) or not node.fields:
        reading.fault("block-expected", node)
        return None
    steps = (_step(key, node, reading.into(key)) for key in node.fields)
    return Block(tuple(step for step in steps if step), node.place)


def _step(key: str, block: Fields, reading: Reading) -> StepSource | None:
    node, place = block.fields[key], block.keys[key]
    if not NAME.match(key):
        reading.fault("bad-name", place, name=key)
    if not isinstance(node, Fields):
        reading.fault("step-expected", node, key=key)
        return None
    kind = next((kind for kind in STEPS if kind in node.fields), None)
    if kind is None:
        reading.fault("kind-missing", place, key=key, kinds=", ".join(STEPS))
        return None
    return StepSource(key, kind, place, k.read_record(node, STEPS[kind], reading))


def _wait(node: Node, reading: Reading) -> dict[str, Any] | None:
    if isinstance(node, Scalar):
        length = k.duration.read(node, reading)
        return None if length is None else {"for": length}
    read: dict[str, Any] | None = k.record(WAIT).read(node, reading)
    if read is not None and len({"for", "until", "signal"} & set(read)) != 1:
        reading.fault("wait-for-what", node)
    return read


def _variable(node: Node, reading: Reading) -> str | None:
    read: str | None = k.identifier.read(node, reading)
    if read is not None:
        reading.refer(read, node)
    return read


variable = Kind(_variable, k.identifier.schema)
route = Kind(_route, {"anyOf": [k.identifier.schema, {"$ref": "#/$defs/block"}]})
block = Kind(_block, {"$ref": "#/$defs/block"})
role = k.one_of(ROLES, "unknown-role")

WAIT = {
    "for": k.duration,
    "until": variable,
    "signal": k.dotted,
    "timeout": k.duration,
}
wait = Kind(_wait, {"anyOf": [k.duration.schema, k.schema_of(WAIT)]})
QUESTION = {
    "label": must(k.text),
    "help": k.text,
    "type": k.one_of(_ASKED),
    "choices": k.mapping(k.text, _CASE_VALUE),
    "min": k.integer(-(10**12), 10**12),
    "max": k.integer(-(10**12), 10**12),
    "unknown": k.one_of(("allowed", "refused")),
}
RETRY = {
    "attempts": k.integer(1, 20),
    "first": k.duration,
    "longest": k.duration,
    "backoff": k.one_of(("exponential", "fixed")),
    "timeout": k.duration,
}
NO_IT = {
    "task": k.text,
    "who": role,
    "why": k.texts,
    "how": k.texts,
    "avoid": k.texts,
    "phone": k.texts,
}
_COMMON = {
    "then": k.identifier,
    "phase": k.one_of(PHASES),
    "activity": k.one_of(ACTIVITIES),
    "delay": k.duration,
    "description": k.line,
    "on_failure": route,
}
_DEADLINE = {"within": k.duration, "since": variable, "breach": route}

TASK = {
    "task": must(k.text),
    "who": must(role),
    "why": k.texts,
    "how": k.texts,
    "avoid": k.texts,
    "evidence": k.texts,
    "phone": k.texts,
    "no_it": k.record(NO_IT),
    "ask": k.mapping(k.record(QUESTION)),
    "decision": k.flag,
    "remind": k.listing(k.duration),
    "timeout": k.duration,
    "on_timeout": route,
    "impossible": route,
    "unknown": route,
    "approve": role,
    "undo": block,
    **_DEADLINE,
    **_COMMON,
}
ACTION = {
    "do": must(k.dotted),
    "task": k.text,
    "with": k.inputs,
    "out": k.mapping(k.line),
    "retry": k.record(RETRY),
    "once_per": k.one_of(("step", "run", "case")),
    "approve": role,
    "undo": block,
    **_DEADLINE,
    **_COMMON,
}
_DECISION = {"question": k.text, "unknown": route}
IF = {"if": must(k.condition), **_COMMON, **_DECISION, "then": must(route), "else": route}
SWITCH = {
    "switch": must(variable),
    "cases": must(k.mapping(route, _CASE_VALUE)),
    "default": route,
    **_DECISION,
    **_COMMON,
}
PARALLEL = {"parallel": must(k.mapping(block)), **_COMMON}
WHILE = {
    "while": must(k.condition),
    "max": must(k.integer(1, 1000)),
    "do": must(block),
    **_DECISION,
    **_COMMON,
}
CALL = {
    "playbook": must(k.identifier),
    "with": k.inputs,
    "out": k.mapping(k.identifier),
    "once_per": k.one_of(("step", "case")),
    **_COMMON,
}
PAUSE = {
    "wait": must(wait),
    "task": k.text,
    "out": k.mapping(k.line),
    "on_timeout": route,
    **_DEADLINE,
    **_COMMON,
}
END = {"end": must(k.identifier), "phase": _COMMON["phase"], "description": k.line}

# In this order a step is recognised: `while` has a `do`, `do` and `wait` may have a title.
STEPS: dict[str, dict[str, Kind]] = {
    "while": WHILE,
    "do": ACTION,
    "if": IF,
    "switch": SWITCH,
    "parallel": PARALLEL,
    "playbook": CALL,
    "wait": PAUSE,
    "end": END,
    "task": TASK,
}

SOURCE = {
    "title": must(k.line),
    "url": k.url,
    "verified_on": must(k.day),
    "to_verify": k.flag,
    "licence": k.line,
}
FOR = {
    "case": k.identifier,
    "types": k.listing(k.line),
    "rsit": k.listing(k.line),
    "severities": k.listing(k.one_of(SEVERITIES)),
}
VARIABLE = {
    "type": must(k.one_of(sorted(TYPES))),
    "value": k.scalar,
    "constant": k.flag,
    "from": k.dotted,
    "ask": k.text,
    "choices": k.mapping(k.text, _CASE_VALUE),
    "description": k.line,
}
HEAD = {
    "playbook": must(k.identifier),
    "title": must(k.text),
    "summary": must(k.text),
    "purpose": must(k.listing(k.one_of(PURPOSES))),
    "created": must(k.day),
    "modified": must(k.day),
    "markings": must(k.one_of(TLP)),
    "retention": must(k.duration),
    "for": k.record(FOR),
    "priority": k.integer(1, 100),
    "severity": k.integer(0, 100),
    "impact": k.integer(0, 100),
    "sources": must(k.listing(k.record(SOURCE))),
    "variables": k.mapping(k.record(VARIABLE)),
    "outcomes": k.mapping(k.text),
    "branches": k.mapping(block),
    "steps": must(block),
    "exception": route,
}
