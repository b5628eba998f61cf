"""A page with a form that does something: shown, refused with what was typed, or done."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ConflictError, InvalidError, RefusalError
from cyberdesk.core.web.forms import Form

Answer = Response | str | tuple[str, int]
Page = Callable[[RefusalError | None], str]


def act(
    form: Form,
    *,
    page: Page,
    do: Callable[[], Any],
    done: Callable[[Any], Response],
    refused: tuple[type[RefusalError], ...] = (InvalidError, ConflictError),
) -> Answer:
    """Show `page` until the form is sent and fits, then `do` it, and answer with `done` of it.

    What a service refuses (one of `refused`) is said on the same page, with what was typed and at
    the fields it is about; nothing was written.
    """
    if not form.accepted():
        return page(None), HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    try:
        found = do()
        session().flush()
    except refused as refusal:
        doom()
        if isinstance(refusal, InvalidError):
            form.blame(refusal)
        return page(refusal), refusal.status
    return done(found)
