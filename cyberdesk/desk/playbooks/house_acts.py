"""The acts of the house that playbooks may `do`: write to the commune, note, call the lead."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.core.access import Actor
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.actions import register


def _message(actor: Actor, case: Case, given: Mapping[str, Any]) -> dict[str, Any]:
    sent = cases.write(actor, case, body=_words(given, "text"))
    return {"message": str(sent.id)}


def _note(actor: Actor, case: Case, given: Mapping[str, Any]) -> dict[str, Any]:
    made = cases.add_note(actor, case, body=_words(given, "text"))
    return {"message": str(made.id)}


def _escalate(actor: Actor, case: Case, given: Mapping[str, Any]) -> None:
    cases.escalate(actor, case, reason=_words(given, "reason"))


def _words(given: Mapping[str, Any], key: str) -> str:
    held = given.get(key)
    words = held.get("fr") if isinstance(held, Mapping) else held
    if not isinstance(words, str) or set(given) != {key}:
        raise InvalidError(_("This act takes `%(key)s` and nothing else.", key=key))
    return words


def register_all() -> None:
    register("case.message", _message)
    register("case.note", _note)
    register("case.escalate", _escalate)
