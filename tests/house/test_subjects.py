"""Whatever an entry of the journal can be about has words, in the room that keeps it.

What a call is about is found by its type: the parameter's, what the service returns, or what the
local variable was made from.
"""

import ast
import importlib
from pathlib import Path
from typing import get_args, get_type_hints

import cyberdesk
from cyberdesk.core.audit import log
from cyberdesk.rooms import rooms

HOUSE = Path(cyberdesk.__file__).parent


def tables_in(hint):
    """Every table that a value of type `hint` may be a row of."""
    if hasattr(hint, "__tablename__"):
        return {hint.__tablename__}
    return set().union(*map(tables_in, get_args(hint)))


def hints_of(function):
    return get_type_hints(getattr(function, "__wrapped__", function))


def handed_to_recorded(function, about):
    hints = hints_of(function)
    if about:
        return tables_in(hints[about])
    returned = tables_in(hints.pop("return", None))
    return returned or set().union(*map(tables_in, hints.values()))


def named_in(node, module):
    """Every object of `module` that an expression names, as `x` or `x.y`."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield getattr(module, part.id, None)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            yield getattr(getattr(module, part.value.id, None), part.attr, None)


def made_from(node, module):
    """The tables that the value of an expression is from: models it names, functions it calls."""
    found = set()
    for one in named_in(node, module):
        found |= tables_in(one)
        if callable(one) and str(getattr(one, "__module__", "")).startswith("cyberdesk."):
            found |= tables_in(hints_of(one).get("return"))
    return found


def handed_to_record(subject, function, module):
    hints = hints_of(getattr(module, function.name))
    if isinstance(subject, ast.Attribute):  # `user.person`
        owner = hints[subject.value.id]
        return tables_in(hints_of(getattr(owner, subject.attr).fget)["return"])
    if subject.id in hints:
        return tables_in(hints[subject.id])
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and subject.id in {
            name.id for target in node.targets for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }:  # fmt: skip
            found |= made_from(node.value, module)
    assert found, f"{module.__name__}.{function.name}: say of what type {subject.id} is"
    return found


def written_in(path):
    """The tables that `path` writes entries about."""
    parts = path.relative_to(HOUSE.parent).with_suffix("").parts
    module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
    functions = (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef))
    for function in functions:
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", None)
            if name == "recorded":
                about = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
                yield from handed_to_recorded(getattr(module, function.name), about.get("about"))
            if name != "record" or getattr(module, name) is not log.record:
                continue
            if not isinstance(call.args[2], ast.Constant):
                yield from handed_to_record(call.args[2], function, module)


def test_every_subject_has_words_in_its_room():
    said = {code for room in rooms() for code in room.journalled if ":" not in code}
    written = set()
    for path in sorted(HOUSE.rglob("*.py")):
        if "record" in path.read_text() and path != Path(log.__file__):
            written |= set(written_in(path))
    assert len(written) > 20, "subjects are still found where they are written"
    assert written - said == set(), "add them to the room's journalled.py"
    assert said - written == set(), "nothing is written about these any more"
