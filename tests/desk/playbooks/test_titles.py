"""No word that a person typed stands in a plain column, whatever a playbook does with it."""

from sqlalchemy import text

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.base import Base
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.playbooks import people, service, versions
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.tasks import service as tasks
from tests.desk.cases.conftest import HOUSE
from tests.desk.playbooks.written import playbook

SECRET = "Nadia-Sauvageon"
ASK = "ask: {name: {label: {fr: Qui, en: Who}, type: string}}"
LATE = "within: 30m, remind: [10m]"


def tables_with(word: str) -> list[str]:
    """The tables in which `word` can be read by whoever reads the database."""
    found = []
    with atomic(SYSTEM):
        for table in Base.metadata.sorted_tables:
            # A row as text shows sealed columns as hexadecimal digits.
            said = text(f'SELECT 1 FROM "{table.name}" t WHERE t::text ILIKE :word LIMIT 1')
            if session().execute(said, {"word": f"%{word}%"}).first():
                found.append(table.name)
    return found


def test_the_search_finds_what_stands_in_the_clear(bench) -> None:
    assert "organisations" in tables_with("Saint-Exemple")


def test_what_was_typed_stays_out_of_titles_of_tasks_the_queue_and_the_timeline(bench) -> None:
    run_id = bench.start(
        f"a: {{task: {{fr: Nommer, en: Name}}, who: commune, {ASK}}}\n"
        f"b: {{task: {{fr: 'Appeler {{name}}', en: 'Call {{name}}'}}, who: responder, {LATE}}}\n"
        "c: {do: mail.send, with: {text: '{name}'}}\n"
        "d: {wait: 2h}\n"
    )
    bench.answer("a", actor=bench.world.member, name=SECRET)
    assert bench.task("b").content["title"]["fr"] == "Appeler …"
    with atomic(SYSTEM):
        case = bench.case()
        assert case.waits_why["fr"] == "Appeler …"
        assert case.dues["tasks"]["what"]["fr"] == "Appeler …"
        run = session().get_one(Run, run_id)
        service.skip(HOUSE, run, path="b", reason=f"{SECRET} ne répond pas")
    assert tables_with(SECRET) == []


def test_a_text_handed_to_another_playbook_as_a_number_is_still_a_text(bench) -> None:
    with atomic(SYSTEM):
        source = playbook(
            "b: {task: {fr: 'Rappeler {n}', en: 'Call {n}'}, who: responder}",
            name="inner",
            more="variables: {n: {type: integer}}\n",
        )
        versions.publish(HOUSE, source=source)
    bench.start(
        f"a: {{task: {{fr: Nommer, en: Name}}, who: commune, {ASK}}}\n"
        "s: {playbook: inner, with: {n: '{name}'}}"
    )
    bench.answer("a", actor=bench.world.member, name=SECRET)
    assert bench.task("s>b").content["title"]["fr"] == "Rappeler …"
    assert tables_with(SECRET) == []


def test_titles_in_the_queue_are_filled_with_what_may_stand_there(bench, deeds) -> None:
    bench.start(
        "a: {do: deed.fold, with: {what: x}, delay: 1h}\n",
        more="variables: {town: {type: string, from: case.organisation}}\n",
    )
    run_id = bench.start(
        "w: {wait: 2h}\n"
        "b: {task: {fr: 'Appeler {town}', en: 'Call {town}'}, who: responder, delay: 1h}",
        name="other",
        more="variables: {town: {type: string, from: case.organisation}}\n",
    )
    with atomic(SYSTEM):
        service.skip(HOUSE, session().get_one(Run, run_id), path="w", reason="pressé")
        for run in service.runs_of(bench.case()):
            if run.id != run_id:
                service.cancel(HOUSE, run, reason="autre")
        people.show(bench.case())
        assert bench.case().waits_why["fr"] == "Appeler Saint-Exemple"


def test_a_task_that_a_person_titled_shows_its_title_to_those_who_open_it_alone(bench) -> None:
    responder = bench.world.responder
    with atomic(responder.scope):
        case = cases.find_case(responder, bench.case_id)
        title = {"fr": f"Appeler {SECRET}", "en": f"Call {SECRET}"}
        task = tasks.open_task(responder, case, name="call", who="responder", title=title)
        assert case.waits_why["fr"] == "Une tâche ajoutée à la main"
        tasks.answer(responder, task, answer="done", words="fait")
        (line,) = [one for one in cases.timeline(responder, case) if one.kind == "task:answered"]
        assert SECRET in line.words
    assert tables_with(SECRET) == []
