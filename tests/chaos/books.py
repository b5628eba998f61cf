"""What the house's own database says, read by its owner in plain SQL, past every service."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

_SENDER = "cyberdesk.invalid"  # domain of CYBERDESK_MAIL_FROM's default
_LETTER_TO = "chaos@example.org"  # playbook.yaml
_TO_VERIFY = """
    SELECT t.id, e.action, e.key FROM tasks t JOIN playbook_runs r ON r.id = t.run_id
      JOIN LATERAL (SELECT action, key FROM playbook_effects e WHERE e.run_id = t.run_id
                       AND e.path = t.path ORDER BY ticket DESC LIMIT 1) e ON true
     WHERE t.state = 'open' AND t.kind = 'verify' AND r.name = 'chaos'
       AND t.opened_at < now() - %s * interval '1 second'
"""
_HELD = """
    SELECT id, token, leased_until FROM playbook_effects WHERE status = 'leased'
    UNION ALL
    SELECT id, token, leased_until FROM outbox
     WHERE delivered_at IS NULL AND failed_at IS NULL AND leased_until > now()
"""
_DUE = """
    SELECT count(*) FROM playbook_effects WHERE status = 'due' AND due_at <= now()
"""
_STILL_HELD = """
    SELECT count(*)
      FROM unnest(%(ids)s::uuid[], %(tokens)s::uuid[], %(until)s::timestamptz[])
           AS was (id, token, until)
      LEFT JOIN playbook_effects e
             ON e.id = was.id AND e.token = was.token AND e.leased_until <= was.until
      LEFT JOIN outbox m
             ON m.id = was.id AND m.token = was.token AND m.leased_until <= was.until
     WHERE e.id IS NOT NULL OR m.id IS NOT NULL
"""
# Counted, not compared with an instant: the clock may have been set meanwhile.
_ENDED = "SELECT count(*) FROM playbook_effects WHERE ended_at IS NOT NULL AND status <> 'lost'"


@dataclass(frozen=True)
class Verification:
    """A question whether an unsafe effect happened; `counted_as` is its key at the far end."""

    task_id: UUID
    kind: str
    counted_as: str


@dataclass(frozen=True)
class UnderWay:
    """What was held at an instant, by which tokens, until when; whether more waited for a hand."""

    ended: int = 0  # effects until then
    ids: Sequence[UUID] = ()
    tokens: Sequence[UUID] = ()
    until: Sequence[datetime] = ()
    waiting: bool = False
    known: bool = True  # False: the server was away when asked

    def __bool__(self) -> bool:
        return self.known


class Books:
    """A connection anew for each question: the server is killed now and then."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def ask(self, sql: str, given: Any = None) -> list[tuple[Any, ...]]:
        """Return the rows. Raises psycopg.OperationalError while the server is away."""
        with psycopg.connect(self._dsn, connect_timeout=3) as connection:
            return connection.execute(sql, given).fetchall()  # type: ignore[arg-type]

    def number(self, sql: str, given: Any = None) -> int:
        return int(self.ask(sql, given)[0][0])

    def to_verify(self, *, older_than: float) -> list[Verification]:
        try:
            rows = self.ask(_TO_VERIFY, (older_than,))
        except psycopg.OperationalError:
            return []
        return [
            Verification(task, kind_of(action), counted_as(action, key))
            for task, action, key in rows
        ]

    def under_way(self) -> UnderWay:
        """Return what is held and due now, so that one can see it go on after a kill."""
        try:
            ended, held, due = self.number(_ENDED), self.ask(_HELD), self.number(_DUE)
        except psycopg.OperationalError:
            return UnderWay(known=False)
        ids, tokens, until = ([row[n] for row in held] for n in range(3))
        return UnderWay(ended, ids, tokens, until, due > 0)

    def goes_on(self, was: UnderWay) -> bool:
        """Say whether all that was held then is done or in living hands, and more has been done.

        A hand lives when it is another than then, or has renewed its lease since.
        """
        given = {"ids": list(was.ids), "tokens": list(was.tokens), "until": list(was.until)}
        try:
            if self.number(_STILL_HELD, given):
                return False
            return not was.waiting or self.number(_ENDED) > was.ended
        except psycopg.OperationalError:
            return False


def kind_of(action: str) -> str:
    """Return how the far end names an action: chaos.blind is `blind`, mail.send is `mail`."""
    return action.split(".")[1] if action.startswith("chaos.") else "mail"


def counted_as(action: str, key: str) -> str:
    """Return the key under which the far end counts: a mail by the Message-ID made from the key."""
    if action.startswith("chaos."):
        return key
    digest = hashlib.sha256(f"{key}|{_LETTER_TO}".encode()).hexdigest()[:32]
    return f"<{digest}@{_SENDER}>"
