"""`once_per: case`: what another run of the case has begun is joined and not begun again."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.engine import FINAL_RUN, next_due
from cyberdesk.desk.playbooks.engine.joining import answer_to, first_of, standing_of
from cyberdesk.desk.playbooks.engine.state import moment
from cyberdesk.desk.playbooks.language.compiled import Pin
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.program import Program, read_program
from cyberdesk.desk.playbooks.rehearsal import explore
from cyberdesk.desk.playbooks.rehearsal.scripted import read_script
from cyberdesk.desk.playbooks.simulate import simulate
from cyberdesk.desk.playbooks.watch import stuck
from cyberdesk.desk.playbooks.why import why_waiting
from cyberdesk.desk.tasks.models import Task
from tests.desk.playbooks.test_advance_properties import USUAL, Run, events
from tests.desk.playbooks.written import compiled, playbook

T = "{task: {fr: Porter plainte, en: Lodge a complaint}, who: mayor}"
DUTIES = f"complaint: {T}\nagain: {T}"
CALL = "law: {playbook: duties, once_per: case%s}\nafter: {task: {fr: Après, en: After}, who: lead}"
FLAG = "variables: {down: {type: bool}}\n"
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def programs(given: str = "") -> tuple[Program, Program]:
    """Return a playbook that calls the duties, and those."""
    duties = compiled(DUTIES, name="duties", more=FLAG).cacao
    inner = read_program(duties)
    pins = {"duties": Pin(inner.hash, duties["modified"])}
    text = playbook(CALL % given, more=FLAG)
    return read_program(compile_playbook(text, resolve=pins.get).cacao), inner


class House:
    """Runs of one case, each told what the others are at, as the keeper of runs does."""

    def __init__(self, count: int) -> None:
        outer, inner = programs()
        self.runs: list[OneOf] = []
        for _ in range(count):
            self.runs.append(OneOf(self, outer, inner))
            self.runs[-1].tell({"type": "start"})

    def opened(self) -> list[str]:
        """Return how the duties stand wherever they were opened, unless they were called off."""
        found = (standing_of(run.library, run.state, "duties", {}) for run in self.runs)
        return sorted(one.how for one in found if one is not None)


class OneOf(Run):
    def __init__(self, house: House, *library: Program) -> None:
        self.house, self.begun = house, False
        super().__init__(*library)

    def tell(self, told: dict) -> list[dict]:
        if not self.begun:  # the base class starts it before the house knows of it
            self.begun = True
            return []
        commands = super().tell(told)
        others = [run for run in self.house.runs if run is not self]
        for one in [command for command in commands if command["do"] == "join"]:
            found = (standing_of(r.library, r.state, one["playbook"], one["given"]) for r in others)
            commands += self.tell(answer_to(one, first_of(f for f in found if f is not None)))
        if told["type"] != "stop" and {"returned", "finished"} & {c["do"] for c in commands}:
            for other in others:
                if any(one["status"] == "joining" for one in other.state["steps"].values()):
                    other.tell({"type": "rejoin"})
        return commands


@settings(max_examples=80, deadline=None, suppress_health_check=_SLOW)
@given(st.integers(2, 3), st.data())
def test_of_any_runs_one_at_a_time_is_at_it_and_all_end(count: int, data: st.DataObject) -> None:
    house = House(count)
    for _ in range(data.draw(st.integers(0, 25))):
        run = data.draw(st.sampled_from(house.runs))
        run.tell(data.draw(events(run)))
        assert house.opened().count("open") <= 1
    for _ in range(4):  # who waits for another ends after it
        for run in house.runs:
            finish_what_is_asked(run)
    assert {run.state["status"] for run in house.runs} <= FINAL_RUN


def finish_what_is_asked(run: OneOf) -> None:
    run.tell({"type": "resume"})
    for _ in range(50):
        asked = [(p, one) for p, one in run.standing().items() if one["status"] != "joining"]
        if not asked:
            return
        path, one = asked[0]
        if one.get("asked"):
            told = {"path": path, "ticket": one["ticket"], "answer": USUAL.get(one["asked"])}
            run.tell({"type": "answer", **told, "values": {}})
        else:
            run.now = max(run.now, moment(next_due(run.state) or 0)) + timedelta(minutes=1)
            run.tell({"type": "tick"})


def test_a_rehearsal_plays_both_ways() -> None:
    outer, inner = programs()
    library = {one.hash: one for one in (outer, inner)}
    asked = {
        how: [c["path"] for c in simulate(library, outer, read_script(how, outer)).did("ask")]
        for how in ("", "law: completed", "law: open")
    }
    assert asked == {
        "": ["law>complaint", "law>again", "after"],
        "law: completed": ["after"],
        "law: open": [],
    }
    coverage = explore(library, outer, tries=60)
    assert not coverage.missing
    assert not coverage.unfinished


# -- in the house


@pytest.fixture
def two(bench):
    """Begin the duties in one run of a case, then another run that calls them as well."""

    def begin(given: str = "") -> list:
        bench.publish(DUTIES, name="duties", more=FLAG)
        first = bench.start(CALL % "", name="first")
        return [first, bench.start(CALL % given, name="second", more=FLAG)]

    return begin


def tasks(bench, path: str) -> int:
    with atomic(SYSTEM):
        return session().query(Task).filter_by(case_id=bench.case_id, path=path).count()


def test_the_second_procedure_of_a_case_waits_for_the_first_and_goes_on_with_it(bench, two) -> None:
    first, second = two()
    assert (tasks(bench, "law>complaint"), bench.waits(second)) == (1, {"law": "joining"})
    with atomic(SYSTEM):
        said = why_waiting(bench.run(second))
        assert not stuck()
    assert "une autre procédure de ce dossier l’a déjà commencée" in said[0]
    bench.answer("law>complaint")
    assert bench.waits(second) == {"law": "joining"}
    bench.answer("law>again")
    assert bench.waits(first) == bench.waits(second) == {"after": "open"}
    assert tasks(bench, "law>complaint") == 1


def test_what_the_first_calls_off_the_second_begins(bench, two) -> None:
    first, second = two()
    with atomic(SYSTEM):
        service.cancel(bench.world.lead, bench.run(first), reason="attached by mistake")
    assert bench.waits(second) == {"law>complaint": "open"}
    assert tasks(bench, "law>complaint") == 2


def test_what_has_ended_is_not_begun_again(bench, two) -> None:
    two()
    bench.answer("law>complaint")
    bench.answer("law>again")
    third = bench.start(CALL % "", name="third")
    assert bench.waits(third) == {"after": "open"}


def test_given_something_that_the_first_does_not_know_it_is_begun_again(bench, two) -> None:
    _first, second = two(", with: {down: true}")
    assert bench.waits(second) == {"law>complaint": "open"}


def test_closing_the_case_begins_nothing_on_the_way(bench, two) -> None:
    two()
    with atomic(SYSTEM):
        service.stop_runs(bench.case(), reason="case-closed")
    assert tasks(bench, "law>complaint") == 1
