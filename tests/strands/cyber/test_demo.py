"""The demo plays through the real services, once, and names no real commune."""

from sqlalchemy import func, select

from cyberdesk.core.access.directory import load_directory
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.rooms import open_rooms
from cyberdesk.strands.cyber import demo
from cyberdesk.strands.cyber.content import read


def test_it_plays_once_and_only_fictional_communes_suffer(database):
    open_rooms()
    with atomic(SYSTEM):
        load_directory()
    script = read("demo.yaml")
    accounts = list(demo.play())
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
    with atomic(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == len(cases)
