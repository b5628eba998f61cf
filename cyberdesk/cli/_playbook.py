"""What the commands on playbooks share: the language, files read and written, findings told."""

import glob
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from cyberdesk.core.text import LANGUAGES, Text, _, language, speaking
from cyberdesk.desk.playbooks.language.compiled import Compiled
from cyberdesk.desk.playbooks.language.findings import Finding
from cyberdesk.desk.playbooks.language.nodes import LARGEST
from cyberdesk.desk.playbooks.library import Checked, check_sources

FINDINGS, USAGE = 1, 2
_KINDS = (".yaml", ".yml", ".json")


class Unusable(click.ClickException):  # told as a sentence, not as an error's name
    """What was asked for cannot be begun: a file that is not there, a key that is none."""

    exit_code = USAGE

    def __init__(self, said: Text) -> None:
        super().__init__(str(said))


def lang_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Speak French or English for the length of the command."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=_of_environment,
        show_default="by LC_ALL, LC_MESSAGES, LANG",
        expose_value=False,
        is_eager=True,
        callback=lambda context, _option, tongue: context.with_resource(speaking(tongue)),
        help="Language of what is said.",
    )(command)


def _of_environment() -> str:
    named = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "fr" if next(filter(None, named), "").startswith("fr") else "en"


def files(named: Iterable[str]) -> list[Path]:
    """Return the files that are named, in folders or by a pattern, each once."""
    found: dict[Path, None] = {}
    for name in named:
        paths = _named(name)
        if not paths:
            raise Unusable(_("%(path)s: there is no playbook there.", path=name))
        found |= dict.fromkeys(paths)
    return list(found)


def _named(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        return sorted(one for one in path.rglob("*") if one.suffix in _KINDS and one.is_file())
    if path.exists() or not glob.has_magic(name):
        return [path]
    found = map(Path, glob.glob(name, recursive=True))  # noqa: PTH207  # it may begin anywhere
    return sorted(one for one in found if one.is_file())


def read(path: Path) -> bytes:
    """Return what is in the file, up to what a playbook may be and a byte."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise Unusable(_("%(path)s cannot be read: %(why)s.", path=str(path), why=why)) from None


def write(path: Path, text: str, *, force: bool) -> None:
    if path.exists() and not force:
        raise Unusable(
            _("%(path)s is there already: name another file, or add --force.", path=str(path))
        )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise Unusable(_("%(path)s cannot be written: %(why)s.", path=str(path), why=why)) from None


def check(paths: Iterable[Path], actions: frozenset[str] | None = None) -> list[Checked]:
    return check_sources({str(path): read(path) for path in paths}, actions=actions)


def understood(path: Path) -> Compiled:
    """Return the playbook in a file; those in its folder may be called by it.

    What cannot be understood is told, and ends the command.
    """
    checked = alone = check([path])[0]
    if any(finding.code == "playbook-unknown" for finding in alone.findings):
        beside = [one for one in path.parent.iterdir() if one.suffix in _KINDS and one.is_file()]
        others = [one for one in sorted(beside) if one.name != path.name]
        checked = check([path, *others])[0]
    if checked.draft is None:
        tell(path, checked.findings)
        raise SystemExit(FINDINGS)
    return checked.draft


def tell(path: Path, findings: Iterable[Finding]) -> None:
    """Say findings on the error output, so that what a command prints can be piped on."""
    for finding in findings:
        click.echo(finding.line(str(path), language()), err=True)
