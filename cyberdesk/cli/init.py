import json
from typing import Any
from urllib.parse import unquote, urlsplit

import click

from cyberdesk import process
from cyberdesk.cli.user import first_administrator
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.embedded.gate import wait_at
from cyberdesk.desk.connectors.service import ensure
from cyberdesk.migrations import migrate
from cyberdesk.rooms import open_rooms, rooms
from cyberdesk.settings import Settings, read


@click.command("init")
@click.option("--gate", type=int, hidden=True, help="A gate of `up` to wait at once loaded.")
def command(gate: int | None) -> None:
    """Bring the database to this release and load what it ships; harmless when repeated."""
    settings = read()  # first: what is refused is told before anybody waits
    rooms()
    wait_at(gate)
    migrate(settings.owner_url)
    process.start(settings, pool_size=4)
    _set_mail_up(settings)
    for room in open_rooms():
        if room.prepare:
            room.prepare()
    if settings.demo:
        for room in open_rooms():
            for account in room.demo() if room.demo else ():
                _say(account=dict(account))
    elif address := first_administrator():
        _say(first_administrator=address)


def _set_mail_up(settings: Settings) -> None:
    """Give the mail connector the server of the environment, unless one was set up by hand."""
    if not settings.smtp_url:
        return
    url = urlsplit(settings.smtp_url)
    security = {"smtps": "tls", "smtp+starttls": "starttls"}.get(url.scheme, "none")
    given: dict[str, Any] = {
        "host": url.hostname or "127.0.0.1",
        "port": url.port or 25,
        "security": security,
        "sender": settings.mail_from,
    }
    secrets = {"password": unquote(url.password)} if url.password else {}
    if url.username:
        given["username"] = unquote(url.username)
    with atomic(SYSTEM):
        ensure("mail", given, secrets)


def _say(**facts: Any) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False))
