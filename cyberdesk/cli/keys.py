from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import func, select

from cyberdesk.cli._attached import data_option, house
from cyberdesk.core.audit.checkpoints import signer
from cyberdesk.core.audit.key_files import open_signer, renew_signer
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.crypto.keyring_file import KeyringFile
from cyberdesk.core.crypto.models import DataKey
from cyberdesk.core.crypto.secret_file import SecretError
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM


@click.group("keys")
def command() -> None:
    """The keys that protect what is sealed. Keep a copy of them apart from the backups."""


@command.command("generate")
@click.option("--host", default="", help="The public host name: part of the journal's own name.")
@click.option(
    "--into",
    default="data/secrets",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
)
def generate(host: str, into: Path) -> None:
    """Make the keyring and the journal's signing key of a new installation."""
    if (into / "keyring.json").exists() or (into / "journal.key").exists():
        raise SecretError(f"there are keys in {into} already: they are kept")
    Keyring.generate().write(into / "keyring.json")
    made = open_signer(into / "journal.key", host=host, create=True)
    click.echo(f"Made {into}/keyring.json and {into}/journal.key: keep copies of both.")
    click.echo(f"The journal's public key, for those who will verify it:\n{made.verifier}")


@command.command("status")
@data_option
def status(data: Path) -> None:
    """Show which keys wrap how many data keys."""
    with house(data):
        ring, used, destroyed = _ring(), *_counts()
        for number, key_id in enumerate(ring.wrapping_ids()):
            state = "current" if number == 0 else "old"
            click.echo(f"{key_id}  {state:<8}{used.pop(str(key_id), 0):>8} data keys")
        for missing, count in used.items():
            click.echo(f"{missing}  MISSING {count:>8} data keys cannot be opened: put it back")
        click.echo(f"destroyed: {destroyed} data keys")
        click.echo(f"journal's public key: {signer().verifier}")


@command.command("renew-signing")
@click.option("--host", default="", help="The public host name: part of the journal's own name.")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def renew_signing(path: Path, host: str) -> None:
    """Put a new signing key in place of the one at PATH, whose public key is kept beside it.

    The house may run meanwhile: processes that share the file sign with the new one at once.
    """
    made = renew_signer(path, host=host)
    click.echo(f"Made {path}; {path.with_suffix('.earlier')} holds the public keys before it.")
    click.echo(f"Keep copies of both. Give the new public key to the witnesses:\n{made.verifier}")


@command.command("rotate")
@data_option
def rotate(data: Path) -> None:
    """Wrap every data key under a fresh key. The house may run meanwhile."""
    with house(data):
        ring = _ring()
        ring.rotate()
        click.echo(f"{vault.rewrap_all()} data keys are now under {ring.current_id}")
        click.echo(f"Keep a new copy of {ring.path}; older backups still need the old keys.")


@command.command("retire")
@data_option
@click.argument("key_id", type=click.UUID)
def retire(data: Path, key_id: UUID) -> None:
    """Take an old key out of the keyring, once nothing is wrapped by it."""
    with house(data):
        used, _ = _counts()
        if used.get(str(key_id)):
            raise SecretError(f"{used[str(key_id)]} data keys still need it: run keys rotate")
        _ring().retire(key_id)
        click.echo(f"{key_id} is out. Backups made while it was in use need a copy of it.")


def _ring() -> KeyringFile:
    ring = vault.keyring()
    if isinstance(ring, KeyringFile):
        return ring
    raise SecretError("the keyring is in CYBERDESK_KEYRING: change it where that is set")


def _counts() -> tuple[dict[str, int], int]:
    """Return how many data keys each wrapping key wraps, and how many were destroyed."""
    with atomic(SYSTEM) as session:
        living = select(DataKey.kek_id, func.count().label("keys")).where(
            DataKey.wrapped.is_not(None)
        )
        used = {row.kek_id: row.keys for row in session.execute(living.group_by(DataKey.kek_id))}
        gone = select(func.count()).where(DataKey.destroyed_at.is_not(None))
        return used, session.scalar(gone) or 0
