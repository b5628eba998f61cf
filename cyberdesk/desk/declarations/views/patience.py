"""A turn to begin a declaration: at once for nearly all, after a short wait when a network floods.

Whoever has waited holds a signed ticket that lets them pass, once: nobody is ever turned away.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.db import session
from cyberdesk.desk.declarations import pace
from cyberdesk.desk.declarations.models import Pace

_VALID = timedelta(minutes=15)
_FLOOD_FROM = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Turn:
    """How long to wait, with the ticket to wait with; `flooded` marks who came in a flood."""

    wait: timedelta = timedelta()
    ticket: str = ""
    flooded: bool = False


def turn(network: bytes, ticket: str) -> Turn:
    """Say whether `network` may begin now, counting this try."""
    now = clock.now()
    held = _read(ticket)
    if held is not None:
        nonce, since, flooded = held
        if since > now:
            return Turn(since - now, ticket)
        if now < since + _VALID and _use_up(nonce, now):
            return Turn(flooded=flooded)
    wait = pace.delay(pace.STARTS, network)
    if not wait:
        return Turn()
    return Turn(wait, _write(now + wait, flooded=wait >= _FLOOD_FROM))


def _write(since: datetime, *, flooded: bool) -> str:
    return _signer().dumps([secrets.token_hex(8), since.timestamp(), flooded])


def _read(ticket: str) -> tuple[str, datetime, bool] | None:
    try:
        nonce, since, flooded = _signer().loads(ticket)
    except (BadSignature, ValueError):
        return None
    return nonce, datetime.fromtimestamp(since, tz=UTC), bool(flooded)


def _use_up(nonce: str, now: datetime) -> bool:
    """Say whether the ticket passes for the first time; a second try begins anew."""
    used = insert(Pace).values(key=b"ticket:" + nonce.encode(), next_at=now + _VALID)
    done = session().execute(used.on_conflict_do_nothing().returning(Pace.key))
    return done.first() is not None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="declaration-ticket")
