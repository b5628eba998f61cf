"""Parts that fail while somebody declares: a clear word, nothing lost, nothing doubled."""

import socket
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select, text

from cyberdesk.core import clock, letters
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.events import events
from cyberdesk.core.jobs import bell, delivery, outbox
from cyberdesk.core.letters import Letterhead
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.connectors.service import ensure
from cyberdesk.desk.declarations.models import SENT, Declaration
from cyberdesk.desk.playbooks.models import Run
from tests.desk.connectors.post_office import post_office
from tests.factories.declarations import SHORT

DESK = Letterhead("Centre", "http://localhost", "garde@example.org")


def rows(model):
    with atomic(SYSTEM) as found:
        return found.scalars(select(model)).all()


@contextmanager
def struck(schema, event):
    """Kill the connection's process in PostgreSQL, once, in the middle of what `event` tells."""
    left = [True]

    def strike(**_facts):
        if not left:
            return
        left.clear()
        mine = session().scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(schema.replace("+psycopg", "")) as owner:
            owner.execute("SELECT pg_terminate_backend(%s, 2000)", (mine,))

    events.subscribe(event, strike)
    try:
        yield left
    finally:
        events._handlers[event].remove(strike)


@pytest.mark.parametrize("event", ["case:opened", "case:told"])
def test_a_connection_killed_while_it_is_sent_leaves_nothing_half(visitor, schema, event):
    visitor.begin()
    visitor.answer(SHORT)
    with struck(schema, event) as left:
        answer = visitor.post("/declarer/relire")
    assert not left, "nothing was struck"
    assert answer.status_code == 503
    assert "La base de données ne répond pas" in answer.text
    assert rows(Case) == []
    [draft] = rows(Declaration)
    assert draft.state != SENT
    visitor.send()
    visitor.post("/declarer/relire")
    assert len(rows(Case)) == 1
    assert len(rows(Run)) == len({run.case_id for run in rows(Run)}) <= 1


def test_the_mail_server_is_down_and_its_letter_leaves_once_it_is_back(visitor):
    kept = letters.letterhead()
    letters.use(DESK)
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    try:
        set_up_mail(port)
        visitor.begin()
        visitor.answer(SHORT)
        assert visitor.send().status_code == 200
        now = clock.now()
        for hours in (0, 1, 2):
            with clock.using(clock.still(now + timedelta(hours=hours))):
                delivery.drain()
        assert len(rows(Case)) == 1
        with post_office() as office:
            set_up_mail(office.port)
            for hours in (5, 6):
                with clock.using(clock.still(now + timedelta(hours=hours))):
                    delivery.drain()
            arrived = [one for mail in office.mails for one in mail.rcpt_tos]
    finally:
        letters.use(kept)
    assert arrived.count("garde@example.org") == 1


def set_up_mail(port):
    given = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "c@example.org"}
    with atomic(SYSTEM):
        ensure("mail", given, {})


def test_a_queue_emptied_under_way_loses_no_work(visitor, valkey_server):
    """Whatever stood in Redis is forgotten; what is to be done stands in PostgreSQL."""
    from redis import Redis

    outbox.use(bell.Bell(valkey_server.dsn).ring)
    try:
        visitor.begin()
        visitor.answer(SHORT)
        visitor.send()
        with Redis.from_url(valkey_server.dsn) as queue:
            queue.flushall()
        delivery.drain()
    finally:
        outbox.use(None)
    assert len(rows(Case)) == 1
    waiting = "SELECT count(*) FROM outbox WHERE delivered_at IS NULL AND due_at <= now()"
    with atomic(SYSTEM) as found:
        assert found.scalar(text(waiting)) == 0
