from pathlib import Path

import click

from cyberdesk.cli._attached import data_option, house
from cyberdesk.core.access import system
from cyberdesk.core.access.directory.national import import_directory
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM


@click.group("directory")
def command() -> None:
    """The directory of communes and other organisations."""


@command.command("import")
@data_option
@click.argument("source", type=click.Path(exists=True, path_type=Path))
def load(data: Path, source: Path) -> None:
    """Take in all of France from SOURCE, the package @etalab/decoupage-administratif.

    Fetch it with `npm pack @etalab/decoupage-administratif` and give the archive or its folder.
    Repeating it, or giving a newer release, brings the directory up to date.
    """
    with house(data), atomic(SYSTEM):
        changed = import_directory(system("command line"), source=source)
    click.echo(f"{changed} organisations added or changed")
