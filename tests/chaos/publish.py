"""`python -m tests.chaos.publish DATA URL [N]`: the campaign's playbook and its connector's settings.

With a number it is the next version of the playbook, and the runs that are under way go over to it.
Run apart from the campaign, for it needs the connector's package on its path.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from cyberdesk.cli._attached import house
from cyberdesk.core.access import system
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.playbooks import service, versions
from cyberdesk.desk.playbooks.models import Run

NAME = "chaos"
_SOURCE = Path(__file__).parent / "playbook.yaml"
_FIRST = date(2026, 11, 22)
_ACTOR = system(NAME)


def publish(url: str, number: int) -> str:
    """Publish version `number`, a day later than the one before; return its hash."""
    written, day = _SOURCE.read_text(encoding="utf-8"), _FIRST + timedelta(days=number)
    source = written.replace(f"modified: {_FIRST}\n", f"modified: {day}\n")
    with atomic(SYSTEM):
        if not number:
            connectors.ensure(NAME, {"url": url}, {})
        return versions.publish(_ACTOR, source=source).hash


def take_over(to: str) -> int:
    """Let every run that is under way go over to version `to`; return how many did."""
    with atomic(SYSTEM):
        wanted = select(Run.id).where(Run.name == NAME, Run.ended_at.is_(None), Run.hash != to)
        runs = session().scalars(wanted).all()
    gone = 0
    for run_id in runs:
        try:
            with atomic(SYSTEM):
                run = session().get_one(Run, run_id)
                service.migrate(_ACTOR, run, to=to, reason="a new version")
            gone += 1
        except ConflictError:  # it has ended meanwhile
            continue
    return gone


if __name__ == "__main__":
    with house(Path(sys.argv[1])):
        number = int(sys.argv[3]) if len(sys.argv) > 3 else 0
        version = publish(sys.argv[2], number)
        print(take_over(version))
