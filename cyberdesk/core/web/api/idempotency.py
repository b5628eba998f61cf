"""`Idempotency-Key`: a request that is sent again is answered again, not done again.

The row is written first, in the request's own transaction: of two that run at once the second
waits for the first to commit. What was refused was rolled back, so it may be tried again.
"""

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.crypto import aead, tokens, vault
from cyberdesk.core.crypto.aead import Key, Place
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, InvalidError
from cyberdesk.core.ids import new_id
from cyberdesk.core.text import _
from cyberdesk.core.web.identity import actor
from cyberdesk.core.web.models import StoredAnswer

_SHORTEST, _LONGEST = 16, 128
_HEADERS = ("Content-Type", "Location", "ETag")


def once(answer: Callable[..., Response]) -> Callable[..., Response]:
    """Wrap a view so that it honours the request's Idempotency-Key, if there is one."""

    @functools.wraps(answer)
    def serve(**given: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return answer(**given)
        name = _name(key)
        row_id = _reserve(name)
        if row_id is None:
            return _replay(name)
        response = answer(**given)
        _keep(row_id, name, response)
        return response

    return serve


def _name(key: str) -> str:
    """The key as its client meant it: another client's equal key is another one."""
    if not _SHORTEST <= len(key) <= _LONGEST or not key.isascii() or not key.isprintable():
        raise InvalidError(
            _("The Idempotency-Key must have 16 to 128 printable characters."),
            hint=_("Use a new random UUID for each act."),
        )
    who = actor()
    return json.dumps([who.kind, str(who.id or request.remote_addr), key])


def _reserve(name: str) -> UUID | None:
    row_id = new_id()
    values = {
        "id": row_id,
        "key_hash": _hash(name),
        "request_hash": _request_hash(),
        "created_at": clock.now(),
    }
    mine = insert(StoredAnswer).values(values).on_conflict_do_nothing()
    with seeing(SYSTEM):
        return session().scalar(mine.returning(StoredAnswer.id))


def _replay(name: str) -> Response:
    with seeing(SYSTEM):
        row = (
            session()
            .scalars(select(StoredAnswer).where(StoredAnswer.key_hash == _hash(name)))
            .one()
        )
    if row.request_hash != _request_hash() or row.answer_sealed is None:
        raise ConflictError(
            _("This Idempotency-Key was used for another request."),
            hint=_("Use a new key for a new request."),
        )
    kept = _opened(row.id, name, row.answer_sealed)
    response = Response(kept["body"], kept["status"], kept["headers"])
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _keep(row_id: UUID, name: str, response: Response) -> None:
    headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    kept = {"status": response.status_code, "headers": headers, "body": response.get_data(True)}
    key = _keys(row_id, name)[0]
    sealed = aead.seal(json.dumps(kept).encode(), key=key, place=_place(row_id))
    with seeing(SYSTEM):
        row = session().get_one(StoredAnswer, row_id)
        row.answer_sealed = sealed


def _opened(row_id: UUID, name: str, sealed: bytes) -> dict[str, Any]:
    for key in _keys(row_id, name):
        with contextlib.suppress(aead.SealError):
            kept: dict[str, Any] = json.loads(aead.unseal(sealed, key=key, place=_place(row_id)))
            return kept
    raise ConflictError(_("The answer to this Idempotency-Key can no longer be read."))


def _keys(row_id: UUID, name: str) -> list[Key]:
    """Derived from what the client alone holds, and each pepper: the database opens nothing."""
    secrets = tokens.token_hashes(name, purpose="idempotency", peppers=vault.peppers())
    return [Key(row_id, secret) for secret in secrets]


def _place(row_id: UUID) -> Place:
    return Place("stored_answers", str(row_id), "answer_sealed")


def _hash(name: str) -> bytes:
    return hashlib.sha256(b"idempotency\x00" + name.encode()).digest()


def _request_hash() -> bytes:
    spelled = f"{request.method} {request.full_path}\n".encode() + request.get_data()
    return hashlib.sha256(spelled).digest()
