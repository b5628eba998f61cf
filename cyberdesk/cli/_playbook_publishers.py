"""`playbook publisher`: the house's own signing key for playbooks, and the keys that it knows."""

from pathlib import Path
from uuid import UUID

import click

from cyberdesk.cli._attached import data_option, house
from cyberdesk.cli._playbook import Unusable, lang_option, read
from cyberdesk.core.text import _


@click.group("publisher")
def publisher() -> None:
    """Who signs playbooks: this house, and those whose keys it knows."""


@publisher.command("list")
@lang_option
@data_option
def listed(data: Path) -> None:
    """Show every key: its id, its thumbprint, whose it is, since when."""
    from cyberdesk.core.access import system
    from cyberdesk.core.crypto.jose import read_public
    from cyberdesk.core.db import atomic
    from cyberdesk.core.db.rls import SYSTEM
    from cyberdesk.desk.playbooks import publishers

    with house(data), atomic(SYSTEM):
        for row in publishers.publishers(system("command line")):
            sort = "ours" if row.ours else "trusted"
            state = f"{sort} until {row.ended_at:%Y-%m-%d}" if row.ended_at else sort
            key = read_public(row.public_key).thumbprint
            click.echo(f"{row.id}  {key}  {row.name}  {row.added_at:%Y-%m-%d}  {state}")


@publisher.command("trust")
@lang_option
@data_option
@click.option("--as", "name", required=True, help="Whose key it is.")
@click.argument("pem", type=click.Path(path_type=Path))
def trust(data: Path, name: str, pem: Path) -> None:
    """Know the public key or certificate in PEM: what it signs is shown as theirs."""
    from cyberdesk.core.access import system
    from cyberdesk.core.db import atomic
    from cyberdesk.core.db.rls import SYSTEM
    from cyberdesk.core.errors import InvalidError
    from cyberdesk.desk.playbooks import publishers

    given = read(pem).decode("ascii", "replace")
    try:
        with house(data), atomic(SYSTEM):
            row = publishers.trust(system("command line"), name=name, pem=given)
            click.echo(str(row.id))
    except InvalidError as refusal:
        raise Unusable(refusal.message) from None


@publisher.command("distrust")
@lang_option
@data_option
@click.argument("identifier", metavar="ID", type=click.UUID)
def distrust(data: Path, identifier: UUID) -> None:
    """Know a key no more."""
    from cyberdesk.core.access import system
    from cyberdesk.core.db import atomic
    from cyberdesk.core.db.rls import SYSTEM
    from cyberdesk.core.errors import InvalidError
    from cyberdesk.desk.playbooks import publishers

    actor = system("command line")
    try:
        with house(data), atomic(SYSTEM):
            every = {row.id: row for row in publishers.publishers(actor)}
            if identifier not in every:
                raise Unusable(_("There is no such key: `publisher list` shows them."))
            publishers.distrust(actor, every[identifier])
    except InvalidError as refusal:
        raise Unusable(refusal.message) from None


@publisher.command("renew")
@lang_option
@data_option
def renew(data: Path) -> None:
    """Sign with a new key from now on; what the old one signed stays known."""
    from cyberdesk.core.access import system
    from cyberdesk.core.db import atomic
    from cyberdesk.core.db.rls import SYSTEM
    from cyberdesk.desk.playbooks import publishers

    with house(data), atomic(SYSTEM):
        row = publishers.renew(system("command line"))
        click.echo(row.public_key, nl=False)
