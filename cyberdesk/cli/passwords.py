import gzip
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from cyberdesk.cli._attached import data_option, house
from cyberdesk.core.access import breached, system
from cyberdesk.core.access.breached_import import import_breached
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.process import settings


@click.group("passwords")
def command() -> None:
    """The list of breached passwords, which nobody may choose."""


@command.command("import")
@data_option
@click.option("--words", is_flag=True, help="SOURCE holds the passwords themselves.")
@click.option("--least", default=1, show_default=True, help="Only those seen so often.")
@click.argument("source", type=click.Path(exists=True, path_type=Path, allow_dash=True))
def load(data: Path, source: Path, *, words: bool, least: int) -> None:
    """Take in SOURCE (`-`: standard input, `.gz` too): lines of SHA-1, `HASH` or `HASH:COUNT`.

    The list that was there before is replaced, once the new one is whole.
    """
    with house(data), _opened(source) as lines, atomic(SYSTEM):
        into = settings().breached_file
        held = import_breached(
            system("command line"), lines=lines, into=into, words=words, least=least
        )
    click.echo(f"{held} breached passwords are refused from now on: {into}")


@command.command("status")
@data_option
def status(data: Path) -> None:
    """Say how many breached passwords are refused."""
    with house(data):
        held = breached.count()
    click.echo(
        "There is no list of breached passwords: see `cyberdesk passwords import --help`."
        if held is None
        else f"{held} breached passwords are refused."
    )


def _opened(source: Path) -> AbstractContextManager[Iterable[bytes]]:
    if str(source) == "-":
        return nullcontext(sys.stdin.buffer)
    return gzip.open(source) if source.suffix == ".gz" else source.open("rb")
