"""Drafts: written, brought in, compared, published, by the pages that authors use."""

import base64
import io
import json
import re
import time

import pytest
from sqlalchemy import select

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.audit.read import payload_of
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, NotFoundError
from cyberdesk.desk.playbooks import drafts, secrets, versions
from cyberdesk.desk.playbooks.canonical import canonical
from cyberdesk.desk.playbooks.exchange.send_out import exported
from cyberdesk.desk.playbooks.models import PlaybookDraft, PlaybookSecret, PlaybookVersion
from cyberdesk.desk.playbooks.shown import history
from cyberdesk.desk.playbooks.signee import signee
from cyberdesk.desk.playbooks.starter import starter
from tests.desk.playbooks.conftest import words
from tests.desk.playbooks.test_standard import _everything
from tests.desk.playbooks.written import playbook

T = "{task: {fr: Débrancher, en: Unplug}, who: commune}"
LIBRARY = "/desk/procedures"
TOKEN = "tok-7f31aa20"
IDENTITY = "identity--5abe695c-7bd5-4c31-8824-2528696cdbf1"


def cacao() -> dict:
    """A playbook as another house would send it: one command, and its secret in the clear."""
    start, act, end = (
        f"{kind}--00000000-0000-4000-8000-00000000000{n}"
        for n, kind in enumerate(("start", "action", "end"))
    )
    access = "oauth2--00000000-0000-4000-8000-000000000009"
    target = "http-api--00000000-0000-4000-8000-00000000000a"
    return {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": "playbook--00000000-0000-4000-8000-0000000000ff",
        "name": "Bloquer une adresse",
        "created_by": IDENTITY,
        "created": "2026-11-22T08:00:00.000Z",
        "modified": "2026-11-22T08:00:00.000Z",
        "workflow_start": start,
        "workflow": {
            start: {"type": "start", "on_completion": act},
            act: {
                "type": "action",
                "name": "Bloquer",
                "on_completion": end,
                "agent": target,
                "targets": [target],
                "commands": [{"type": "http-api", "command": "POST /block HTTP/1.1"}],
            },
            end: {"type": "end"},
        },
        "authentication_info_definitions": {
            access: {"type": "oauth2", "token": TOKEN, "oauth_header": "Bearer"}
        },
        "target_definitions": {
            target: {
                "type": "http-api",
                "name": "Pare-feu",
                "address": {"url": ["https://firewall.example/api"]},
                "authentication_info": access,
            }
        },
    }


def begun(bench, source: str, **more) -> PlaybookDraft:
    with atomic(bench.world.lead.scope):
        return drafts.begin(bench.world.lead, source=source, **more)


def only_draft() -> PlaybookDraft:
    with atomic(SYSTEM):
        return session().scalars(select(PlaybookDraft)).one()


def journal() -> str:
    """Everything that the journal says."""
    with atomic(SYSTEM):
        entries = session().scalars(select(AuditEntry)).all()
        return json.dumps([[entry.action, payload_of(entry)] for entry in entries])


def sent(browser, content: bytes, name="playbook.json"):
    return browser.submit("/desk/playbook-drafts/import", {"file": (io.BytesIO(content), name)})


def published(bench, source: str) -> PlaybookVersion:
    with atomic(SYSTEM):
        return versions.publish(bench.world.lead, source=source)


# -- writing


def test_a_new_playbook_passes_the_gate_as_it_begins(bench) -> None:
    with atomic(bench.world.lead.scope):
        checked = drafts.check(starter("ours"))
    assert checked.good
    assert not checked.findings


def test_two_people_do_not_overwrite_each_other(bench) -> None:
    lead, responder = bench.world.lead, bench.world.responder
    row = begun(bench, playbook(f"a: {T}"))
    with atomic(responder.scope):
        held = drafts.access_draft(responder, row.id)
        drafts.change(responder, held, source=playbook(f"b: {T}"), number=1)
    with atomic(lead.scope), pytest.raises(ConflictError) as caught:
        drafts.change(lead, drafts.access_draft(lead, row.id), source="lost?", number=1)
    assert responder.name in str(caught.value.message)
    assert "b: {task" in only_draft().source


