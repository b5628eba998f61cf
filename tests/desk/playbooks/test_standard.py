"""Our reading of the standard agrees with the published schemas on what is not CACAO 2.0."""

import copy
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft7Validator

from cyberdesk.desk.playbooks.exchange.bring_in import bring_in
from cyberdesk.desk.playbooks.language.findings import PlaybookError
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.library import check_sources
from tests.desk.playbooks.cacao_samples import SAMPLES, needs_samples, samples, schemas
from tests.desk.playbooks.written import documented

pytestmark = needs_samples

# Where we ask for more than the schemas: the text of the standard does.
STRICTER = {
    "cacao-no-command",
    "cacao-base64",
    "cacao-validity",
    "cacao-revoked",
    "cacao-key-type",
    "start-line",
    "marking-unknown",
    "cacao-next",
    "cacao-both",
}
_JUNK: tuple[Any, ...] = (
    None,
    True,
    7,
    -3,
    1.5,
    "",
    "x",
    [],
    {},
    ["x"],
    {"x": "y"},
    [7],
    "TLP:RED",
)


@cache
def _validator() -> Draft7Validator:
    return schemas()


@cache
def _documents() -> dict[str, Any]:
    """The samples, one of ours, and one with every object of the standard."""
    return {
        **samples(),
        "ours": compile_playbook(documented()).cacao,
        "everything": _everything(),
    }


