"""Takes the secrets out of a playbook from elsewhere and leaves references in their place.

CACAO 2.0 §6 foresees it: with `kms` the secret is in a key store, and `kms_key_identifier` names
it. A header that lets in has no such place; there the reference is the value, `kms:NAME`.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cyberdesk.desk.playbooks.standard.meaning import SECRET_FIELDS, items, literal_secrets, objects

HEADER = "kms:"
_VALUE = "value"


@dataclass(frozen=True, slots=True)
class Taken:
    """A secret on its way to the store: its fields, and the hosts that it was meant for."""

    reference: str
    where: str
    fields: Mapping[str, str]
    hosts: frozenset[str]

    def __repr__(self) -> str:  # never in a log
        return f"Taken({self.reference!r}, {self.where!r})"


def take_out(cacao: dict[str, Any]) -> tuple[dict[str, Any], list[Taken]]:
    """Return the playbook without its literal secrets, and those; the one given is left alone."""
    paths = list(literal_secrets(cacao))
    if not paths:
        return cacao, []
    clean = copy.deepcopy(cacao)
    taken = [*_accesses(clean, paths), *_headers(clean, paths)]
    return clean, taken


def named_in(cacao: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the secrets that a playbook refers to; one with faults may be given."""
    for access in _below(cacao.get("authentication_info_definitions")):
        if isinstance(access, Mapping) and access.get("kms_key_identifier"):
            yield str(access["kms_key_identifier"])
    for step in _below(cacao.get("workflow")):
        for command in (step.get("commands") or ()) if isinstance(step, Mapping) else ():
            headers = command.get("headers") if isinstance(command, Mapping) else None
            for values in _below(headers):
                for value in values if isinstance(values, list) else ():
                    if str(value).startswith(HEADER):
                        yield str(value).removeprefix(HEADER)


def _below(held: Any) -> Iterable[Any]:
    return held.values() if isinstance(held, Mapping) else ()


def _accesses(clean: dict[str, Any], paths: Iterable[str]) -> Iterator[Taken]:
    accesses = clean.get("authentication_info_definitions") or {}
    holding = {path.split(".")[1] for path in paths if path.startswith("authentication_info")}
    for identifier in [one for one in accesses if one in holding]:
        access = accesses[identifier]
        fields = {key: access.pop(key) for key in SECRET_FIELDS if access.get(key)}
        reference = _reference(clean, identifier)
        access |= {"kms": True, "kms_key_identifier": reference}
        hosts = frozenset(_hosts_let_in_by(clean, identifier))
        yield Taken(reference, f"authentication_info_definitions.{identifier}", fields, hosts)


def _headers(clean: dict[str, Any], paths: Iterable[str]) -> Iterator[Taken]:
    for path in paths:
        if not path.startswith("workflow."):
            continue
        _workflow, identifier, _commands, index, _of, name = path.split(".", 5)
        step = clean["workflow"][identifier]
        headers = step["commands"][int(index)]["headers"]
        reference = _reference(clean, identifier, index, name.lower())
        told = headers[name] if isinstance(headers[name], list) else [headers[name]]
        fields = {_VALUE: ", ".join(map(str, told))}
        headers[name] = [HEADER + reference]
        yield Taken(reference, path, fields, frozenset(_hosts_of(clean, step.get("targets", ()))))


def _reference(cacao: Mapping[str, Any], *parts: str) -> str:
    """Return the name of a secret, the same whenever the same file is imported again."""
    playbook = str(cacao.get("id", "")).rpartition("--")[2][:8]
    return ":".join(["playbook", playbook, *(part.rpartition("--")[2][:8] for part in parts)])


def _hosts_let_in_by(cacao: Mapping[str, Any], access: str) -> Iterator[str]:
    for _identifier, held in _machines(cacao):
        if held.get("authentication_info") == access:
            yield from hosts(held)


def _hosts_of(cacao: Mapping[str, Any], targets: Any) -> Iterator[str]:
    named = [target for _index, target in items(targets)]
    for identifier, held in _machines(cacao):
        if identifier in named:
            yield from hosts(held)


def _machines(cacao: Mapping[str, Any]) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    yield from objects(cacao.get("target_definitions"))
    yield from objects(cacao.get("agent_definitions"))


def hosts(target: Mapping[str, Any]) -> Iterator[str]:
    """Yield the hosts that a target's addresses name, in small letters."""
    address = dict(items(target.get("address")))
    for kind in ("dname", "ipv4", "ipv6"):
        yield from (str(one).lower() for _index, one in items(address.get(kind)))
    for _index, url in items(address.get("url")):
        try:
            name = urlsplit(str(url)).hostname
        except ValueError:  # brackets that hold no IPv6 address
            continue
        if name:
            yield name
