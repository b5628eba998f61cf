"""Nothing stands still unseen, and answers, sweeps and workers meet without waiting in a circle."""

import threading
from datetime import timedelta

from sqlalchemy import update

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.text import speaking
from cyberdesk.desk.playbooks import sweeps, watch, why
from cyberdesk.desk.playbooks.models import Effect, Run
from cyberdesk.desk.playbooks.shown.words import sweep_name
from cyberdesk.rooms import rooms
from tests.desk.playbooks.conftest import jump

T = "{task: {fr: Faire, en: Do}, who: commune"


def test_nothing_is_stuck_until_something_is_lost(bench) -> None:
    waiting = bench.start(f"a: {T}}}")
    acting = bench.start("a: {do: deed.fold}")
    timed = bench.start("a: {wait: 1h}")
    with atomic(SYSTEM):
        assert watch.stuck() == []
        session().execute(update(Effect).values(status="void"))
        session().execute(update(Run).where(Run.id == timed).values(due_at=None, waits=["delayed"]))
    with atomic(SYSTEM):
        assert {run.id for run in watch.stuck()} == {acting, timed}
        assert watch.stuck_count() == 2
    assert waiting


def test_why_it_waits_is_said_in_both_languages(bench) -> None:
    run_id = bench.start(f"a: {T}}}")
    told = {
        "fr": "Faire\u202f: attend la réponse de la mairie depuis ",
        "en": "Do: waits for the town hall’s answer since ",
    }
    for tongue, words in told.items():
        with speaking(tongue):
            (said,) = why.why_waiting(bench.run(run_id))
            assert said.startswith(words)


def test_a_case_waits_for_its_playbook_when_nobody_is_asked(bench, deeds) -> None:
    run_id = bench.start(f"a: {T}}}\nb: {{do: deed.fold}}\nc: {{wait: 1h}}\nd: {T}}}")

    def waits_on() -> str | None:
        with atomic(SYSTEM):
            return bench.case().waits_on

    bench.answer("a")
    assert waits_on() == "engine"
    bench.wake(run_id)
    assert waits_on() == "engine"
    with jump(61):
        sweeps.fire_timers()
        assert waits_on() == "commune"
        bench.answer("d")
    assert waits_on() is None


def test_answers_sweeps_and_workers_meet_without_waiting_in_a_circle(bench, deeds) -> None:
    """Twelve runs of one case, each answered, made late and worked on at the same moment."""
    runs = [
        bench.start(
            f"p: {{parallel: {{x: {{a{n}: {T}, within: 1m}}}}, y: {{b{n}: {{do: deed.fold}}}}}}}}"
        )
        for n in range(12)
    ]
    failures: list[Exception] = []

    def together(acts) -> None:
        def one(act) -> None:
            try:
                act()
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=one, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    later = clock.still(clock.now() + timedelta(minutes=2))

    def swept() -> None:
        with clock.using(later):
            sweeps.fire_timers()

    def answered() -> None:
        for n in range(12):
            bench.answer(f"p/x/a{n}")

    together([answered, swept, lambda: [bench.wake(r) for r in runs], swept])
    assert failures == []
    assert {bench.run(run_id).status for run_id in runs} == {"completed"}
    assert len(deeds.read_text().splitlines()) == 12


def test_the_watchdog_has_words_for_every_sweep() -> None:
    names = {sweep.name for room in rooms() for sweep in room.sweeps}
    assert names
    assert {name for name in names if sweep_name(name) == name} == set()
