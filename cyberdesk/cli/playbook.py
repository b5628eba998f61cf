"""Playbooks as files, without a server; `publish` needs the house."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cyberdesk.cli._attached import data_option, house
from cyberdesk.cli._playbook import (
    FINDINGS,
    Unusable,
    check,
    files,
    lang_option,
    read,
    tell,
    understood,
    write,
)
from cyberdesk.cli._playbook_publishers import publisher
from cyberdesk.cli._playbook_signatures import sign, verify
from cyberdesk.cli._playbook_simulate import simulate
from cyberdesk.core.text import _

if TYPE_CHECKING:
    from cyberdesk.desk.playbooks.language.compiled import Compiled

_FILE = click.Path(path_type=Path)


@click.group("playbook")
def command() -> None:
    """Playbooks: check, try, exchange, sign and publish them.

    Ends with 0 when all is good, 1 when something was found or does not hold, 2 when it could not
    be begun.
    """


command.add_command(sign)
command.add_command(verify)
command.add_command(simulate)
command.add_command(publisher)


def _to_option(text: str) -> Callable[..., Any]:
    return click.option("--to", "target", required=True, type=_FILE, help=text)


_force = click.option("--force", is_flag=True, help="Write over a file that is there.")


@command.command("lint")
@lang_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for a code host.",
)
@click.option("--strict", is_flag=True, help="Let warnings count as well.")
@click.argument("named", metavar="FILE…", nargs=-1, required=True)
def lint(named: tuple[str, ...], form: str, *, strict: bool) -> None:
    """Check playbooks: files, folders or patterns, together, so that they may call each other."""
    from cyberdesk.desk.playbooks import reports

    checked = check(files(named), offered_here())
    write_as = {"text": reports.as_text, "json": reports.as_json, "sarif": reports.as_sarif}
    click.echo(write_as[form](checked), nl=False)
    if not all(one.good and not (strict and one.findings) for one in checked):
        raise SystemExit(FINDINGS)


def offered_here() -> frozenset[str]:
    """Return what connectors and the house itself offer; manifests tell it without a server."""
    import os

    from cyberdesk.desk.connectors.catalogue import look_in
    from cyberdesk.desk.playbooks.actions import offered
    from cyberdesk.rooms import open_rooms

    if own := os.environ.get("CYBERDESK_CONNECTORS_DIR"):
        look_in(Path(own))
    open_rooms()
    return offered()


@command.command("import")
@lang_option
@_to_option("The file to write: .yaml to mend it, .json to keep it so.")
@_force
@click.argument("source", type=_FILE)
def bring(source: Path, target: Path, *, force: bool) -> None:
    """Take in a CACAO 2.0 playbook from elsewhere, without its secrets.

    Each secret is named, and has to be given to the house again under that name.
    """
    from cyberdesk.desk.playbooks.exchange.bring_in import bring_in
    from cyberdesk.desk.playbooks.language.findings import PlaybookError
    from cyberdesk.desk.playbooks.language.read import compile_playbook

    try:
        brought = bring_in(read(source))
        compiled = compile_playbook(brought.source)
    except PlaybookError as error:
        tell(source, error.findings)
        raise SystemExit(FINDINGS) from None
    _foreign(source, compiled)
    write(target, _written(compiled.cacao, target), force=force)
    tell(source, [*brought.told, *compiled.findings])


@command.command("export")
@lang_option
@_to_option("The CACAO 2.0 file to write, .json or .yaml.")
@_force
@click.argument("source", type=_FILE)
def export(source: Path, target: Path, *, force: bool) -> None:
    """Write a playbook as CACAO 2.0, whichever way it is written."""
    compiled = understood(source)
    write(target, _written(compiled.cacao, target), force=force)
    tell(source, compiled.findings)


def _foreign(source: Path, compiled: "Compiled") -> None:
    from cyberdesk.desk.playbooks.language.compiled import STANDARD

    if compiled.notation != STANDARD:
        raise Unusable(
            _("%(path)s is written in our notation: there is nothing to import.", path=str(source))
        )


def _written(cacao: dict[str, Any], target: Path) -> str:
    from cyberdesk.desk.playbooks.exchange.writing import UnfaithfulError, as_json, as_yaml

    try:
        return as_json(cacao) if target.suffix == ".json" else as_yaml(cacao)
    except UnfaithfulError as error:
        why = str(error)
        raise Unusable(
            _("This cannot be written so that it reads back equal: %(why)s", why=why)
        ) from None


@command.command("diff")
@lang_option
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
def diff(old: Path, new: Path) -> None:
    """Say in words what differs between two versions, step by step; 1 when anything does."""
    from cyberdesk.desk.playbooks.comparing import compare
    from cyberdesk.desk.playbooks.shown.differences import lines

    found = compare(understood(old).cacao, understood(new).cacao)
    for line in lines(found):
        click.echo(line)
    if not found.same:
        raise SystemExit(FINDINGS)


@command.command("graph")
@lang_option
@click.option("--to", "target", type=_FILE, help="An .svg or .mermaid file; else it is printed.")
@_force
@click.argument("source", type=_FILE)
def graph(source: Path, target: Path | None, *, force: bool) -> None:
    """Draw a playbook: as a picture, or in Mermaid's words."""
    from cyberdesk.core.text import bilingual
    from cyberdesk.desk.playbooks.program import read_program
    from cyberdesk.desk.playbooks.shown.diagram import chapters, mermaid, svg

    try:
        program = read_program(understood(source).cacao)
        parts = chapters(program)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unusable(
            _("%(path)s is too broken to be drawn: see `lint`.", path=str(source))
        ) from error
    if target is None:
        click.echo(mermaid(parts), nl=False)
        return
    drawn = svg(parts, bilingual(program.title)) if target.suffix == ".svg" else mermaid(parts)
    write(target, drawn, force=force)


@command.command("publish")
@lang_option
@data_option
@click.argument("named", metavar="FILE…", nargs=-1, required=True)
def publish(data: Path, named: tuple[str, ...]) -> None:
    """Publish playbooks in the house of --data, all of them or none."""
    from cyberdesk.core.db import atomic
    from cyberdesk.core.db.rls import SYSTEM

    waiting = {str(path): read(path).decode("utf-8", "replace") for path in files(named)}
    with house(data), atomic(SYSTEM):
        said = list(_published(waiting))
    for line in said:
        click.echo(line)


def _published(waiting: dict[str, str]) -> Iterator[str]:
    """Publish each, those first that others call. Nothing is kept when one is refused."""
    from cyberdesk.core.access import system
    from cyberdesk.desk.playbooks.versions import RefusedPlaybookError, publish

    while waiting:
        refused: dict[str, RefusedPlaybookError] = {}
        for path, source in waiting.items():
            try:
                made = publish(system("command line"), source=source)
                yield f"{path}: {made.name} {made.hash}"
            except RefusedPlaybookError as error:
                refused[path] = error
        if len(refused) == len(waiting):
            for path, refusal in refused.items():
                tell(Path(path), refusal.findings)
            raise SystemExit(FINDINGS)
        waiting = {path: waiting[path] for path in refused}
