"""The pages of runs and of the library, through the real application."""

import re

import pytest
from sqlalchemy import select

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import CaseEvent
from cyberdesk.desk.playbooks import service, versions
from cyberdesk.desk.playbooks.models import Run
from tests.desk.cases.conftest import HOUSE, ending
from tests.desk.playbooks.conftest import entry, lost_effect, words

T = "{task: {fr: Débrancher, en: Unplug}, who: commune"
D = "{task: {fr: Rappeler, en: Call back}, who: responder"


@pytest.fixture
def address(bench):
    with atomic(SYSTEM):
        return f"/desk/cases/{bench.case().reference}"


def told(bench, kind) -> list[str]:
    with atomic(SYSTEM):
        wanted = select(CaseEvent).where(CaseEvent.kind == kind)
        return [line.words for line in session().scalars(wanted)]


def journalled(action) -> int:
    with atomic(SYSTEM):
        wanted = select(AuditEntry).where(AuditEntry.action == action)
        return len(session().scalars(wanted).all())


# -- the case page


def test_the_procedure_of_a_case_says_who_is_waited_for(bench, browser, address) -> None:
    bench.start(f"a: {T}}}\nb: {D}}}")
    page = browser().get(f"{address}/procedure")
    said = words(page)
    assert page.status_code == 200
    assert "Waits for the town hall’s answer since" in said
    assert said.index("Unplug") < said.index("Call back")
    assert "Answer for them" in said
    assert page.get_data(as_text=True).count('class="graph"') == 1


def test_each_picture_of_a_page_has_a_name_of_its_own(bench, browser, address) -> None:
    with atomic(SYSTEM):
        versions.publish_shipped()
        for name in ("ransomware", "cyber_duties"):
            service.start_run(bench.world.lead, bench.case(), playbook=name)
    page = browser().get(f"{address}/procedure").get_data(as_text=True)
    names = re.findall(r'role="region" aria-label="(Picture of[^"]*)"', page)
    assert "Picture of: Ransomware · The main thread" in names
    assert len(names) == len(set(names)) > 2


def test_the_picture_and_its_list_hold_the_same_steps_in_the_same_order(
    bench, browser, address
) -> None:
    bench.start(
        f"a: {T}}}\n"
        "s:\n"
        "  parallel:\n"
        f"    x: {{b: {D}}}}}\n"
        f"    y: {{c: {{task: {{fr: Trois, en: Third}}, who: mayor}}}}\n"
        "e: {end: done}"
    )
    bench.answer("a")
    page = browser().get(f"{address}/procedure").get_data(as_text=True)
    boxes = re.findall(r'<g class="graph-box is-(\w+)">.*?</g>', page, re.DOTALL)
    lines = re.findall(r'<li class="flow-step is-(\w+)"', page)
    assert boxes == lines == ["done", "now", "now", "now", "todo"]


def test_what_is_told_of_other_ways_is_what_was_taken(bench, browser, address) -> None:
    bench.start(f"a: {T}, impossible: {{n: {D}}}}}}}\nb: {T}}}")
    before = words(browser().get(f"{address}/procedure"))
    assert "If that is not possible here" not in before
    bench.answer("a", "impossible")
    after = browser().get(f"{address}/procedure")
    assert "If that is not possible here" in words(after)
    assert after.get_data(as_text=True).count('class="graph-box') == 3


def test_a_way_that_was_not_taken_is_set_aside_and_not_for_later(bench, browser, address) -> None:
    ask = "ask: {n: {label: {fr: Combien, en: How many}, type: integer}}"
    bench.start(
        f"a: {T}, {ask}}}\n"
        f"i: {{if: n > 5, then: {{y: {D}}}}}, else: {{z: {T}}}}}}}\n"
        "e: {end: done}"
    )
    bench.answer("a", n=9)
    page = browser().get(f"{address}/procedure")
    states = re.findall(r'<li class="flow-step is-(\w+)"', page.get_data(as_text=True))
    assert states == ["done", "now", "now", "skipped", "todo"]
    assert "How many more than 5" in words(page)
    assert "1 step of 5 behind us" in words(page)


