"""A playbook from elsewhere runs as its author meant it, on a real server, its secrets in our store."""

import json
from typing import Any
from uuid import UUID

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import Rules, guard
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.playbooks import drafts, secrets, service
from cyberdesk.desk.playbooks.drafts import UnreadableFileError, import_file
from cyberdesk.desk.playbooks.program import Bound, read_program
from cyberdesk.desk.playbooks.steps import Action, Task
from cyberdesk.desk.playbooks.versions import RefusedPlaybookError
from tests.desk.cases.conftest import HOUSE
from tests.desk.connectors.web_server import web_server

U = "00000000-0000-4000-8000-{:012d}".format
START, BLOCK, END = f"start--{U(1)}", f"action--{U(2)}", f"end--{U(3)}"
EDR, ANALYST, ENGINE = f"http-api--{U(4)}", f"individual--{U(5)}", f"soarca--{U(6)}"
LOGIN = f"http-basic--{U(7)}"


def cacao(*, commands: list[dict[str, Any]], targets: list[str], **more: Any) -> dict[str, Any]:
    """Return a playbook of one action, its server at `__edr__`."""
    step = {
        "type": "action",
        "name": "Block the address",
        "commands": commands,
        "agent": ENGINE,
        "targets": targets,
        "on_completion": END,
        **more,
    }
    return {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": f"playbook--{U(9)}",
        "name": "Block an address",
        "playbook_types": ["mitigation"],
        "playbook_activities": ["restrict-access"],
        "created_by": f"identity--{U(10)}",
        "created": "2026-11-22T08:00:00.000Z",
        "modified": "2026-11-22T08:00:00.000Z",
        "workflow_start": START,
        "workflow": {
            START: {"type": "start", "on_completion": BLOCK},
            BLOCK: step,
            END: {"type": "end"},
        },
        "playbook_variables": {
            "__ip__": {"type": "ipv4-addr", "value": "192.0.2.66"},
            "__status__": {"type": "integer"},
        },
        "agent_definitions": {
            ENGINE: {"type": "soarca", "name": "soarca-http-api"},
            ANALYST: {"type": "individual", "name": "Analyst on duty"},
        },
    }


def aimed_at(made: dict[str, Any], url: str, **access: Any) -> dict[str, Any]:
    target: dict[str, Any] = {"type": "http-api", "name": "EDR", "address": {"url": [url]}}
    made["target_definitions"] = {EDR: target}
    if access:
        target["authentication_info"] = LOGIN
        login = {"type": "http-basic", "user_id": "desk", **access}
        made["authentication_info_definitions"] = {LOGIN: login}
    return made


@pytest.fixture(scope="module")
def site():
    with web_server() as made:
        yield made


@pytest.fixture
def edr(site, bench):
    site.seen.clear()
    site.say(200)
    guard.use(Rules.parse("127.0.0.1"))
    with atomic(SYSTEM):
        connectors.ensure("http_api", {"destinations": [site.url]}, {})
    yield site
    guard.use(Rules())


def run_of(bench, made: dict[str, Any]) -> UUID:
    """Import, publish and begin a playbook from elsewhere."""
    with atomic(SYSTEM):
        draft = import_file(HOUSE, content=json.dumps(made).encode())
        version = drafts.publish_draft(HOUSE, draft)
        return service.start_run(HOUSE, bench.case(), playbook=version.name).id


GET = {"type": "http-api", "command": "GET /api/block?ip=__ip__:value HTTP/1.1"}


def test_its_commands_are_carried_out_one_after_the_other_each_with_its_own_row(bench, edr) -> None:
    second = {"type": "http-api", "command": "PUT /api/hosts HTTP/1.1", "content": "__ip__:value"}
    made = aimed_at(cacao(commands=[GET, second], targets=[EDR], out_args=["__status__"]), edr.url)
    edr.say(204)
    run_id = run_of(bench, made)
    bench.wake(run_id)
    assert [(one.method, one.path, one.body) for one in edr.seen] == [
        ("GET", "/api/block?ip=192.0.2.66", b""),
        ("PUT", "/api/hosts", b"192.0.2.66"),
    ]
    assert [status for _path, status in bench.effects(run_id)] == ["done", "done"]
    assert bench.run(run_id).status == "completed"
    assert bench.state(run_id)["contexts"][""]["vars"]["status"] == 204


