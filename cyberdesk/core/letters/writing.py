"""Writing a letter, in the transaction of what it tells; it leaves after the commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import session
from cyberdesk.core.ids import new_id
from cyberdesk.core.jobs import outbox
from cyberdesk.core.letters.models import Letter

TOPIC = "letter:send"


class About(Protocol):
    """A case, as far as a letter needs to know it."""

    id: Any
    key_id: Any
    exercise: Any


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, and where links lead. `desk` is the mailbox of the people on duty, or empty."""

    centre: str
    base_url: str
    desk: str = ""


_letterhead = Letterhead("CyberDesk", "http://127.0.0.1:8000")


def use(new: Letterhead) -> None:
    """Write on this letterhead in this process."""
    global _letterhead  # noqa: PLW0603  # one letterhead per process, from the settings
    _letterhead = new


def letterhead() -> Letterhead:
    return _letterhead


def write(
    kind: str,
    *,
    to: str,
    language: str = "fr",
    case: About | None = None,
    dedup: str | None = None,
    due: datetime | None = None,
    **facts: Any,
) -> None:
    """Write the letter `kind` (a template `mails/<kind>.txt`) to the address `to`.

    `facts` are plain JSON, sealed. With `dedup`, a second letter of the same key is not sent.
    """
    letter_id = new_id()
    if not outbox.send(TOPIC, dedup=dedup, due=due, letter_id=str(letter_id)):
        return
    key_id: UUID = case.key_id if case else vault.create_key("letter", letter_id)
    letter = Letter(
        id=letter_id,
        key_id=key_id,
        case_id=case.id if case else None,
        kind=kind,
        language=language,
        exercise=bool(case and case.exercise),
        to=to,
        facts=facts,
        created_at=clock.now(),
    )
    session().add(letter)
