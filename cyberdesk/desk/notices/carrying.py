"""Carrying letters: the outbox hands them over, the mail connector sends them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.delivery import GiveUpError, NotYetError
from cyberdesk.core.letters.models import Letter
from cyberdesk.core.letters.rendering import Rendered, render
from cyberdesk.core.letters.writing import TOPIC
from cyberdesk.desk.connectors.service import acts, prepare


def carry(letter_id: str) -> None:
    """Send one letter. Tried again until the server takes it; a doubtful one is not repeated.

    Without a mail server it waits until one is set up.
    """
    with atomic(SYSTEM):
        letter = session().get(Letter, UUID(letter_id))
        if letter is None or letter.sent_at or letter.failed_at:
            return
        to, exercise = letter.to, letter.exercise
        written = render(letter.kind, letter.facts, letter.language, exercise=exercise)
        tongue, leaves = letter.language, acts("mail")
    if exercise:
        # Players read it in the app; nothing of an exercise leaves.
        _sent(letter_id, "exercise: kept here")
        return
    if not leaves:
        raise NotYetError("no mail server is set up")
    _sent(letter_id, _send(letter_id, to, written, tongue))


def take_up(topic: str, payload: Mapping[str, Any], **_facts: Any) -> None:
    """A person has a failed letter tried again: it no longer counts as failed."""
    if topic == TOPIC:
        with seeing(SYSTEM):
            letter = session().get(Letter, UUID(payload["letter_id"]))
            if letter is not None:
                letter.failed_at = None


def _send(letter_id: str, to: str, written: Rendered, tongue: str) -> str:
    given = {"to": [to], "subject": written.subject, "text": written.text, "language": tongue}
    try:
        output = prepare("mail.send", given, key=f"letter:{letter_id}").perform()
    except ConnectorError as error:
        if error.done is None or not error.again:
            _failed(letter_id, str(error))
            raise GiveUpError(str(error)) from error
        raise
    return str(output["message_id"])


def _sent(letter_id: str, said: str) -> None:
    with atomic(SYSTEM):
        letter = session().get_one(Letter, UUID(letter_id))
        letter.sent_at, letter.said = clock.now(), said
        if letter.case_id is None:
            letter.to_sealed = letter.facts_sealed = None
            vault.shred(letter.key_id)


def _failed(letter_id: str, said: str) -> None:
    with atomic(SYSTEM):
        letter = session().get_one(Letter, UUID(letter_id))
        # The answer may quote the address, which is sealed beside it.
        letter.failed_at, letter.said = clock.now(), said.replace(letter.to, "…")[:500]