def test_the_page_of_a_conflict_keeps_both_texts(bench, browser) -> None:
    row = begun(bench, playbook(f"a: {T}"))
    where = f"/desk/playbook-drafts/{row.id}"
    theirs, mine = playbook(f"theirs: {T}"), playbook(f"mine: {T}")
    assert browser("responder").submit(where, {"source": theirs, "number": 1}).status_code == 303
    refused = browser().submit(where, {"source": mine, "number": 1})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "theirs: {task" in page
    assert "mine: {task" in page
    assert re.search(r'name="number" value="2"', page), "keeping once more is then a decision"
    again = browser().submit(where, {"source": mine, "number": 2})
    assert again.status_code == 303
    assert "mine:" in only_draft().source


def test_the_editor_is_told_faults_with_their_lines_and_draws_what_is_right(bench, browser) -> None:
    row = begun(bench, playbook(f"a: {T}"))
    where, asks = f"/desk/playbook-drafts/{row.id}", {"Accept": "application/json"}
    one = browser()
    wrong = playbook("a: {task: {fr: Débrancher, en: Unplug}, whom: commune}")
    seen = one.submit(f"{where}/check", {"source": wrong, "number": 1}, headers=asks).json
    assert {fault["line"] for fault in seen["faults"]} == {
        wrong[: wrong.index("a: {")].count("\n") + 1
    }
    assert "whom" in seen["list"]
    assert "Nearest: `who`" in seen["list"]
    assert not seen["picture"]
    good = one.submit(f"{where}/check", {"source": row.source, "number": 1}, headers=asks).json
    assert good["faults"] == []
    assert "Unplug" in good["picture"]
    assert only_draft().number == 1, "checking keeps nothing"
    kept = one.submit(where, {"source": wrong, "number": 1}, headers=asks).json
    assert kept["number"] == 2
    assert kept["faults"] == only_draft().faults > 0
    late = one.submit(where, {"source": wrong, "number": 1}, headers=asks)
    assert late.status_code == 409


def test_the_largest_playbook_of_the_house_is_checked_while_one_types(bench) -> None:
    largest = max(versions.shipped().rglob("*.yaml"), key=lambda path: path.stat().st_size)
    with atomic(bench.world.lead.scope):
        versions.publish_shipped()
        drafts.check(largest.read_text())
        begin = time.perf_counter()
        drafts.check(largest.read_text())
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize("who", ["member", "mayor", "admin", "auditor"])
def test_only_those_who_work_on_cases_write_playbooks(bench, browser, who) -> None:
    row = begun(bench, playbook(f"a: {T}"))
    user = browser(who)
    for rest in ("", "/differences", "/drop"):
        assert user.get(f"/desk/playbook-drafts/{row.id}{rest}").status_code == 403
    assert user.submit("/desk/playbook-drafts/new", {}).status_code == 403
    assert only_draft().is_open


# -- publishing


def test_a_draft_is_published_once_by_a_lead_and_is_then_closed(bench, browser) -> None:
    row = begun(bench, playbook(f"a: {T}"))
    where = f"/desk/playbook-drafts/{row.id}/publish"
    assert browser("responder").submit(where, {}).status_code == 403
    there = browser().submit(where, {})
    assert there.status_code == 303
    assert "/desk/procedures/trial/sha256:" in there.location
    assert browser().get(f"/desk/playbook-drafts/{row.id}").status_code == 404
    assert only_draft().published_as in there.location
    with atomic(SYSTEM):
        assert versions.current("trial").origin == "edited"


def test_what_stands_in_the_way_of_publishing_is_said(bench, browser) -> None:
    row = begun(bench, playbook("a: {do: no.such}"))
    page = browser().submit(f"/desk/playbook-drafts/{row.id}/publish", {})
    assert page.status_code == 422
    assert "No installed connector offers `no.such`" in words(page)
    assert only_draft().is_open


def test_a_version_is_taken_back_with_a_reason_and_begins_no_case(bench, browser) -> None:
    first = published(bench, playbook(f"a: {T}"))
    run_id = bench.start(f"b: {T}")
    newer = bench.run(run_id).hash
    where = f"{LIBRARY}/trial/{newer}/retire"
    assert browser().submit(where, {"reason": ""}).status_code == 422
    assert browser("responder").submit(where, {"reason": "Faux"}).status_code == 403
    assert browser().submit(where, {"reason": "Étape dangereuse"}).status_code == 302
    with atomic(SYSTEM):
        assert versions.current("trial").hash == first.hash
        entry = select(AuditEntry).where(AuditEntry.action == "playbook:retire")
        told = payload_of(session().scalars(entry).one())
        assert told["reason"] == "Étape dangereuse"
    assert bench.run(run_id).status == "running"
    assert "Taken back" in words(browser().get(f"{LIBRARY}/trial/{newer}"))


