"""Variables of a step (CACAO 2.0 §10.18): seen by the step and by the branches that it owns.

A run has one set of variables for each playbook. A step's variable joins it under its own name;
where it would hide another of that name, it takes a name of its own in the step and its branches.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Cacao = Mapping[str, Any]
# What leads into the branches that a step owns, as against what follows the step.
_OWNED = ("on_true", "on_false", "next_steps", "cases")
_AFTER = ("on_completion", "on_success", "on_failure")


@dataclass(frozen=True, slots=True)
class Unshadowed:
    """The workflow and all its variables, each name standing for one variable."""

    steps: dict[str, Cacao]
    variables: dict[str, Any]


def unshadowed(cacao: Cacao) -> Unshadowed:
    """Return the workflow with the variables of its steps among those of the playbook."""
    steps: dict[str, Cacao] = dict(cacao["workflow"])
    variables = dict(cacao.get("playbook_variables", {}))
    for identifier, step in cacao["workflow"].items():
        for name, held in step.get("step_variables", {}).items():
            if name not in variables:
                variables[name] = held
            else:
                own = _own_name(name, identifier)
                variables[own] = held
                for inside in (identifier, *_owned(steps, identifier)):
                    steps[inside] = _renamed(steps[inside], name, own)
    return Unshadowed(steps, variables)


def _own_name(name: str, identifier: str) -> str:
    digits = identifier.rpartition("--")[2].replace("-", "")[:12]
    return f"__{name.removeprefix('__').removesuffix('__')}_{digits}__"


def _owned(steps: Mapping[str, Cacao], identifier: str) -> Iterator[str]:
    """Yield the steps in the branches of a step, each once."""
    waiting = list(_ends(steps[identifier], _OWNED))
    seen: set[str] = set()
    while waiting:
        here = waiting.pop()
        if here not in seen and here in steps:
            seen.add(here)
            yield here
            waiting += _ends(steps[here], (*_OWNED, *_AFTER))


def _ends(step: Cacao, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        to = step.get(key)
        match to:
            case str():
                yield to
            case list():
                yield from to
            case dict():
                yield from to.values()


def _renamed(step: Cacao, name: str, own: str) -> Cacao:
    """Return the step speaking of `own` where it spoke of `name`."""
    # Names end with `__`, so none is the beginning of another.
    spoken = re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(name)}(?![A-Za-z0-9_-])")
    kept = {key: value for key, value in step.items() if key != "step_variables"}
    renamed: dict[str, Any] = json.loads(spoken.sub(own, json.dumps(kept)))
    if "step_variables" in step:
        renamed["step_variables"] = step["step_variables"]
    return renamed