def test_a_secret_goes_to_the_store_and_from_there_to_its_host_alone(bench, edr) -> None:
    made = aimed_at(cacao(commands=[GET], targets=[EDR]), edr.url, password="hush-hush")
    run_id = run_of(bench, made)
    with atomic(SYSTEM):
        [kept] = secrets.secrets(HOUSE)
        assert (kept.hosts, kept.fields) == (["127.0.0.1"], {"password": "hush-hush"})
    bench.wake(run_id)
    [asked] = edr.seen
    assert asked.headers["authorization"] == "Basic ZGVzazpodXNoLWh1c2g="
    with atomic(SYSTEM):
        assert "hush" not in str(bench.state(run_id))
        secrets.keep(HOUSE, kept.name, fields={}, hosts=["edr.example.org"])
    again = run_of(bench, {**made, "name": "Again", "modified": "2026-11-23T08:00:00.000Z"})
    bench.wake(again)
    assert len(edr.seen) == 1, "the secret may not go there any more"
    assert bench.run(again).status == "failed"


def test_what_is_meant_for_a_person_is_a_task_for_one(bench, edr) -> None:
    made = aimed_at(cacao(commands=[GET, {"type": "pong"}], targets=[EDR]), edr.url)
    made["workflow"][BLOCK]["agent"] = ANALYST
    run_id = run_of(bench, made)
    assert bench.waits(run_id) == {BLOCK: "open"}
    assert edr.seen == []
    task = bench.task(BLOCK)
    assert "http-api: GET /api/block?ip=192.0.2.66 HTTP/1.1" in str(task.content)


def test_a_file_with_faults_becomes_a_draft_and_is_not_published(bench) -> None:
    made = cacao(commands=[{"type": "http-api", "command": "GET get HTTP1.1"}], targets=[EDR])
    with atomic(SYSTEM):
        draft = import_file(HOUSE, content=json.dumps(made).encode())
        assert (draft.faults, draft.notation, draft.name) == (2, "cacao", made["id"])
        with pytest.raises(RefusedPlaybookError) as refused:
            drafts.publish_draft(HOUSE, draft)
        codes = {finding.code for finding in refused.value.findings}
        assert codes == {"start-line", "undefined-target"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"type": "playbook", "spec_version": "1.1"}', "cacao-version"),
        (b'{"type": "playbook", "spec_version": "cacao-1.0"}', "cacao-version"),
        (b'{"a": 1, "a": }', "not-json"),
        (b'{"a": "\\ud800"}', "lone-surrogate"),
        (b"a: &a [1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: *b", "not-a-playbook"),
        (b"\xff\xfe", "not-utf8"),
        (b"", "empty"),
        (b"!!python/object/apply:os.system [id]", "tag"),
    ],
)
def test_what_cannot_be_mended_is_refused_with_a_reason(bench, content, code) -> None:
    with atomic(SYSTEM), pytest.raises(UnreadableFileError) as refused:
        import_file(HOUSE, content=content)
    assert code in {finding.code for finding in refused.value.findings}


def test_a_variable_of_a_step_hides_the_playbooks_and_no_other() -> None:
    made = cacao(
        commands=[GET], targets=[EDR], step_variables={"__ip__": {"type": "string", "value": "a"}}
    )
    program = read_program(made, Bound(commands=("http-api",)))
    step = program.steps[BLOCK]
    assert isinstance(step, Action)
    own = f"ip_{U(2).replace('-', '')[:12]}"
    assert step.input["command"] == f"GET /api/block?ip=__{own}__:value HTTP/1.1"
    assert (program.variables["ip"].default, program.variables[own].default) == ("192.0.2.66", "a")


def test_a_command_that_nothing_carries_out_is_a_persons_task() -> None:
    program = read_program(cacao(commands=[GET], targets=[EDR]))
    assert isinstance(program.steps[BLOCK], Task)


def test_one_command_for_two_targets_is_two_steps_that_follow_each_other() -> None:
    made = cacao(commands=[GET], targets=[EDR, f"http-api--{U(8)}"])
    program = read_program(made, Bound(commands=("http-api",)))
    first, second = program.steps[BLOCK], program.steps[f"{BLOCK}/2"]
    assert (first.next, second.next) == (second.id, END)
    assert (first.title["en"], second.title["en"]) == (
        "Block the address (1/2)",
        "Block the address (2/2)",
    )
