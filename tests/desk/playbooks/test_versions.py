"""Versions of playbooks: published once, chosen for a case, kept by its run."""

import pytest
from sqlalchemy import select

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError
from cyberdesk.desk.playbooks import matching, service, versions
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import Task
from tests.desk.playbooks.written import playbook

T = "{task: {fr: Faire, en: Do}, who: commune"


def test_a_run_keeps_its_version_when_a_new_one_is_published(bench) -> None:
    first = bench.start(f"a: {T}}}\nb: {T}}}")
    second = bench.start(f"a: {T}}}\nc: {T}}}")
    for run_id in (first, second):
        with atomic(bench.world.responder.scope):
            task = session().scalars(select(Task).where(Task.run_id == run_id)).one()
            tasks.answer(bench.world.responder, task, answer="done")
    assert (bench.waits(first), bench.waits(second)) == ({"b": "open"}, {"c": "open"})


def test_publishing_twice_is_one_version_and_faults_are_told(bench) -> None:
    lead = bench.world.lead
    source = playbook(f"a: {T}}}")
    with atomic(lead.scope):
        assert versions.publish(lead, source=source).id == versions.publish(lead, source=source).id
        with pytest.raises(versions.RefusedPlaybookError) as caught:
            versions.publish(lead, source=playbook("a: {do: no.such}"))
    assert [finding.code for finding in caught.value.findings] == ["unknown-action"]
    with atomic(SYSTEM), pytest.raises(ForbiddenError):
        versions.publish(bench.world.responder, source=source)


def test_the_playbook_that_says_most_about_a_case_is_chosen(bench) -> None:
    heads = {
        "any": "for: {case: cyber}\npriority: 1\n",
        "ransom": "for: {case: cyber, types: [ransomware], severities: [high, critical]}\n",
        "phish": "for: {case: cyber, types: [phishing]}\npriority: 1\n",
        "never": "",
    }
    with atomic(SYSTEM):
        for name, more in heads.items():
            versions.publish(bench.world.lead, source=playbook(f"a: {T}}}", name=name, more=more))
        case = bench.case()
        assert [m.version.name for m in matching.candidates(case)] == ["ransom", "any"]
        run = service.start_run(bench.world.responder, case)
        assert run.name == "ransom"


def test_the_shipped_playbooks_are_published_once(bench, tmp_path) -> None:
    (tmp_path / "good.yaml").write_text(playbook(f"a: {T}}}", name="good"))
    (tmp_path / "bad.yaml").write_text("playbook: bad")
    assert versions.publish_shipped(tmp_path) == 1
    assert versions.publish_shipped(tmp_path) == 0
    with atomic(SYSTEM):
        assert session().scalars(select(PlaybookVersion.name)).all() == ["good"]
