"""The demo: fictional communes at every stage, played through the same services as the real ones.

Nothing is written behind the services' back: cases are declared, routed, taken, answered and closed
with the clock set to when it would have happened. A few are there before the doors open, the others
follow while people look round. It plays once; a second start finds it done.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from cyberdesk.core.access.models import Person
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.strands.cyber.content import read
from cyberdesk.strands.cyber.demo.stage import Stage


def play() -> Iterable[Mapping[str, str]]:
    """Make the places, the accounts and the first cases once; return the accounts, a row each."""
    script = read("demo.yaml")
    if not _begun(script):
        Stage(script).perform(first=True)
    return [_account(script, name) for name in script["people"]]


def play_on() -> None:
    """Play the cases that were not yet; a case that was cut short stays as it stands."""
    Stage(read("demo.yaml")).perform(first=False)


def _begun(script: Mapping[str, Any]) -> bool:
    emails = [told["email"] for told in script["people"].values()]
    with atomic(SYSTEM):
        return session().scalar(select(Person.id).where(Person.email.in_(emails))) is not None


def _account(script: Mapping[str, Any], name: str) -> dict[str, str]:
    told = script["people"][name]
    return {"name": told["name"], "role": told["role"], "enter at": "/demo"}
