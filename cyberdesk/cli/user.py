import click

from cyberdesk import process
from cyberdesk.core.access import system
from cyberdesk.core.access.people import service
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM


@click.group("user")
def command() -> None:
    """The accounts of people."""


@command.command("first-admin")
def first_admin() -> None:
    """Make a link that opens once, within a day, and makes its first comer the administrator."""
    process.start(pool_size=4)
    address = first_administrator()
    click.echo(address or "There is an administrator already. They invite the others.")


def first_administrator() -> str | None:
    """Return the address for the first administrator, None where there is one."""
    with atomic(SYSTEM):
        return service.invite_first_administrator(system("command line"))