def test_a_case_without_a_playbook_says_what_to_do(browser, address) -> None:
    assert "No playbook runs on this case" in words(browser().get(f"{address}/procedure"))


def test_the_panel_is_fetched_anew_and_says_so_when_nothing_changed(
    bench, browser, address
) -> None:
    bench.start(f"a: {T}}}\nb: {T}}}")
    one = browser()
    first = one.get(f"{address}/parts/runs", headers={"HX-Request": "true"})
    tag = {"If-None-Match": first.headers["ETag"]}
    assert one.get(f"{address}/parts/runs", headers=tag).status_code == 304
    bench.answer("a")
    assert one.get(f"{address}/parts/runs", headers=tag).status_code == 200


@pytest.mark.parametrize("who", ["member", "mayor", "southerner", "stranger", "admin", "auditor"])
def test_nobody_else_sees_a_run_or_its_steps(bench, browser, who) -> None:
    run_id = bench.start(f"a: {T}}}")
    step = entry(bench, run_id, "a")
    user = browser(who)
    for where in (f"/desk/runs/{run_id}", step, f"{step}/skip", f"/desk/runs/{run_id}/do/pause"):
        assert user.get(where).status_code in {403, 404}
        assert user.submit(where, {"reason": "x"}).status_code in {403, 404, 405}
    with atomic(bench.world.actors[who].scope):
        seen = session().scalars(select(Run.id)).all()
    assert seen == ([run_id] if who in {"member", "mayor"} else [])
    assert bench.run(run_id).status == "running"


def test_of_ways_that_meet_a_step_shows_the_one_that_was_taken(bench, browser) -> None:
    run_id = bench.start(f"a: {T}, impossible: next, unknown: next}}\nb: {T}}}")
    bench.answer("a")
    page = browser().get(entry(bench, run_id, "a")).get_data(as_text=True)
    taken = re.findall(r'<li class="is-taken"><span class="soft">([^<]*)</span>', page)
    assert taken == ["Then"]


# -- steering


def test_pausing_takes_a_reason_and_is_told_and_journalled(bench, browser, address) -> None:
    run_id = bench.start(f"a: {T}}}")
    one = browser("responder")
    where = f"/desk/runs/{run_id}/do/pause"
    assert one.submit(where, {"reason": "  "}).status_code == 422
    assert bench.run(run_id).status == "running"
    assert one.submit(where, {"reason": "<b>Mairie fermée</b>"}).status_code == 302
    assert bench.run(run_id).status == "paused"
    assert told(bench, "run:paused") == ["<b>Mairie fermée</b>"]
    assert journalled("run:pause") == 2  # the service's, and the engine's event
    page = one.get(f"{address}/procedure")
    assert "En pause depuis" in words(page)
    assert one.submit(where, {"reason": "encore"}).status_code == 409
    one.submit(f"/desk/runs/{run_id}/do/resume")
    assert bench.run(run_id).status == "running"
    assert "<b>Mairie" not in one.get(f"{address}/timeline").get_data(as_text=True)


def test_what_a_cancelled_run_was_in_the_midst_of_is_not_shown_as_done(
    bench, browser, address
) -> None:
    run_id = bench.start(f"a: {T}}}\nb: {T}}}")
    bench.answer("a")
    with atomic(SYSTEM):
        service.cancel(bench.world.lead, bench.run(run_id), reason="x")
    page = browser().get(f"{address}/procedure").get_data(as_text=True)
    assert re.findall(r'<details class="flow-part is-(\w+)"', page) == ["skipped"]


def test_cancelling_is_the_lead_s(bench, browser) -> None:
    run_id = bench.start(f"a: {T}}}")
    where = f"/desk/runs/{run_id}/do/cancel"
    assert browser("responder").submit(where, {"reason": "x"}).status_code == 403
    assert browser("lead").submit(where, {"reason": "Doublon"}).status_code == 302
    assert bench.run(run_id).status == "cancelled"