# -- from elsewhere and back


def test_a_file_with_a_secret_is_brought_in_without_it(bench, browser) -> None:
    there = sent(browser(), json.dumps(cacao()).encode())
    assert there.status_code == 303
    draft = only_draft()
    assert TOKEN not in draft.source
    assert draft.origin == "imported"
    with atomic(SYSTEM):
        (kept,) = session().scalars(select(PlaybookSecret)).all()
        assert (kept.fields["token"], kept.hosts) == (TOKEN, ["firewall.example"])
    assert kept.name in draft.source
    assert "draft:begin" in journal()
    assert TOKEN not in journal()
    assert base64.b64encode(json.dumps(cacao()).encode()).decode()[60:120] not in journal()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"a": }', "This is not JSON"),
        (b"a: [", "This is not YAML"),
        (b"- 1", "This file is not a playbook"),
        (b'{"type": "playbook", "spec_version": "cacao-1.1"}', "only cacao-2.0 is read"),
    ],
)
def test_a_file_with_nothing_to_mend_is_refused_in_words(bench, browser, content, told) -> None:
    page = sent(browser(), content)
    assert page.status_code == 422
    assert told in words(page)
    with atomic(SYSTEM):
        assert not session().scalars(select(PlaybookDraft)).all()


def test_a_file_of_ours_with_a_fault_becomes_a_draft_to_mend(bench, browser) -> None:
    source = playbook(f"a: {T}").replace("retention", "retenshun")
    there = sent(browser(), source.encode(), "mine.yaml")
    page = words(browser().get(there.location))
    assert "Unknown key `retenshun`" in page
    assert only_draft().faults == 2
    assert only_draft().title == {"fr": "Essai", "en": "Trial"}


def test_what_is_published_is_exported_equal_to_what_came_with_its_signatures(
    bench, browser
) -> None:
    document = _everything()
    document.pop("authentication_info_definitions", None)
    assert document["signatures"]
    sent(browser(), json.dumps(document).encode())
    with atomic(SYSTEM):
        mended = json.loads(only_draft().source)
        version = PlaybookVersion(
            cacao={key: held for key, held in mended.items() if key != "signatures"},
            signatures=mended["signatures"],
        )
        assert canonical(exported(version)) == canonical(mended)


def test_a_version_is_taken_along_as_its_text_and_as_cacao(bench, browser) -> None:
    source = playbook(f"a: {T}")
    version = published(bench, source)
    one = browser("auditor")
    where = f"{LIBRARY}/trial/{version.hash}"
    assert one.get(f"{where}/source.yaml").get_data(as_text=True) == source
    told = one.get(f"{where}/cacao.json")
    taken = told.get_json(force=True)
    assert [one["signee"] for one in taken.pop("signatures")] == [signee()]
    assert canonical(taken) == canonical(version.cacao)
    assert 'filename="trial.cacao.json"' in told.headers["Content-Disposition"]


# -- comparing, and where it is used


def test_a_draft_is_compared_with_the_version_that_it_was_begun_from(bench, browser) -> None:
    version = published(bench, playbook(f"a: {T}\nb: {T}"))
    one = browser()
    there = one.submit(f"{LIBRARY}/trial/{version.hash}/revise", {})
    changed = only_draft().source.replace("en: Unplug", "en: Pull the plug", 1)
    assert one.submit(there.location, {"source": changed, "number": 1}).status_code == 303
    page = one.get(f"{there.location}/differences")
    said = words(page)
    assert "Changed step" in said
    assert "Pull the plug" in said
    assert re.search(r'class="is-gone".*?Unplug', page.get_data(as_text=True), re.DOTALL)
    broken = changed.replace("who:", "whom:")
    one.submit(there.location, {"source": broken, "number": 2})
    assert "Too much is to mend" in words(one.get(f"{there.location}/differences"))


