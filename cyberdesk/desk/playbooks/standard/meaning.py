"""What the objects of a CACAO playbook must be to each other, which no schema sees."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cyberdesk.desk.playbooks.language.findings import Findings, Place

Cacao = Mapping[str, Any]
_SPOKEN = re.compile(r"(__[A-Za-z_][A-Za-z0-9_-]{0,199}?__):value(?![A-Za-z0-9_])")
# What CACAO calls what went wrong, and our own name of the same: every playbook has them.
_GIVEN = frozenset({"__failure__"})


def check_meaning(cacao: Cacao, places: Mapping[str, Place], findings: Findings) -> None:
    """Tell what is named but not defined, constants written to, secrets in the clear."""
    _Meaning(cacao, places, findings).check()


class _Meaning:
    def __init__(self, cacao: Cacao, places: Mapping[str, Place], findings: Findings) -> None:
        self.cacao, self.places, self.findings = cacao, places, findings
        self.declared: Cacao = cacao.get("playbook_variables") or {}

    def check(self) -> None:
        for identifier, step in self.cacao["workflow"].items():
            self._step(identifier, step)
        accesses = self.cacao.get("authentication_info_definitions") or {}
        for kind in ("agent_definitions", "target_definitions"):
            for identifier, held in (self.cacao.get(kind) or {}).items():
                access = held.get("authentication_info")
                if access is not None and access not in accesses:
                    self.findings.add("undefined-authentication", Place(), target=identifier)
        for where in literal_secrets(self.cacao):
            self.findings.add("literal-secret", Place(path=where), key=where)

    def _step(self, identifier: str, step: Cacao) -> None:
        own: Cacao = step.get("step_variables") or {}
        known = {**self.declared, **_inherited(self.cacao, identifier), **own}
        for target in step.get("targets") or ():
            if target not in (self.cacao.get("target_definitions") or {}):
                self._tell("undefined-target", identifier, target=target)
        for name in own:
            if name in self.declared:
                self._tell("shadowed-variable", identifier, variable=name)
        for name in sorted(_spoken_of(step)):
            if name not in known and name not in _GIVEN:
                self._tell("undefined-argument", identifier, variable=name)
        for name in step.get("out_args") or ():
            if (known.get(name) or {}).get("constant") is True:
                self._tell("constant-argument", identifier, variable=name)

    def _tell(self, code: str, identifier: str, **facts: object) -> None:
        place = replace(self.places.get(identifier, Place()), path=f"workflow.{identifier}")
        name = self.cacao["workflow"][identifier].get("name") or identifier
        self.findings.add(code, place, key=name, **facts)


def _spoken_of(step: Cacao) -> set[str]:
    """Return the variables that a step names, in texts, conditions and arguments."""
    kept = {key: held for key, held in step.items() if key not in ("step_variables", "name")}
    found = set(_SPOKEN.findall(json.dumps(kept)))
    return found | {*(step.get("in_args") or ()), *(step.get("out_args") or ())}


def _inherited(cacao: Cacao, identifier: str) -> dict[str, Any]:
    """Return the variables of the steps whose branches this one may stand in.

    Which those are is for the engine to follow; here every step that owns branches counts, so
    that nothing right is called wrong.
    """
    found: dict[str, Any] = {}
    for other, step in cacao["workflow"].items():
        owns = any(key in step for key in ("on_true", "next_steps", "cases"))
        if owns and other != identifier:
            found |= step.get("step_variables") or {}
    return found


SECRET_FIELDS = ("password", "token", "oauth_header")


def literal_secrets(cacao: Cacao) -> Iterator[str]:
    """Yield where a secret stands in the clear, as dotted paths."""
    for identifier, access in objects(cacao.get("authentication_info_definitions")):
        for key in SECRET_FIELDS:
            if _is_literal(access, key):
                yield f"authentication_info_definitions.{identifier}.{key}"
    for identifier, step in objects(cacao.get("workflow")):
        for index, command in objects(step.get("commands")):
            for name, values in items(command.get("headers")):
                told = values if isinstance(values, list) else [values]
                if str(name).lower() in _LETS_IN and any(_in_clear(str(v)) for v in told):
                    yield f"workflow.{identifier}.commands.{index}.headers.{name}"


def objects(held: Any) -> Iterator[tuple[Any, Cacao]]:
    """Yield the objects in a dictionary or a list, and nothing of what is neither."""
    yield from ((key, one) for key, one in items(held) if isinstance(one, Mapping))


def items(held: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(held, Mapping):
        yield from held.items()
    elif isinstance(held, list):
        yield from enumerate(held)


_LETS_IN = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key"})


def _in_clear(value: str) -> bool:
    return not _SPOKEN.search(value) and not value.startswith("kms:")


def _is_literal(access: Cacao, key: str) -> bool:
    """A value given as a variable is no literal."""
    held = access.get(key)
    return isinstance(held, str) and bool(held) and not _SPOKEN.fullmatch(held)