def test_unknown_fields_are_refused(bench, browser) -> None:
    run_id = bench.start(f"a: {T}}}")
    sent = {"reason": "x", "status": "completed"}
    assert browser().submit(f"/desk/runs/{run_id}/do/pause", sent).status_code == 422
    assert bench.run(run_id).status == "running"


def test_a_step_is_skipped_with_its_reason_and_what_is_lost_is_said_before(bench, browser) -> None:
    run_id = bench.start(f"a: {T}}}\nb: {D}}}\nc: {T}}}")
    bench.answer("a")
    one = browser()
    page = one.get(entry(bench, run_id, "a"))
    assert "Take up again from here" in words(page)
    assert "Skip this step" not in words(page)
    redo = f"{entry(bench, run_id, 'a')}/redo"
    asked = words(one.get(redo))
    assert "This would be taken back" in asked
    assert "Call back" in asked
    skip = f"{entry(bench, run_id, 'b')}/skip"
    assert one.submit(skip, {"reason": ""}).status_code == 422
    assert one.submit(skip, {"reason": "Personne"}).status_code == 302
    assert bench.waits(run_id) == {"c": "open"}
    assert told(bench, "run:skip") == ["Personne"]
    assert one.submit(skip, {"reason": "Encore"}).status_code == 409
    assert one.submit(redo, {"reason": "Autre poste"}).status_code == 302
    assert bench.waits(run_id) == {"a": "open"}


def test_a_step_that_is_not_there_is_a_404(bench, browser) -> None:
    run_id = bench.start(f"a: {T}}}")
    assert browser().get(f"/desk/runs/{run_id}/steps/999").status_code == 404


def test_a_failed_step_is_tried_again(bench, browser, deeds, address) -> None:
    run_id = bench.start("a: {do: deed.fold, with: {mode: down}}\n", exception=False)
    bench.wake(run_id)
    assert (bench.run(run_id).status, bench.run(run_id).dead) == ("failed", 1)
    one = browser()
    assert "Failed, and nothing takes it further" in words(one.get(f"{address}/procedure"))
    page = one.get(entry(bench, run_id, "a"))
    assert "connection refused" in words(page)
    assert "Attempt 1" in words(page)
    assert one.submit(f"{entry(bench, run_id, 'a')}/retry").status_code == 302
    assert bench.run(run_id).status == "running"
    assert bench.run(run_id).dead == 0


@pytest.mark.usefixtures("deeds")
@pytest.mark.parametrize(
    ("way_out", "state"), [(f", on_failure: {{b: {D}}}}}}}", "now"), ("}", "failed")]
)
def test_only_a_failure_that_nothing_takes_further_marks_what_contains_it(
    bench, browser, address, way_out, state
) -> None:
    steps = f"s:\n  parallel:\n    one: {{x: {T}}}}}\n    two: {{a: {{do: deed.fold, with: {{mode: down}}{way_out}}}"
    run_id = bench.start(steps, exception=False)
    bench.wake(run_id)
    page = browser().get(f"{address}/procedure").get_data(as_text=True)
    [part] = re.findall(r'class="flow-part is-(\w+)"', page)
    assert part == state
    assert 'class="flow-step is-failed"' in page, "the step itself did fail"


def test_an_effect_nobody_knows_of_is_said_done_by_a_person(bench, browser, deeds) -> None:
    run_id = lost_effect(bench)
    assert bench.waits(run_id) == {"a": "verify"}
    one = browser()
    where = f"{entry(bench, run_id, 'a')}/verify"
    assert "Say whether it happened" in words(one.get(entry(bench, run_id, "a")))
    assert one.submit(where, {"answer": "perhaps", "reason": "x"}).status_code == 422
    assert one.submit(where, {"answer": "done"}).status_code == 422
    sent = {"answer": "done", "reason": "Le prestataire l’a reçu"}
    assert one.submit(where, sent).status_code == 302
    assert bench.waits(run_id) == {"b": "open"}
    assert one.get(where).status_code == 409


