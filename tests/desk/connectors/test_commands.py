"""CACAO commands, and connectors of one's own: a folder that a setting names."""

import base64
import re
from pathlib import Path

import pytest

from cyberdesk.core.command import Command
from cyberdesk.core.connector import ConnectorError, Repeat
from cyberdesk.core.db import atomic
from cyberdesk.core.text import speaking
from cyberdesk.desk import connectors
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import (
    ManifestError,
    catalogue,
    command_action,
    look_in,
    read_manifest,
)
from cyberdesk.desk.playbooks.actions import offered, repeat_of
from cyberdesk.settings import read
from tests.desk.connectors.web_server import web_server
from tests.factories.people import actor_of, make_person, sign_in

MANIFEST = """
name: {name}
version: 1
title: {{fr: Sonnette, en: Bell}}
summary: {{fr: Sonne., en: Rings.}}
settings: {{properties: {{floor: {{type: string}}}}}}
actions:
  ring:
    title: {{fr: Sonner, en: Ring}}
    repeat: unsafe
    commands: [{kind}]
    examples: {{command: ring twice}}
"""
CODE = """
from cyberdesk.sdk import Command, Connector, ConnectorError, Repeat, action


class Bell(Connector):
    @action("ring")
    def ring(self, given):
        command = Command.read(given)
        return {"status": 200, "stdout": command.text}

    @action("show_ring")
    def show_ring(self, given):
        return {"text": "to ring: " + Command.read(given).text}

    @action("repeat_ring")
    def repeat_ring(self, given):
        text = Command.read(given).text
        if text == "faulty":
            raise LookupError(text)
        return Repeat.IDEMPOTENT if text.startswith("light") else Repeat.UNSAFE
"""


def put(folder, name, kind="x-bell"):
    place = folder / name
    place.mkdir()
    (place / "manifest.yaml").write_text(MANIFEST.format(name=name, kind=kind))
    (place / "connector.py").write_text(CODE)


@pytest.fixture
def own(tmp_path):
    """A folder of one's own with a bell in it, named by the setting."""
    put(tmp_path, "bell")
    needed = {"DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://x", "DATA_DIR": str(tmp_path)}
    named = needed | {"CONNECTORS_DIR": str(tmp_path)}
    connectors._look_around(read({f"CYBERDESK_{name}": told for name, told in named.items()}))
    yield tmp_path
    look_in(None)


def test_a_connector_of_a_folder_is_installed_and_carries_its_commands_out(own, app, client):
    assert "bell.ring" in offered()
    assert command_action("x-bell") == "bell.ring"
    boss = make_person("admin", name="Amira Boss")
    with atomic(actor_of(boss).scope):
        service.configure(actor_of(boss), "bell", given={}, enabled=True)
    given = {"command_b64": base64.b64encode(b"light the lamp").decode()}
    assert service.prepare("bell.ring", given, key="k").perform()["stdout"] == "light the lamp"
    with pytest.raises(ConnectorError, match="headers"):
        service.prepare("bell.ring", given | {"headers": {"Accept": "x"}}, key="k")

    desk = sign_in(client, boss)
    page = desk.get("/administration/connecteurs/bell").text
    assert "Exécute les commandes CACAO x-bell." in page
    assert "C’est le cas le plus strict" in page
    rehearsal = "/administration/connecteurs/bell/actions/ring"
    page = desk.get(rehearsal).text
    assert "ring twice" in page
    assert page.count('id="content"') == 1, "its field is called as the page calls its main part"
    shown = desk.submit(rehearsal, {"command": "light up"}).text
    assert "to ring: light up" in shown
    assert "peut être répété" in shown