def _everything() -> dict[str, Any]:
    cacao: dict[str, Any] = copy.deepcopy(samples()["oasis-spec-3.1"])
    u = "00000000-0000-4000-8000-{:012d}".format
    action = next(k for k in cacao["workflow"] if k.startswith("action"))
    end = next(k for k in cacao["workflow"] if k.startswith("end"))
    way = {"on_completion": end}
    cacao["workflow"][action]["delay"] = 5
    cacao["workflow"] |= {
        f"if-condition--{u(1)}": {
            "type": "if-condition",
            "condition": "__a__:value = 1",
            "on_true": action,
            "on_false": end,
            **way,
        },
        f"while-condition--{u(2)}": {
            "type": "while-condition",
            "condition": "__a__:value = 1",
            "on_true": action,
            **way,
        },
        f"switch-condition--{u(3)}": {
            "type": "switch-condition",
            "switch": "__a__:value",
            "cases": {"a": action, "default": end},
            "on_success": end,
            "on_failure": end,
        },
        f"parallel--{u(4)}": {"type": "parallel", "next_steps": [action, end], **way},
        f"playbook-action--{u(5)}": {
            "type": "playbook-action",
            "playbook_id": cacao["id"],
            "in_args": ["__a__"],
            **way,
        },
    }
    cacao["playbook_variables"]["__a__"] = {"type": "integer", "value": "1", "external": True}
    cacao["authentication_info_definitions"] = {
        f"http-basic--{u(6)}": {"type": "http-basic", "user_id": "a", "kms": True},
        f"user-auth--{u(7)}": {"type": "user-auth", "username": "a", "kms_key_identifier": "k"},
    }
    cacao["target_definitions"] = {
        f"ssh--{u(8)}": {
            "type": "ssh",
            "name": "s",
            "address": {"ipv4": ["192.0.2.1"], "dname": ["a.example"], "vlan": [4]},
            "port": "22",
            "authentication_info": f"user-auth--{u(7)}",
        },
        f"sector--{u(9)}": {"type": "sector", "name": "s", "sector": "water"},
        f"individual--{u(10)}": {
            "type": "individual",
            "name": "i",
            "contact": {"email": {"work": "a@b.example"}},
            "location": {"city": "Nice"},
        },
        f"security-category--{u(11)}": {
            "type": "security-category",
            "name": "c",
            "category": ["siem"],
        },
    }
    cacao["extension_definitions"] = {
        f"extension-definition--{u(12)}": {
            "type": "extension-definition",
            "name": "e",
            "created_by": cacao["created_by"],
            "schema": "https://a.example",
            "version": "1",
        }
    }
    cacao["playbook_extensions"] = {f"extension-definition--{u(12)}": {"any": ["thing"]}}
    cacao["signatures"] = [
        {
            "type": "jss",
            "id": f"jss--{u(13)}",
            "created": cacao["created"],
            "modified": cacao["created"],
            "signee": "a",
            "related_to": cacao["id"],
            "related_version": cacao["modified"],
            "hash_algorithm": "sha-256",
            "algorithm": "RS256",
            "public_key": "k",
            "value": "v",
        }
    ]
    return cacao


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _paths(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _paths(below, (*path, index))


def _changed(value: Any, chance: random.Random) -> Any:
    """Return a copy with one place taken out, or put to something else."""
    changed = copy.deepcopy(value)
    path = chance.choice([p for p in _paths(changed) if p])
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if chance.random() < 0.5:
        del holder[path[-1]]
    else:
        holder[path[-1]] = chance.choice(_JUNK)
    return changed


def _faults(cacao: Any) -> set[str]:
    """Return what we refuse, as far as the schemas look: they leave commands and what follows."""
    read = compile_playbook(json.dumps(cacao))
    return {finding.code for finding in read.findings.errors if finding.code != "playbook-unknown"}


def _readable(cacao: Any) -> bool:
    return bool(cacao.get("spec_version") == "cacao-2.0")


@pytest.mark.parametrize("seed", range(4))
def test_what_the_schemas_refuse_we_refuse_and_little_else(seed: int) -> None:
    chance = random.Random(seed)
    names = sorted(_documents())
    refused = 0
    for _round in range(150):
        cacao = _changed(_documents()[chance.choice(names)], chance)
        if not _readable(cacao):
            continue
        wrong = [e.message for e in _validator().iter_errors(cacao)]
        faults = _faults(cacao)
        refused += bool(wrong)
        assert faults or not wrong, (wrong[:3], json.dumps(cacao)[:2000])
        if not wrong:
            assert faults <= STRICTER | _kept_loose(cacao), (faults, json.dumps(cacao)[:3000])
    assert refused > 20


def _kept_loose(cacao: Any) -> set[str]:
    """The schemas look into a dictionary only under keys of the right form; we do under all."""
    loose = {"cacao-kind", "cacao-missing"} if _odd_commands(cacao) else set()
    if any(not isinstance(held, dict) for held in _inner(cacao)):
        loose.add("cacao-kind")
    return loose | {"cacao-kind", "cacao-missing"} if _odd_keys(cacao) else loose


def _odd_commands(cacao: Any) -> bool:
    """The schemas look at what all commands share, and at nothing of their own."""
    places = [f.place.path for f in compile_playbook(json.dumps(cacao)).findings.errors]
    return any(".commands." in f"{place}." for place in places)


def _inner(cacao: Any) -> Iterator[Any]:
    for name in ("playbook_extensions", "extension_definitions", "target_definitions"):
        held = cacao.get(name)
        yield from held.values() if isinstance(held, dict) else ()


def _odd_keys(cacao: Any) -> bool:
    definitions = (cacao.get("agent_definitions") or {}, cacao.get("target_definitions") or {})
    keys = [key for held in definitions if isinstance(held, dict) for key in held]
    return any("--" not in key or key.startswith("soarca") for key in keys)


def test_whatever_is_broken_in_a_file_is_told_and_breaks_nothing_here() -> None:
    """A draft may be broken in many places at once: its faults are found, never an exception."""
    chance = random.Random(7)
    for _round in range(100):
        cacao = _documents()[chance.choice(sorted(_documents()))]
        for _break in range(chance.choice((1, 2, 4, 8))):
            cacao = _changed(cacao, chance)
        source = json.dumps(cacao)
        with suppress(PlaybookError):  # of another version, once the number is broken
            source = bring_in(source).source
        (checked,) = check_sources({"draft": source}, actions={"command:http-api"})
        if cacao.get("spec_version") != "cacao-2.0":
            continue
        assert checked.draft is not None
        assert checked.good or any(f.severity == "error" for f in checked.findings)


def test_a_dictionary_may_be_the_value_of_a_variable() -> None:
    """The published schema forgets it; the text of CACAO 2.0 §10.18 has it."""
    cacao = copy.deepcopy(_everything())
    cacao["playbook_variables"]["__d__"] = {"type": "dictionary", "value": {"a": "b"}}
    assert list(_validator().iter_errors(cacao))
    assert _faults(cacao) == set()


def test_the_samples_are_where_they_should_be() -> None:
    assert SAMPLES is not None
    assert len(samples()) == 8
