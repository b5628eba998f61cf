import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

import click

from cyberdesk.cli._attached import data_option, database_dsn, house
from cyberdesk.core.audit import exported, proof, stored
from cyberdesk.core.audit.key_files import earlier_keys
from cyberdesk.core.audit.signed_note import find_note, is_signed_by
from cyberdesk.core.audit.verify import TamperedError, UncheckedError, Verdict
from cyberdesk.core.crypto.secret_file import SecretError
from cyberdesk.core.crypto.signing import KeyFormatError, Signer, Verifier
from cyberdesk.core.errors import RefusalError

INTACT, TAMPERED, UNCHECKED = 0, 1, 2


@click.group("audit")
def command() -> None:
    """The journal: check it, sign it, hand out what proves it."""


@command.command("verify")
@data_option
@click.option("--file", "export", type=click.File(), help="An export or a proof to check instead.")
@click.option("--key", "keys", multiple=True, help="The journal's public key, or a file with it.")
@click.option(
    "--checkpoint",
    "witnessed",
    multiple=True,
    type=click.File(),
    help="A checkpoint that a witness has kept, or its letter; may be given several times.",
)
def verify(data: Path, export: TextIO | None, keys: Sequence[str], witnessed: Any) -> None:
    """Check the journal against its signed checkpoints.

    Ends with 0 when it is intact, 1 when it was tampered with, 2 when it could not be checked.
    """
    notes = [find_note(file.read()) for file in witnessed]
    with _verdict():
        if export:
            click.echo(_check_file(export, _verifiers(keys), notes))
            return
        known = _verifiers(keys) or _own_keys(data)
        with database_dsn(data) as dsn:
            checked = stored.check(dsn, known, notes)
        click.echo(_told(checked.verdict, checked.waiting))


@command.command("export")
@data_option
@click.option("--withhold", is_flag=True, help="Leave out names and payloads; it still verifies.")
@click.argument("out", type=click.File("w", lazy=True), default="-")
def export(data: Path, out: TextIO, *, withhold: bool) -> None:
    """Write the whole journal to OUT, to be verified anywhere with the public key."""
    with _verdict(), database_dsn(data) as dsn, stored.connect(dsn) as connection:
        exported.write_export(
            out,
            size=stored.size(connection),
            notes=stored.notes(connection),
            entries=stored.entries(connection, withhold=withhold),
        )


@command.command("checkpoint")
@data_option
def sign(data: Path) -> None:
    """Sign the journal as it is now and print the checkpoint, for a witness to keep."""
    from cyberdesk.core.access import system
    from cyberdesk.core.audit import verdicts
    from cyberdesk.core.audit.checkpoints import JournalBrokenError, checkpoint

    with _verdict(), house(data):
        try:
            click.echo(checkpoint().note, nl=False)
        except JournalBrokenError as error:
            verdicts.keep(system("command line"), fault=str(error))
            raise TamperedError(None, str(error)) from error


@command.command("prove")
@data_option
@click.option("--open", "opens", is_flag=True, help="Show what the entry's sealed payload says.")
@click.argument("seq", type=click.IntRange(0))
def prove(data: Path, seq: int, *, opens: bool) -> None:
    """Print the proof that entry SEQ stands in the signed journal, and nothing of the others."""
    from cyberdesk.core.audit.prove import prove_entry

    with _verdict(), house(data), database_dsn(data) as dsn:
        click.echo(exported.as_line(prove_entry(dsn, seq, opens=opens)), nl=False)


@command.command("key")
@data_option
def key(data: Path) -> None:
    """Print the journal's public key: give it to those who will verify."""
    with _verdict():
        click.echo(str(_own_keys(data)[0]))


@command.command("keys")
@data_option
def keys(data: Path) -> None:
    """Print every public key that has signed the journal, and when; the present one first."""
    with _verdict():
        known = _own_keys(data)
        with database_dsn(data) as dsn, stored.connect(dsn) as connection:
            signed = stored.signings(connection)
    for key in known:
        times = [at for at, note in signed if is_signed_by(note, key)]
        since = f"{min(times):%Y-%m-%d %H:%M}Z to {max(times):%Y-%m-%d %H:%M}Z" if times else "-"
        click.echo(f"{key}  signed {len(times)} checkpoint(s): {since}")
    strange = [at for at, note in signed if not any(is_signed_by(note, key) for key in known)]
    if strange:
        click.echo(f"MISSING: the key that signed {len(strange)} checkpoint(s): put it back")


@contextmanager
def _verdict() -> Iterator[None]:
    """End with the code that scripts rely on."""
    try:
        yield
    except TamperedError as error:
        click.echo(f"TAMPERED: {error}", err=True)
        sys.exit(TAMPERED)
    except (UncheckedError, SecretError, KeyFormatError, RefusalError) as error:
        click.echo(f"Not checked: {error}", err=True)
        sys.exit(UNCHECKED)


def _check_file(file: TextIO, keys: Sequence[Verifier], notes: Sequence[str]) -> str:
    opening = file.readline()
    content = exported.parse(opening, "line 1")
    if content.get("format") == proof.FORMAT:
        return _told_proof(proof.check_proof(content, keys))
    return _told(exported.check_export(chain([opening], file), keys, notes))


def _told(verdict: Verdict, waiting: int = 0) -> str:
    lines = [
        f"Intact: {verdict.signed} entries as signed by {verdict.checkpoints} checkpoint(s).",
        f"Head of all {verdict.size}: {exported.encode(verdict.head)}",
    ]
    unsigned = verdict.size - verdict.signed + waiting
    return "\n".join([*lines, f"Not signed yet: {unsigned}."] if unsigned else lines)


def _told_proof(proved: proof.Proved) -> str:
    shown = {"header": proved.header, "payload": proved.payload}
    return (
        f"Proved: entry {proved.seq} of a journal of {proved.size} signed entries says\n"
        + json.dumps(shown, ensure_ascii=False, indent=1)
    )


def _verifiers(given: Sequence[str]) -> list[Verifier]:
    return [Verifier.parse(_text_or_file(text)) for text in given]


def _text_or_file(text: str) -> str:
    return Path(text).read_text() if Path(text).is_file() else text


def _own_keys(data: Path) -> list[Verifier]:
    """Return the keys beside the data: who can change both proves nothing to others by them."""
    import os

    path = Path(os.environ.get("CYBERDESK_SIGNING_KEY_FILE") or data / "secrets" / "journal.key")
    return [Signer.load(path).verifier, *earlier_keys(path)]
