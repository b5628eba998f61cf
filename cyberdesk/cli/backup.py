import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from cyberdesk.cli._attached import data_option, owner_dsn
from cyberdesk.core import clock
from cyberdesk.core.backup.writing import Source, write
from cyberdesk.core.crypto.secret_file import SecretError
from cyberdesk.core.crypto.signing import Signer

_STAMP = "%Y%m%dT%H%M%SZ"
_OURS = re.compile(r"cyberdesk-(\d{8}T\d{6}Z)\.tar")
_SECRETS = {
    "keyring.json": "CYBERDESK_KEYRING_FILE",
    "journal.key": "CYBERDESK_SIGNING_KEY_FILE",
    "secret_key": "",
}


@click.command("backup")
@data_option
@click.option("--with-keys", is_flag=True, help="Take the keys along: whoever has it reads all.")
@click.option(
    "--keep",
    default=30,
    show_default=True,
    type=click.IntRange(1, 30),
    metavar="DAYS",
    help="In a folder, older backups go: what was erased must not live on in them.",
)
@click.argument("target", type=click.Path(path_type=Path))
def command(data: Path, target: Path, *, with_keys: bool, keep: int) -> None:
    """Write the database and the encrypted files into TARGET: a folder, or a new file.

    The house may run meanwhile. The keys stay out: keep a copy of them elsewhere.
    """
    inside = target.is_dir()
    archive = target / f"cyberdesk-{clock.now():{_STAMP}}.tar" if inside else target
    with owner_dsn(data) as dsn:
        made = write(_source(data, dsn, with_keys=with_keys), archive)
    rows = sum(made.rows.values())
    click.echo(f"Made {archive}: {rows} rows, {made.files} files, {archive.stat().st_size} bytes.")
    click.echo(
        "The keys are in it: whoever has it reads everything."
        if made.keys
        else f"The keys are not in it. Keep a copy of {data / 'secrets'} elsewhere."
    )
    for old in _outlived(target, keep) if inside else ():
        old.unlink()
        click.echo(f"Removed {old}, older than {keep} days.")


def secret_paths(data: Path) -> dict[str, Path]:
    """Return where each secret of the house lies, by the name it has in a data folder."""
    return {
        name: Path(os.environ.get(variable, "") or data / "secrets" / name)
        for name, variable in _SECRETS.items()
    }


def files_of(data: Path) -> Path:
    return Path(os.environ.get("CYBERDESK_FILES_DIR") or data / "files")


def _source(data: Path, dsn: str, *, with_keys: bool) -> Source:
    secrets = {name: path for name, path in secret_paths(data).items() if path.exists()}
    if with_keys and "keyring.json" not in secrets:
        raise SecretError("there is no keyring file to take along: it is in CYBERDESK_KEYRING")
    signing = secrets.get("journal.key")
    key = str(Signer.load(signing).verifier) if signing else ""
    return Source(dsn, files_of(data), key, secrets if with_keys else {})


def _outlived(folder: Path, keep: int) -> list[Path]:
    before = clock.now() - timedelta(days=keep)
    dated = [(path, _OURS.fullmatch(path.name)) for path in sorted(folder.iterdir())]
    return [path for path, found in dated if found and _instant(found[1]) < before]


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
