"""Files hold one idea, functions can be told in a sentence, connectors know the SDK alone."""

import ast
from pathlib import Path

import cyberdesk

HOUSE = Path(cyberdesk.__file__).parent
INTEGRATIONS = HOUSE.parent / "integrations"
LONGEST_FILE, LONGEST_FUNCTION = 350, 50


def long_ones():
    for path in sorted(HOUSE.rglob("*.py")):
        name = str(path.relative_to(HOUSE))
        text = path.read_text()
        if text.count("\n") > LONGEST_FILE:
            yield name
        for node in ast.walk(ast.parse(text)):
            function = isinstance(node, ast.FunctionDef)
            if function and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
                yield f"{name}:{node.name}"


def test_nothing_is_longer_than_it_should_be():
    found = set(long_ones())
    assert found == set(), "split them: one idea a file, one sentence a function"


def test_no_module_is_called_utils():
    names = {path.stem for path in HOUSE.rglob("*.py")} | {
        p.name for p in HOUSE.rglob("*") if p.is_dir()
    }
    assert names & {"utils", "util", "helpers", "helper", "common", "misc"} == set()


def test_connectors_know_the_sdk_alone():
    for path in INTEGRATIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            inside = [name for name in modules if name.split(".")[0] == "cyberdesk"]
            assert set(inside) <= {"cyberdesk.sdk"}, path
