from pathlib import Path
from typing import TYPE_CHECKING

import click

from cyberdesk.cli._attached import data_option, house

if TYPE_CHECKING:
    from cyberdesk.desk.intel.export import Bundle

_LEVELS = ("clear", "green", "amber", "amber+strict", "red")
_SHOWN = 120  # characters of what stays behind


@click.group("intel")
def command() -> None:
    """What was seen of attacks, for those who may have it."""


@command.command("export")
@data_option
@click.option(
    "--tlp",
    type=click.Choice(_LEVELS),
    default="amber+strict",
    show_default=True,
    help="For whom it is: what may travel less far stays behind.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="The file to write; without it, the bundle is printed.",
)
@click.option("--exercise", is_flag=True, help="Say that you know the case is an exercise.")
@click.option("--dry-run", is_flag=True, help="Only say what would leave and what would not.")
@click.argument("reference")
def export(
    data: Path, tlp: str, out: Path | None, reference: str, *, exercise: bool, dry_run: bool
) -> None:
    """Write case REFERENCE as a STIX 2.1 bundle, and say what stays behind and why.

    It is journalled as an export; --dry-run is none.
    """
    with house(data):
        made = _made(reference, tlp, exercise=exercise, looks=dry_run)
        _say(made)
        if dry_run:
            return
        if out is None:
            click.echo(made.text, nl=False)
        else:
            out.write_text(made.text, encoding="utf-8")


def _made(reference: str, tlp: str, *, exercise: bool, looks: bool) -> "Bundle":
    from cyberdesk.core.access import system
    from cyberdesk.core.db import atomic
    from cyberdesk.core.db.rls import SYSTEM
    from cyberdesk.desk.cases import service as cases
    from cyberdesk.desk.intel import service
    from cyberdesk.desk.intel.marking import Tlp

    actor, level = system("command line"), Tlp(tlp)
    with atomic(SYSTEM):
        case = cases.find_case(actor, reference)
        act = service.preview_export if looks else service.export_case
        return act(actor, case, tlp=level, exercise=exercise)


def _say(made: "Bundle") -> None:
    """On the error output, so that the bundle itself can be piped on."""
    leaving = ", ".join(f"{many} {kind}" for kind, many in made.counts.items())
    click.echo(f"Leaves: {leaving}", err=True)
    for one in made.stripped:
        what = one.what if len(one.what) <= _SHOWN else f"{one.what[:_SHOWN]}…"
        click.echo(f"Stays: {one.kind} {what}: {one.why}", err=True)