def test_a_closed_case_brings_no_playbook_back(bench, browser, deeds, address) -> None:
    run_id = bench.start("a: {do: deed.fold, with: {mode: down}}\n", exception=False)
    bench.wake(run_id)
    with atomic(SYSTEM):
        cases.close_case(HOUSE, bench.case(), **ending())
    one = browser()
    assert one.submit(f"{entry(bench, run_id, 'a')}/retry").status_code == 409
    sent = {"playbook": "trial", "reason": "x"}
    assert one.submit(f"{address}/procedure/start", sent).status_code == 409
    assert bench.run(run_id).status == "failed"


def test_another_playbook_is_started_from_the_library(bench, browser, address) -> None:
    bench.start(f"a: {T}}}")
    bench.start(f"a: {T}}}", name="second_one", more="for: {case: cyber, types: [ransomware]}\n")
    one = browser("responder")
    page = words(one.get(f"{address}/procedure/start"))
    assert "Déjà en cours sur ce dossier." in page
    where = f"{address}/procedure/start"
    assert one.submit(where, {"playbook": "no_such", "reason": "x"}).status_code == 422
    assert one.submit(where, {"playbook": "trial", "reason": ""}).status_code == 422
    sent = {"playbook": "trial", "reason": "Un second poste"}
    assert one.submit(where, sent).status_code == 302
    assert "Un second poste" in told(bench, "run:started")
    with atomic(SYSTEM):
        runs = service.runs_of(bench.case())
        assert [run.why["fr"] for run in runs][-1] == "Choisie à la main"
        assert runs[-1].started_by == "Camille Roux"


# -- the library


def test_the_library_shows_what_runs_and_where_it_comes_from(bench, browser) -> None:
    bench.start(f"a: {T}}}", more="for: {case: cyber, types: [ransomware]}\n")
    one = browser()
    said = words(one.get("/desk/procedures"))
    assert "Trial" in said
    page = one.get("/desk/procedures/trial")
    assert "essai" in words(page)
    assert "22 Nov 2026" in words(page) or "Nov 22, 2026" in words(page)
    assert "playbook: trial" in words(page)
    with atomic(SYSTEM):
        held = session().scalars(select(Run)).one().hash
    assert one.get(f"/desk/procedures/trial/{held}").status_code == 200
    file = one.get(f"/desk/procedures/trial/{held}/source.yaml")
    assert file.mimetype == "text/plain"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert one.get("/desk/procedures/trial/ffff").status_code == 404
    assert one.get("/desk/procedures/nothing").status_code == 404


def test_whoever_reads_playbooks_does_not_learn_how_many_run(bench, browser) -> None:
    bench.start(f"a: {T}}}")
    assert browser("auditor").get("/desk/procedures").status_code == 200
    assert "1" not in re.findall(
        r'class="number"><span class="cell">([^<]*)<',
        browser("auditor").get("/desk/procedures").get_data(as_text=True),
    )
    stranger = browser("stranger").get("/desk/procedures").get_data(as_text=True)
    assert re.findall(r'class="number"><span class="cell">(\d+)<', stranger) == ["0"]
    assert browser("member").get("/desk/procedures").status_code == 403


def test_hostile_titles_are_shown_and_do_nothing(bench, browser, address) -> None:
    evil = "'<script>alert(1)</script> {x} \\u202E'"
    bench.start(
        f"a: {{task: {{fr: {evil}, en: {evil}}}, who: responder}}\n",
        more="variables: {x: {type: string, value: '<img src=x onerror=1>'}}\n",
    )
    for where in (f"{address}/procedure", "/desk/procedures/trial"):
        answer = browser().get(where)
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# -- why a step failed


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Ce connecteur n’est pas réglé"), ("en", "not set up")]
)
def test_what_kept_an_action_back_is_said_in_the_readers_language(
    bench, browser, address, language, said
) -> None:
    run_id = bench.start("a: {do: webhook.post, with: {event: 'case:told'}}", exception=False)
    bench.wake(run_id)
    one = browser()
    for where in (f"{address}/procedure", entry(bench, run_id, "a")):
        page = words(one.get(f"{where}?lang={language}"))
        assert said in page
        assert "the connector webhook" not in page
