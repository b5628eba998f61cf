from pathlib import Path

import click

import cyberdesk.migrations
from cyberdesk.core.db.schema import statements
from cyberdesk.rooms import rooms

_GROUND = Path(cyberdesk.migrations.__file__).parent / "versions" / "0001_ground.sql"


@click.group("schema")
def command() -> None:
    """For developers: the schema's migrations."""


@command.command("draft")
def draft() -> None:
    """Write 0001_ground.sql anew from the models. Only until the first release is out."""
    rooms()
    _GROUND.write_text("\n--;\n".join(statements()) + "\n")
