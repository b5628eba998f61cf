"""Every act that is written into the journal has words, in the room that writes it."""

import ast
from pathlib import Path

import cyberdesk
from cyberdesk.core.access.signin import acts as signing_in
from cyberdesk.core.files import service as files
from cyberdesk.desk.playbooks.engine.loop import _HANDLERS
from cyberdesk.rooms import rooms

HOUSE = Path(cyberdesk.__file__).parent
# These are handed the act to write: `changed(person, "passkey:add")`.
HANDED_ON = {Path(signing_in.__file__): "changed", Path(files.__file__): "_tell"}


def written_in(path):
    """Every code that is written in `path` as the act of an entry."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = node.args[0:1] if name == "recorded" else node.args[1:2]
            if name in {"recorded", "record", HANDED_ON.get(path)}:
                for part in (one for act in given for one in ast.walk(act)):
                    if isinstance(part, ast.Constant) and ":" in str(part.value):
                        yield part.value


def test_every_act_has_words_in_its_room():
    said = {code for room in rooms() for code in room.journalled if ":" in code}
    written = {act for path in HOUSE.rglob("*.py") for act in written_in(path)}
    written = written - {"run:"} | {f"run:{event}" for event in _HANDLERS}
    assert len(written) > 100, "the acts are still found where they are written"
    assert written - said == set(), "add them to the room's journalled.py"
    assert said - written == set(), "nothing writes these any more"
