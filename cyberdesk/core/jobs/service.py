"""Deliveries that were given up: tried again, or settled with a reason."""

from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, InvalidError
from cyberdesk.core.events import events
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.text import _


@allowed("delivery:settle")
@recorded("delivery:retry", about="case")
def retry(actor: Actor, message: Message, *, case: Any = None) -> Message:
    """Have a delivery made that was given up, from its first attempt on.

    `case` is the one it belongs to, if any: the journal entry is sealed with its key.
    Raises ConflictError when it does not wait for that.
    """
    _lock(message)
    message.failed_at, message.attempts, message.due_at = None, 0, clock.now()
    events.emit("delivery:retried", topic=message.topic, payload=message.payload)
    return message


@allowed("delivery:settle")
@recorded("delivery:settle", about="case")
def settle(actor: Actor, message: Message, *, reason: str, case: Any = None) -> Message:
    """Give a delivery up for good, and say why. It is forgotten a month later.

    Raises InvalidError without a reason, ConflictError when it does not wait for that.
    """
    if not reason.strip():
        raise InvalidError(_("Say why."), fields={"reason": [_("missing")]})
    _lock(message)
    message.settled_at = clock.now()
    return message


def _lock(message: Message) -> None:
    session().refresh(message, with_for_update=True)
    if message.failed_at is None or message.settled_at is not None:
        raise ConflictError(
            _("This delivery no longer waits for a person."),
            hint=_("Reload the page to see how it stands."),
        )
