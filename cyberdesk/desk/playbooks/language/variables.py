"""Gathers the variables of a playbook: declared in its head, or where a question asks for them."""

from collections.abc import Iterator
from typing import Any

from cyberdesk.desk.playbooks.language.findings import Place
from cyberdesk.desk.playbooks.language.outline import Block, Outline, StepSource
from cyberdesk.desk.playbooks.language.reading import Reading
from cyberdesk.desk.playbooks.language.standing import STEP
from cyberdesk.desk.playbooks.language.vocabulary import BUILT_IN, FACTS
from cyberdesk.desk.playbooks.values import FORMATS, BadValueError, Variable, read_value

Declared = dict[str, Variable]


def gather(outline: Outline, reading: Reading) -> Declared:
    """Return every variable by name, after telling what is declared badly or twice."""
    declared: Declared = {}
    for name, fields in outline.head.get("variables", {}).items():
        place = outline.head["_places"].get(name, Place())
        declared[name] = _declared(name, fields, place, reading.into("variables", name))
    for step in walk(outline):
        for name, question in step.fields.get("ask", {}).items():
            _asked(name, question, step, declared, reading.into("steps", step.key, "ask", name))
    for name in (STEP, *BUILT_IN):
        if name in declared:
            reading.fault("reserved-name", outline.steps.place, name=name)
    for name, kind in BUILT_IN.items():
        declared[name] = Variable(name, kind)
    return declared


def walk(outline: Outline) -> Iterator[StepSource]:
    """Yield every step once, as written: those of branches and of nested blocks too."""
    for block in (outline.steps, *outline.branches.values(), outline.exception):
        if isinstance(block, Block):
            yield from _steps(block)


def _steps(block: Block) -> Iterator[StepSource]:
    for step in block.steps:
        yield step
        for value in step.fields.values():
            inner = value.values() if isinstance(value, dict) else (value,)
            for part in inner:
                if isinstance(part, Block):
                    yield from _steps(part)


def _declared(name: str, fields: dict[str, Any], place: Place, reading: Reading) -> Variable:
    kind = fields.get("type", "string")
    fact = fields.get("from")
    if fact is not None and fact not in FACTS:
        reading.fault("unknown-fact", place, fact=fact, known=", ".join(sorted(FACTS)))
    asked, choices = fields.get("ask"), fields.get("choices", {})
    if asked and (fact is not None or fields.get("constant") or kind == "dictionary"):
        reading.fault("not-askable", place, variable=name)
    if asked and kind == "choice" and not choices:
        reading.fault("choices-missing", place, variable=name)
    return Variable(
        name=name,
        type=kind,
        default=_default(kind, fields.get("value"), place, reading),
        constant=bool(fields.get("constant")),
        fact=fact,
        choices=choices,
        asked=asked,
    )


def _default(kind: str, raw: Any, place: Place, reading: Reading) -> Any:
    try:
        return read_value(kind, raw)
    except BadValueError as error:
        reading.fault("bad-value", place, value=raw, expected=error)
        return None


def _asked(
    name: str, question: dict[str, Any], step: StepSource, declared: Declared, reading: Reading
) -> None:
    known = declared.get(name)
    kind = question.get("type") or (known.type if known else None)
    if kind is None:
        reading.fault("ask-needs-type", step.place, variable=name)
        kind = "string"
    choices = question.get("choices") or (known.choices if known else {})
    if kind == "choice" and not choices:
        reading.fault("choices-missing", step.place, variable=name)
    if known and known.type != kind:
        reading.fault("type-conflict", step.place, variable=name, first=known.type, second=kind)
    if known and (known.constant or known.fact):
        reading.fault("not-writable", step.place, variable=name)
    question["type"] = kind
    if choices:
        question["choices"] = dict(choices)
    if known is None or (choices and not known.choices):
        default = known.default if known else None
        declared[name] = Variable(name, kind, default=default, choices=choices)


def cacao_variables(declared: Declared) -> dict[str, Any]:
    """Return `playbook_variables` (CACAO 2.0 §10.18); formats that CACAO lacks are strings."""
    return {f"__{name}__": _cacao(v) for name, v in declared.items() if name not in BUILT_IN}


def _cacao(variable: Variable) -> dict[str, Any]:
    from cyberdesk.desk.playbooks.values import write_value

    written = {
        "type": "string" if variable.type in FORMATS else variable.type,
        "constant": variable.constant,
        "external": variable.fact is not None or variable.asked is not None,
    }
    if variable.default is not None:
        written["value"] = write_value(variable.default)
    return written


def extended(declared: Declared) -> dict[str, Any]:
    """Return what our extension says of variables: format, fact, question, choices."""
    out = {}
    for name, variable in declared.items():
        facts = {
            "format": variable.type if variable.type in FORMATS else None,
            "from": variable.fact,
            "ask": variable.asked,
            "choices": dict(variable.choices) or None,
        }
        if any(facts.values()):
            out[name] = {key: fact for key, fact in facts.items() if fact}
    return out
