"""The demo plays through the real services, once, and names no real commune."""

from sqlalchemy import func, select

from cyberdesk.core.access.directory import load_directory
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.clock import now
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case, CaseLink
from cyberdesk.desk.clocks.models import Clock
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.versions import publish_shipped
from cyberdesk.rooms import open_rooms
from cyberdesk.strands.cyber import demo
from cyberdesk.strands.cyber.content import read


def test_it_plays_once_and_only_fictional_communes_suffer(database):
    open_rooms()
    publish_shipped()
    with atomic(SYSTEM):
        load_directory()
    script = read("demo.yaml")
    accounts = list(demo.play())
    with atomic(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 3
    demo.play_on()
    assert len(accounts) == len(script["people"])
    with atomic(SYSTEM) as session:
        cases = session.scalars(select(Case)).all()
        assert len(cases) == len(script["cases"])
        assert all(case.organisation.fictional for case in cases)
        assert {case.state for case in cases} == {"open", "closed"}
        assert {case.level for case in cases} >= {1, 4}
        real = (
            select(func.count()).select_from(Organisation).where(Organisation.fictional.is_(False))
        )
        names = select(Organisation.name).where(Organisation.fictional.is_(True))
        assert session.scalar(real.where(Organisation.name.in_(names))) == 0
    list(demo.play())
    demo.play_on()
    with atomic(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == len(cases)


def test_each_screen_of_the_desk_has_something_to_show(database):
    open_rooms()
    publish_shipped()
    with atomic(SYSTEM):
        load_directory()
    list(demo.play())
    demo.play_on()
    with atomic(SYSTEM) as session:
        cases = session.scalars(select(Case)).all()
        assert {case.outcome for case in cases} >= {None, "incident", "false-alarm"}
        assert {case.level for case in cases} == {1, 2, 3, 4}
        overdue = [
            one for one in cases if one.is_open and one.next_due_at and one.next_due_at < now()
        ]
        assert len(overdue) > 2
        for one in overdue:
            codes = {reason["code"] for reason in one.rank_why["reasons"]}
            assert codes & {"callback-late", "due-late"}, f"{one.reference} stands as if in time"
        waits = {case.waits_on for case in cases if case.is_open}
        assert waits == {"responder", "commune", "dpo", "engine"}, "a desk waits for others as well"
        assert sum(case.exercise for case in cases) == 1
        assert sum(case.overridden_at is not None for case in cases) == 1
        assert sum(case.escalated_at is not None for case in cases) == 1
        assert session.scalar(select(func.count()).select_from(CaseLink)) == 2
        late = [one for one in session.scalars(select(Clock)) if one.due_at and one.due_at < now()]
        assert any(one.state == "running" and one.force == "must" for one in late)
        assert session.scalar(select(func.count()).where(Clock.state == "done")) >= 2
        supplier = next(case for case in cases if case.organisation.name == "Les Trois-Pins-Rêvés")
        [run] = session.scalars(select(Run).where(Run.case_id == supplier.id)).all()
        [waiting] = [one for path, one in run.state["steps"].items() if "written_report" in path]
        assert waiting["status"] == "waiting", "for the supplier's report, which may take days"
