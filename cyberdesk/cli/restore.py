import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from cyberdesk.cli._attached import data_option, owner_dsn
from cyberdesk.cli.backup import files_of, secret_paths
from cyberdesk.core import clock
from cyberdesk.core.audit import stored
from cyberdesk.core.audit.verify import TamperedError, UncheckedError
from cyberdesk.core.backup.manifest import Manifest
from cyberdesk.core.backup.reading import House, Restored, look, read
from cyberdesk.core.backup.recording import journal
from cyberdesk.core.crypto.signing import Signer, Verifier
from cyberdesk.core.db import Database, use
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.text import _
from cyberdesk.migrations import migrate

_KEPT = timedelta(days=30)


@click.command("restore")
@data_option
@click.option("--even-old", is_flag=True, help="Take one older than 30 days all the same.")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(data: Path, archive: Path, *, even_old: bool) -> None:
    """Fill an empty house with what `cyberdesk backup` wrote, and check that all of it came.

    Nothing is overwritten: name an empty data folder, or an empty database. What was erased since
    is erased again, as far as erased.json beside ARCHIVE knows it.
    """
    manifest = look(archive)
    if clock.now() - manifest.made_at > _KEPT and not even_old:
        raise ConflictError(
            _("This backup is older than 30 days: what was erased since may come back with it."),
            hint=_("If it must be so, repeat with --even-old, then erase those cases again."),
        )
    click.echo(f"Made {manifest.made_at:%Y-%m-%d %H:%M} UTC by release {manifest.release}.")
    with owner_dsn(data, create=True) as dsn:
        restored = read(archive, House(dsn, files_of(data), data / "secrets"))
        migrate(dsn)
        whole, verdict = _check_journal(data, dsn, manifest)
        whole = _tell(restored) & whole
        _journal(dsn, restored, archive, verdict)
    sys.exit(0 if whole else 1)


def _journal(dsn: str, restored: Restored, archive: Path, verdict: dict[str, Any]) -> None:
    """Note it in the restored journal itself."""
    opened = Database(dsn, pool_size=1)
    use(opened)
    try:
        journal(restored, archive=archive.name, verdict=verdict)
    finally:
        use(None)
        opened.close()
    click.echo("The journal has an entry of this restore.")


def _tell(restored: Restored) -> bool:
    rows = sum(restored.manifest.rows.values())
    click.echo(f"Restored {rows} rows and {restored.files} files.")
    if restored.secrets:
        click.echo(f"Restored the keys: {', '.join(sorted(restored.secrets))}.")
    if restored.erased:
        click.echo(f"Erased again {restored.erased} data keys that were erased since.")
    for table, (told, found) in restored.lacking.items():
        click.echo(f"NOT WHOLE: {table} held {told} rows, {found} came.", err=True)
    if restored.missing:
        click.echo(f"NOT WHOLE: {restored.missing} files are missing.", err=True)
    return not restored.lacking and not restored.missing


def _check_journal(data: Path, dsn: str, manifest: Manifest) -> tuple[bool, dict[str, Any]]:
    """Verify against the key of this house, else the one that the backup names.

    What came must be what the backup's last checkpoint signed: size and root hash are compared.
    Returns whether it holds, and what the journal is to say of it.
    """
    path = secret_paths(data)["journal.key"]
    own = Signer.load(path).verifier if path.exists() else None
    if own is None and not manifest.journal_key:
        click.echo("The journal is not checked: put the keys back, then `cyberdesk audit verify`.")
        return True, {"unchecked": "no key"}
    signed = [manifest.checkpoint] if manifest.checkpoint else []
    try:
        checked = stored.check(dsn, [own or Verifier.parse(manifest.journal_key)], signed)
    except (TamperedError, UncheckedError) as error:
        click.echo(f"THE JOURNAL IS NOT INTACT: {error}", err=True)
        return False, {"fault": str(error)}
    whose = "your key" if own else "the key that the backup names: compare it with your own copy"
    verdict = checked.verdict
    click.echo(f"The journal is intact: {verdict.size} entries, by {whose}.")
    told = {"size": verdict.size, "signed": verdict.signed, "root": verdict.head.hex()}
    return True, told | {"key": "own" if own else "named by the backup"}
