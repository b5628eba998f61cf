"""What happens to a case and its runs must know."""

from typing import Any

from cyberdesk.core.events import events
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.service import stop_runs, tell_facts


def subscribe() -> None:
    for name in ("case:triaged", "case:severity", "case:awareness"):
        events.subscribe(name, _changed)
    events.subscribe("case:closed", _closed)
    events.subscribe("case:merged", _merged)


def _changed(case: Case, **_facts: Any) -> None:
    tell_facts(case)


def _closed(case: Case, **_facts: Any) -> None:
    stop_runs(case, reason="case-closed")


def _merged(case: Case, **_facts: Any) -> None:
    stop_runs(case, reason="case-merged")
