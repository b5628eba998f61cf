from pathlib import Path

import click

from cyberdesk.cli._attached import data_option, house
from cyberdesk.core.access import system
from cyberdesk.core.access.people import service
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM


@click.group("user")
def command() -> None:
    """The accounts of people."""


@command.command("first-admin")
@data_option
@click.option("--address", default="", help="Where people reach the house: the link begins so.")
def first_admin(data: Path, address: str) -> None:
    """Make a link that opens once, within a day, and makes its first comer the administrator.

    Without --address it begins with CYBERDESK_BASE_URL, else with http://127.0.0.1:8000.
    """
    with house(data, address=address):
        link = first_administrator()
    click.echo(link or "There is an administrator already. They invite the others.")


def first_administrator() -> str | None:
    """Return the address for the first administrator, None where there is one."""
    with atomic(SYSTEM):
        return service.invite_first_administrator(system("command line"))
