"""A playbook from elsewhere, as JSON, carried out by the connectors against real servers."""

import base64
import json

import pytest

from cyberdesk.core.access import Actor, ActorKind, Grant, Role
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import Rules, guard
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.playbooks import drafts, service
from cyberdesk.desk.playbooks.models import Effect
from tests.desk.cases.conftest import HOUSE
from tests.desk.connectors.ssh_server import ssh_server
from tests.desk.connectors.web_server import web_server

ADMIN = Actor(ActorKind.PERSON, name="Amira Boss", grants=(Grant(Role.ADMIN, "*"),), strong=True)
LEAD = Actor(ActorKind.PERSON, name="Aïcha", grants=(Grant(Role.LEAD, "cyber"),), strong=True)
ID = "00000000-0000-4000-8000-00000000000"
DENY = base64.b64encode(b'{"action":"deny","target":{"ipv4_net":"198.51.100.17/32"}}').decode()


@pytest.fixture(scope="module")
def site():
    with web_server() as made:
        yield made


@pytest.fixture(scope="module")
def sshd(tmp_path_factory):
    with ssh_server(tmp_path_factory.mktemp("sshd")) as made:
        yield made


@pytest.fixture
def set_up(bench, site, sshd):
    guard.use(Rules.parse("127.0.0.1"))
    settings = {
        "http_api": {"destinations": [site.url]},
        "openc2": {"consumers": [site.url]},
        "ssh": {"hosts": [sshd.line], "key": sshd.key, "commands": ["echo blocked <ip>"]},
    }
    with atomic(ADMIN.scope):
        for name, given in settings.items():
            connectors.configure(ADMIN, name, given=given, enabled=True)
    site.seen.clear()
    site.say(200, {"status": 200, "results": {}})
    yield
    guard.use(Rules())


def foreign(site, sshd, *commands):
    """Return a playbook of CACAO 2.0 alone, with an action for each (command, target)."""
    port = site.url.rsplit(":", 1)[1]
    where = {"ipv4": ["127.0.0.1"]}
    ids = [f"action--{ID}{n}" for n in range(len(commands))]
    after = [*ids[1:], f"end--{ID}9"]
    actions = {
        one: {
            "type": "action",
            "name": f"step {n}",
            "commands": [command],
            "agent": f"security-category--{ID}1",
            "targets": [target],
            "on_completion": then,
        }
        for n, (one, then, (command, target)) in enumerate(zip(ids, after, commands, strict=True))
    }
    return {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": f"playbook--{ID}0",
        "name": "Block an address",
        "playbook_types": ["mitigation"],
        "created_by": f"identity--{ID}0",
        "created": "2026-11-01T08:00:00.000Z",
        "modified": "2026-11-01T08:00:00.000Z",
        "playbook_variables": {"__bad__": {"type": "ipv4-addr", "value": "198.51.100.17"}},
        "agent_definitions": {
            f"security-category--{ID}1": {
                "type": "security-category",
                "name": "SOC",
                "category": ["siem"],
            }
        },
        "authentication_info_definitions": {
            f"http-basic--{ID}1": {
                "type": "http-basic",
                "user_id": "desk",
                "password": "hush-hush",
            }
        },
        "target_definitions": {
            f"http-api--{ID}1": {
                "type": "http-api",
                "name": "EDR",
                "address": {"url": [f"http://127.0.0.1:{port}"]},
                "authentication_info": f"http-basic--{ID}1",
            },
            f"ssh--{ID}1": {
                "type": "ssh",
                "name": "Firewall",
                "address": where,
                "port": str(sshd.port),
            },
        },
        "workflow_start": f"start--{ID}8",
        "workflow": {
            f"start--{ID}8": {"type": "start", "on_completion": ids[0]},
            **actions,
            f"end--{ID}9": {"type": "end"},
        },
    }


def run(bench, cacao):
    with atomic(SYSTEM):
        draft = drafts.import_file(HOUSE, content=json.dumps(cacao).encode())
        assert "hush-hush" not in draft.source
        version = drafts.publish_draft(HOUSE, draft)
        run_id = service.start_run(HOUSE, bench.case(), playbook=version.name).id
    bench.wake(run_id)
    with atomic(SYSTEM):
        rows = session().query(Effect).where(Effect.run_id == run_id).order_by(Effect.ticket)
        return run_id, [(row.action, row.status, row.input, row.output or {}) for row in rows]


def test_its_commands_reach_the_servers_with_their_secrets(bench, set_up, site, sshd):
    http, ssh = f"http-api--{ID}1", f"ssh--{ID}1"
    cacao = foreign(
        site,
        sshd,
        ({"type": "http-api", "command": "PUT /blocked/__bad__:value HTTP/1.1"}, http),
        ({"type": "openc2-http", "command": "POST /openc2 HTTP/1.1", "content_b64": DENY}, http),
        ({"type": "ssh", "command": "echo blocked __bad__:value"}, ssh),
    )
    run_id, told = run(bench, cacao)
    assert [one[:2] for one in told] == [
        ("http_api.request", "done"),
        ("openc2.send", "done"),
        ("ssh.run", "done"),
    ]
    assert "hush-hush" not in str([one[2] for one in told])
    assert told[2][3]["stdout"] == "blocked 198.51.100.17\n"
    assert [asked.path for asked in site.seen] == ["/blocked/198.51.100.17", "/openc2"]
    login = "Basic " + base64.b64encode(b"desk:hush-hush").decode()
    assert {asked.headers["authorization"] for asked in site.seen} == {login}
    assert bench.run(run_id).status == "completed"


def test_what_nobody_allowed_is_not_done(bench, set_up, site, sshd, tmp_path):
    trap = {"type": "ssh", "command": f"echo blocked 192.0.2.7; touch {tmp_path}/trap"}
    _run_id, told = run(bench, foreign(site, sshd, (trap, f"ssh--{ID}1")))
    assert [one[:2] for one in told] == [("ssh.run", "failed")]
    assert not (tmp_path / "trap").exists()
