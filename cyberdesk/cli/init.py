import json
from typing import Any

import click

from cyberdesk import process
from cyberdesk.migrations import migrate
from cyberdesk.rooms import open_rooms
from cyberdesk.settings import read


@click.command("init")
def command() -> None:
    """Bring the database to this release and load what it ships; harmless when repeated."""
    settings = read()
    migrate(settings.owner_url)
    process.start(settings, pool_size=2)
    for room in open_rooms():
        if room.prepare:
            room.prepare()
    if settings.demo:
        for room in open_rooms():
            for account in room.demo() if room.demo else ():
                _say(account=dict(account))


def _say(**facts: Any) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False))
