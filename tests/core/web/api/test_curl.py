"""The requests of docs/developers/api.md, run as they stand there against a real server."""

import json
import os
import re
import subprocess
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.core.web.api.lived_in import furnish

PAGE = Path(__file__).parents[4] / "docs" / "developers" / "api.md"
SET_BY_THE_TEST = re.compile(r"^export (CYBERDESK|TOKEN|REFERENCE)=.*\n", re.MULTILINE)


def examples():
    """The numbered requests, each a shell script."""
    text = PAGE.read_text()
    found = re.findall(r"\*\*(\d)\. [^\n]*?\*\*.*?```sh\n(.*?)```", text, re.DOTALL)
    found += re.findall(r"## (Playbooks)\n.*?```sh\n(.*?)```", text, re.DOTALL)
    return {number: SET_BY_THE_TEST.sub("", script) for number, script in found}


@pytest.fixture
def world(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    lived_in = furnish(app)
    yield {
        "CYBERDESK": f"http://127.0.0.1:{server.server_port}",
        "TOKEN": lived_in.token,
        "REFERENCE": lived_in.parameters["reference"],
        "TASK": lived_in.parameters["task_id"],
        "PATH": os.environ["PATH"],
    }
    server.shutdown()


def answers(script, world):
    """Run it, as a person would paste it, and read what each request answered."""
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, env=world, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    reader, rest, found = json.JSONDecoder(), done.stdout.strip(), []
    while rest:
        value, end = reader.raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    return found


def test_there_are_five_and_one_of_playbooks():
    assert list(examples()) == ["1", "2", "3", "4", "5", "Playbooks"]


def test_they_do_what_the_page_says(world):
    scripts = examples()
    [me] = answers(scripts["1"], world)
    assert "case:take" in me["scopes"]
    [made] = answers(scripts["2"], world)
    assert made["their_reference"] == "SOC-2026-1187"
    assert made["organisation"]["name"] == "Saint-Exemple"
    assert answers(scripts["2"], world) == [made]  # its Idempotency-Key
    [changed] = answers(scripts["3"], world)
    assert made["reference"] in [case["reference"] for case in changed["data"]]
    taken, note = answers(scripts["4"], world)
    assert taken["desk"]["owner"]["name"] == "Aïcha Lebon"
    assert note["desk_only"] is True
    mine, answered = answers(scripts["5"], world)
    assert world["TASK"] in [task["id"] for task in mine["data"]]
    assert answered["answer"] == "done"
    [run] = answers(scripts["Playbooks"], world)
    assert (run["playbook"], run["status"]) == ("mail_account", "running")
