"""How fast one network may do a thing. Never a refusal for good: a wait, short and capped.

A leaky bucket kept in PostgreSQL (GCRA, ITU-T I.371 annex A), so that it holds with Redis away and
over many web hosts. Whoever shares a network with a flood waits at most `longest`, then passes.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.tokens import token_hash
from cyberdesk.core.db import session
from cyberdesk.desk.declarations.models import Pace

_HOST_BITS_V6 = 64  # one household or town hall has at least a /64 (RFC 6177)


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then one `every` so often; nobody is made to wait more than `longest`."""

    name: str
    burst: int
    every: timedelta
    longest: timedelta


STARTS = Rate("start", burst=10, every=timedelta(seconds=12), longest=timedelta(seconds=45))
CODES = Rate("code", burst=6, every=timedelta(seconds=20), longest=timedelta(minutes=10))


def network_of(address: str) -> str:
    """Return the network that `address` stands for: itself, or the /64 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _HOST_BITS_V6), strict=False))
    return str(found)


def network_hash(address: str) -> bytes:
    """Return the peppered hash under which a network is remembered; the address itself never is."""
    return token_hash(network_of(address), purpose="network", peppers=vault.peppers())


def delay(rate: Rate, network: bytes) -> timedelta:
    """Count one more act of `network`; return how long it must wait, zero for most.

    The act is counted whether or not it waits, so that a flood is delayed more and more.
    """
    now = clock.now()
    head = (rate.burst - 1) * rate.every
    later = func.greatest(Pace.next_at, literal(now)) + rate.every
    reached = _write(rate, network, now, func.least(later, literal(now + head + rate.longest)))
    assert reached is not None
    return max(reached - rate.every - head - now, timedelta())


def admit(rate: Rate, network: bytes) -> timedelta:
    """Return zero and count the act, or how long `network` must wait before it may try again.

    Trying too early is not counted: whoever is impatient does not wait longer for it.
    """
    now = clock.now()
    head = (rate.burst - 1) * rate.every
    later = func.greatest(Pace.next_at, literal(now)) + rate.every
    free = Pace.next_at <= now + head
    if _write(rate, network, now, later, only=free) is not None:
        return timedelta()
    reached = session().scalars(select(Pace.next_at).where(Pace.key == _key(rate, network))).one()
    return reached - head - now


def forget_idle() -> int:
    """Drop the paces of networks that have nothing to wait for any more; return how many."""
    gone = session().execute(delete(Pace).where(Pace.next_at < clock.now()))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _write(
    rate: Rate, network: bytes, now: datetime, later: Any, *, only: Any = None
) -> datetime | None:
    counted = (
        insert(Pace)
        .values(key=_key(rate, network), next_at=now + rate.every)
        .on_conflict_do_update(index_elements=[Pace.key], set_={"next_at": later}, where=only)
        .returning(Pace.next_at)
    )
    return session().execute(counted).scalar_one_or_none()


def _key(rate: Rate, network: bytes) -> bytes:
    return rate.name.encode() + b":" + network
