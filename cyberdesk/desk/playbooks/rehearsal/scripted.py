"""A case as an author imagines it, written in a few lines: who answers what, what fails, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks.asking import questions_of, read_given
from cyberdesk.desk.playbooks.language.findings import Findings, PlaybookError
from cyberdesk.desk.playbooks.language.kinds import closest, milliseconds
from cyberdesk.desk.playbooks.language.nodes import Fields, Scalar, plain, read_nodes
from cyberdesk.desk.playbooks.language.vocabulary import FACTS
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.simulate import Effect, Reply, Smooth
from cyberdesk.desk.playbooks.steps import Action, Call

NOBODY, CANCEL, GIVEN = "nobody", "cancel", "given"
LONGEST = 4_000
_ANSWERS = ("done", "impossible", "unknown", "agree", "refuse", "true", "false", "not_done")
_JOINED = ("completed", "failed", "open")
_COMES_TO = ("done", "failed", "unknown", "lost")


@dataclass(slots=True)
class _Told:
    facts: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    replies: dict[str, Reply | None] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)
    happenings: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    joined: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)


def read_script(text: str, program: Program) -> Smooth:
    """Return the case written in `text`; where it says nothing, all goes well.

    Raises InvalidError that names the line.
    """
    told = _Told()
    if text.strip():
        for key, node, line in _lines(text):
            _one(told, program, key, node, line)
    return Smooth(
        facts=told.facts,
        answers=told.answers,
        replies=told.replies,
        effects=told.effects,
        happenings=tuple(told.happenings),
        joined=told.joined,
        variables=told.variables,
    )


def _lines(text: str) -> list[tuple[str, Any, int]]:
    findings = Findings()
    try:
        node = read_nodes(text, findings)
    except PlaybookError:
        node = None
    if not isinstance(node, Fields) or findings.errors or len(text) > LONGEST:
        raise InvalidError(
            _("These lines cannot be read."),
            fields={"script": [_("Write one line for each step, as `isolate: impossible`.")]},
        )
    return [(key, below, node.keys[key].line) for key, below in node.fields.items()]


def _one(told: _Told, program: Program, key: str, node: Any, line: int) -> None:
    value = plain(node)
    if key in FACTS:
        told.facts[key] = value
        return
    if key == CANCEL:
        length = milliseconds(str(value))
        if length is None:
            raise _wrong(line, _("Write after how long: `cancel: 2h`."))
        told.happenings.append((length, {"type": "cancel"}))
        return
    if key == GIVEN:
        told.variables = _given(program, value, line)
        return
    step = next((one for one in program.steps.values() if one.key == key), None)
    if step is None:
        near = closest(key, [one.key for one in program.steps.values()])
        raise _wrong(
            line, _("There is no step %(name)s; the nearest is “%(near)s”.", name=key, near=near)
        )
    if isinstance(step, Action):
        _effect(told, key, value, line)
    elif isinstance(step, Call) and step.once_per == "case":
        _joined(told, key, value, line)
    else:
        _answer(told, key, node, line)


def _given(program: Program, value: Any, line: int) -> dict[str, Any]:
    """What whoever starts the playbook answers."""
    known = ", ".join(questions_of(program)) or "—"
    wrong = _wrong(line, _("Write what it asks when it is started, %(known)s.", known=known))
    if not isinstance(value, Mapping):
        raise wrong
    try:
        return read_given(program, {str(name): _plain(one) for name, one in value.items()})
    except InvalidError:
        raise wrong from None


def _plain(answer: Any) -> Any:
    return answer if isinstance(answer, bool | str) else str(answer)


def _answer(told: _Told, key: str, node: Any, line: int) -> None:
    value = plain(node)
    if isinstance(value, Mapping):
        told.answers[key] = dict(value)
    elif value == NOBODY:
        told.replies[key] = None
    elif isinstance(node, Scalar) and node.text in _ANSWERS:
        told.replies[key] = Reply(node.text)
    else:
        raise _wrong(
            line,
            _(
                "Possible here: %(known)s, or {question: answer}.",
                known=", ".join((*_ANSWERS, NOBODY)),
            ),
        )


def _joined(told: _Told, key: str, value: Any, line: int) -> None:
    """How another run of the case stands that has begun the playbook before this one."""
    if value not in _JOINED:
        known = ", ".join(_JOINED)
        raise _wrong(line, _("Possible for a playbook begun elsewhere: %(known)s.", known=known))
    told.joined[key] = str(value)


def _effect(told: _Told, key: str, value: Any, line: int) -> None:
    if isinstance(value, Mapping):
        told.effects[key] = Effect(output=dict(value))
    elif value in _COMES_TO:
        told.effects[key] = Effect(str(value), permanent=value == "failed")
    else:
        raise _wrong(
            line,
            _("Possible for an action: %(known)s, or {result: value}.", known=", ".join(_COMES_TO)),
        )


def _wrong(line: int, said: Any) -> InvalidError:
    told = _("Line %(line)s: %(said)s", line=line, said=said)
    return InvalidError(_("These lines cannot be read."), fields={"script": [told]})