def test_the_connector_of_the_page_that_teaches_to_write_one_works(own, database):
    place = own / "pager"
    place.mkdir()
    page = (Path(catalogue()["mail"].folder).parent / "README.md").read_text()
    for kind, name in {"yaml": "manifest.yaml", "python": "connector.py"}.items():
        [text] = re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)
        (place / name).write_text(text.replace('"^https://"', '"^http"'))
    catalogue.cache_clear()
    boss = actor_of(make_person("admin", name="Amira Boss"))
    with web_server() as site, atomic(boss.scope):
        given = {"url": site.url, "token": "t" * 20, "level": "low"}
        service.configure(boss, "pager", given=given, enabled=True)
        assert service.test_connection(boss, "pager").ok
        site.say(201, Location="/calls/7")
        ready = service.prepare("pager.ring", {"text": "Essai"}, key="k")
        assert ready.perform() == {"call": "/calls/7"}
        assert "Essai" in service.show(boss, "pager", action="ring", given={"text": "Essai"})
    assert site.seen[-1].headers["idempotency-key"] == "k"


def test_the_class_may_depend_on_what_is_given(own, database):
    assert repeat_of("bell.ring") is Repeat.UNSAFE
    assert repeat_of("bell.ring", {"command": "light up"}) is Repeat.UNSAFE  # not set up: the worst
    boss = make_person("admin", name="Amira Boss")
    with atomic(actor_of(boss).scope):
        service.configure(actor_of(boss), "bell", given={}, enabled=True)
    for text, told in [
        ("light up", Repeat.IDEMPOTENT),
        ("ring", Repeat.UNSAFE),
        ("faulty", Repeat.UNSAFE),
        ("", Repeat.UNSAFE),
    ]:
        assert repeat_of("bell.ring", {"command": text}) is told
        assert service.prepare("bell.ring", {"command": text}, key="k").repeat is told
    assert repeat_of("pager.ring", {}) is None


def test_two_actions_for_one_type_of_command_are_refused(own):
    put(own, "gong")
    catalogue.cache_clear()
    with pytest.raises(ManifestError, match=r"bell\.ring and gong\.ring both carry out x-bell"):
        catalogue()
    (own / "gong" / "manifest.yaml").write_text(MANIFEST.format(name="gong", kind="x-gong"))
    assert command_action("x-gong") == "gong.ring"
    assert command_action("x-drum") is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("commands: x-bell", "a list of types"),
        ("commands: [x-bell]\n    input: {}", "whose input is always the same"),
        ("output: {}", "give input, or commands"),
        ("commands: [x-bell]\n    examples: {volume: 3}", "examples of no property: volume"),
        ("commands: [x-bell]\n    loud: true", "unknown keys: loud"),
    ],
)
def test_a_wrong_action_is_told(tmp_path, wrong, said):
    path = tmp_path / "manifest.yaml"
    text = MANIFEST.format(name="bell", kind="x").partition("    commands")[0] + f"    {wrong}\n"
    path.write_text(text)
    with pytest.raises(ManifestError, match=said):
        read_manifest(path)


@pytest.mark.parametrize(
    ("given", "french", "english"),
    [
        ({}, "la commande est vide", "the command is empty"),
        ({"command": "  "}, "la commande est vide", "the command is empty"),
        ({"command_b64": "Zm9"}, "n’est pas du Base64", "is not Base64"),
        ({"command": "x", "content_b64": "é"}, "n’est pas du Base64", "is not Base64"),
    ],
)
def test_what_is_no_command_is_told_in_both_languages(given, french, english):
    with pytest.raises(ConnectorError) as caught:
        Command.read(given)
    assert french in str(caught.value)
    with speaking("en"):
        assert english in str(caught.value)


def test_a_target_is_read_leniently_and_its_port_strictly():
    def read(**target):
        return Command.read({"command": "x", "target": target})

    assert read(address={"ipv4": [" 192.0.2.7 "]}, port="8443").host == "192.0.2.7"
    assert read(address={"ipv6": ["2001:db8::1"]}).host == "[2001:db8::1]"
    assert (read(address=[]).host, read(address={"dname": "x"}).host) == ("", "")
    assert read(port="8443").port == 8443
    for port in ("0", "65536", "-1", "ssh", "²"):
        with pytest.raises(ConnectorError, match="port"):
            _ = read(port=port).port
