"""What a service writes, it checks and journals: `@allowed` and `@recorded` stand on it."""

import ast
import importlib
from pathlib import Path

import cyberdesk

HOUSE = Path(cyberdesk.__file__).parent
_WRITES = {"add", "add_all", "delete", "merge"}
_STATEMENTS = {"insert", "update", "delete"}


def modules():
    for path in sorted([*HOUSE.rglob("service.py"), *HOUSE.rglob("service/*.py")]):
        name = ".".join(("cyberdesk", *path.relative_to(HOUSE).with_suffix("").parts))
        yield path, name.removesuffix(".__init__")


def functions():
    """Every public function of a service whose first parameter is its actor."""
    for path, name in modules():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                first = node.args.args[0].arg if node.args.args else ""
                if first == "actor":
                    yield (
                        node,
                        f"{name}.{node.name}",
                        getattr(importlib.import_module(name), node.name),
                    )


def writes(node: ast.FunctionDef) -> bool:
    """Say whether the function itself changes a row: adds, deletes, or sets an attribute."""
    parameters = {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in _WRITES and "session" in ast.unparse(part.func.value):
                return True
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            if part.func.id in _STATEMENTS:
                return True
        elif isinstance(part, ast.Assign | ast.AugAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            for target in targets:
                held = target.value if isinstance(target, ast.Attribute) else None
                if isinstance(held, ast.Name) and held.id in parameters - {"actor"}:
                    return True
    return False


def journals(node: ast.FunctionDef, function: object) -> bool:
    calls = [part.func for part in ast.walk(node) if isinstance(part, ast.Call)]
    by_hand = any(isinstance(call, ast.Name) and call.id == "record" for call in calls)
    return by_hand or bool(getattr(function, "action", ""))


# Called by services that check and journal the act, or no act at all. A new one needs a reason.
WITHIN = {
    "cyberdesk.core.files.service.store": "the room's service checks; custody is journalled below",
    "cyberdesk.core.files.service.verify": "as store",
    "cyberdesk.desk.declarations.service.sending.send": "journalled by the step that seals it",
    "cyberdesk.desk.cases.service.telling.tell": "lines of an act that is journalled",
    "cyberdesk.desk.cases.service.thread.mark_read": "having read a message changes nothing else",
}


def test_there_are_services_to_look_at():
    assert len(list(functions())) > 20


def test_every_writing_service_is_checked_and_journalled():
    bare = {
        where
        for node, where, function in functions()
        if writes(node) and not (getattr(function, "permission", "") and journals(node, function))
    }
    assert bare - set(WITHIN) == set(), "put @allowed(…) and @recorded(…) on them"
    assert set(WITHIN) - bare == set(), "these are checked and journalled now: take them out"


def test_what_is_journalled_is_checked_too():
    unchecked = [
        where
        for _, where, function in functions()
        if getattr(function, "action", "") and not getattr(function, "permission", "")
    ]
    assert unchecked == []
