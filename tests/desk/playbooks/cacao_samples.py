"""The public CACAO 2.0 playbooks and schemas that lie beside the project, when they do."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from tests.desk.playbooks.written import ROOT

SAMPLES = next(
    (p / "shared/samples/cacao" for p in ROOT.parents if (p / "shared/samples/cacao").is_dir()),
    None,
)
needs_samples = pytest.mark.skipif(SAMPLES is None, reason="the CACAO samples are not beside this")


def files() -> list[Path]:
    return sorted((SAMPLES / "examples").glob("*.json")) if SAMPLES else []


def samples() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in files()}


@cache
def schemas() -> Draft7Validator:
    """The schema of a playbook, those that it names beside it."""
    assert SAMPLES is not None
    folder = SAMPLES / "schemas"
    # They name each other by relative path; their own $id repeats and is of no use.
    resources = []
    for path in folder.rglob("*.json"):
        schema = json.loads(path.read_text())
        schema.pop("$id", None)
        resources.append((path.as_uri(), Resource.from_contents(schema)))
    whole = {"$ref": (folder / "playbook.json").as_uri()}
    return Draft7Validator(whole, registry=Registry().with_resources(resources))