def test_two_versions_are_compared_in_words_and_line_by_line(bench, browser) -> None:
    published(bench, playbook(f"a: {T}"))
    newer = published(bench, playbook(f"a: {T}\nb: {T.replace('Unplug', 'Call')}"))
    page = words(browser().get(f"{LIBRARY}/trial/{newer.hash}/differences"))
    assert "New step: Call" in page
    assert "added: + b: {task" in page
    assert browser().get(f"{LIBRARY}/trial/{newer.hash}/differences?from=zz").status_code == 404


def test_a_version_says_who_calls_it_and_where_it_runs(bench, browser) -> None:
    run_id = bench.start(f"a: {T}")
    bench.publish("c: {playbook: trial}", name="caller")
    page = browser().get(f"{LIBRARY}/trial")
    with atomic(SYSTEM):
        reference = bench.case().reference
    assert "caller" in page.get_data(as_text=True)
    assert reference in words(page)
    history = words(browser().get(f"{LIBRARY}/trial/runs"))
    assert reference in history
    assert "Under way" in history
    elsewhere = words(browser("southerner").get(f"{LIBRARY}/trial/runs"))
    assert reference not in elsewhere
    assert bench.run(run_id).name == "trial"


def test_the_history_of_a_playbook_is_read_by_pages(bench, browser, monkeypatch) -> None:
    monkeypatch.setattr(history, "_AT_ONCE", 1)
    for _run in range(3):
        bench.start(f"a: {T}")
    seen, where = set(), f"{LIBRARY}/trial/runs"
    while where:
        page = browser().get(where).get_data(as_text=True)
        seen |= set(re.findall(r"/desk/runs/([0-9a-f-]{36})", page))
        onwards = re.search(r'href="([^"]*/runs\?cursor=[^"]*)"', page)
        where = onwards.group(1) if onwards else None
    assert len(seen) == 3


# -- secrets


def test_a_secret_is_set_and_changed_and_never_shown(bench, browser) -> None:
    one = browser()
    sent_first = {"name": "soc:firewall", "hosts": "FW.example\n10.0.0.1", "token": TOKEN}
    assert one.submit("/desk/playbook-secrets/set", sent_first).status_code == 303
    changed = {"name": "soc:firewall", "hosts": "fw.example", "password": "hunter-2222"}
    assert one.submit("/desk/playbook-secrets/set", changed).status_code == 303
    with atomic(SYSTEM):
        (kept,) = session().scalars(select(PlaybookSecret)).all()
        assert kept.fields == {"token": TOKEN, "password": "hunter-2222"}
        assert kept.hosts == ["fw.example"]
    shown = [
        one.get("/desk/playbook-secrets").get_data(as_text=True),
        one.get("/desk/playbook-secrets/set?name=soc:firewall").get_data(as_text=True),
        journal(),
    ]
    assert "password, token" in shown[0]
    assert "fw.example" in shown[0]
    assert not any(TOKEN in text or "hunter-2222" in text for text in shown)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "a b"}, {"name": "a", "hosts": "https://x.example/y"}]
)
def test_a_secret_needs_a_name_and_hosts_that_are_hosts(bench, browser, wrong) -> None:
    assert browser().submit("/desk/playbook-secrets/set", wrong).status_code == 422
    with atomic(SYSTEM):
        assert not session().scalars(select(PlaybookSecret)).all()


def test_secrets_are_for_leads_and_administrators(bench, browser) -> None:
    assert browser("responder").get("/desk/playbook-secrets").status_code == 403
    with atomic(bench.world.responder.scope), pytest.raises(ForbiddenError):
        secrets.secrets(bench.world.responder)
    with atomic(bench.world.responder.scope):
        assert not session().scalars(select(PlaybookSecret)).all(), "not by the database either"


def test_a_draft_that_is_gone_is_found_by_nobody(bench, browser) -> None:
    row = begun(bench, "playbook: [")
    assert browser().submit(f"/desk/playbook-drafts/{row.id}/drop", {}).status_code == 303
    with atomic(bench.world.lead.scope), pytest.raises(NotFoundError):
        drafts.access_draft(bench.world.lead, row.id)
    with atomic(bench.world.lead.scope):
        assert drafts.drafts(bench.world.lead) == []
