"""`playbook simulate`: how a case would go, and whether every way can be taken."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cyberdesk.cli._playbook import FINDINGS, check, files, lang_option, tell
from cyberdesk.core.text import _, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cyberdesk.desk.playbooks.shown.rehearsed import Covered, Played, Stage


@click.command("simulate")
@lang_option
@click.option("--all-branches", is_flag=True, help="Look for a play that takes each way there is.")
@click.option("--require-full", is_flag=True, help="With it, end with 1 when a way stays untaken.")
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 3600),
    default=20.0,
    show_default=True,
    help="How long to look, for each playbook.",
)
@click.option("--script", default="", help="One case: `isolate: impossible; case.it_staff: false`.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.argument("named", metavar="FILE…", nargs=-1, required=True)
def simulate(  # noqa: PLR0917  # one for each option
    named: tuple[str, ...],
    all_branches: bool,
    require_full: bool,
    seconds: float,
    script: str,
    form: str,
) -> None:
    """Play playbooks on a clock that does not wait: nothing leaves, nobody is asked.

    Without --all-branches one case is told, in which all goes well but for what --script says.
    Ends with 1 when a play stands still though everybody answered, or a file has faults.
    """
    told: dict[str, Any] = {}
    good = True
    for file, stage in _stages(files(named)):
        if all_branches:
            covered = stage.cover(seconds=seconds, tries=1_000_000)
            good &= not covered.coverage.unfinished and not (require_full and covered.missing)
            told[str(file)] = _covered(covered)
        else:
            played = stage.play(_script(script, stage))
            good &= bool(script) or not played.waits  # a script may keep people silent
            told[str(file)] = _played(played)
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for path, one in told.items():
            click.echo("\n".join([click.style(path, bold=True), *_lines(one)]))
    if not good:
        raise SystemExit(FINDINGS)


def _stages(paths: list[Path]) -> "Iterator[tuple[Path, Stage]]":
    """Yield each file with the playbook in it; those in its folder may be called by it."""
    from cyberdesk.cli.playbook import offered_here
    from cyberdesk.desk.playbooks.gate import bound
    from cyberdesk.desk.playbooks.program import read_program
    from cyberdesk.desk.playbooks.shown.rehearsed import Stage

    beside = files(sorted({str(path.parent) for path in paths}))
    actions = offered_here()
    every = {one.path: one for one in check(dict.fromkeys([*paths, *beside]), actions)}
    programs = {
        path: read_program(one.compiled.cacao, bound(one.compiled, actions))
        for path, one in every.items()
        if one.compiled is not None
    }
    library = {program.hash: program for program in programs.values()}
    for path in paths:
        program = programs.get(str(path))
        if program is None:
            tell(path, every[str(path)].findings)
            raise SystemExit(FINDINGS)
        yield path, Stage(program, library)


def _script(written: str, stage: "Stage") -> Any:
    from cyberdesk.core.errors import InvalidError
    from cyberdesk.desk.playbooks.rehearsal.scripted import read_script

    lines = "\n".join(line.strip() for line in written.replace(";", "\n").splitlines())
    try:
        return read_script(lines, stage.program)
    except InvalidError as refusal:
        said = " ".join(str(one) for one in refusal.fields.get("script", ()))
        raise click.UsageError(said or str(refusal.message)) from None


def _played(played: "Played") -> dict[str, Any]:
    return {
        "status": played.status,
        "outcome": played.ending,
        "moments": [[one.after, one.title, one.what] for one in played.moments],
        "waits": list(played.waits),
    }


def _covered(covered: "Covered") -> dict[str, Any]:
    return {
        "ways": len(covered.ways),
        "taken": len(covered.ways) - len(covered.missing),
        "plays": covered.coverage.plays,
        "missing": [[way.title, way.label] for way in covered.missing],
        "ends": dict(covered.ends),
        "stood_still": len(covered.coverage.unfinished),
    }


def _lines(one: dict[str, Any]) -> "Iterator[str]":
    if "moments" in one:
        for after, title, what in one["moments"]:
            yield f"  + {after:>12}  {title}: {what}"
        yield f"  {one['status']} {one['outcome']}".rstrip()
        yield from (f"  {_('It stands still here')}: {wait}" for wait in one["waits"])
        return
    counted = plural(
        "%(taken)s of %(total)s, in %(count)s play",
        "%(taken)s of %(total)s, in %(count)s plays",
        one["plays"],
        taken=one["taken"],
        total=one["ways"],
    )
    yield f"  {_('Ways taken')}: {counted}"
    ends = ", ".join(f"{name} {count}" for name, count in one["ends"].items())
    yield f"  {_('How it ends')}: {ends}"
    yield from (f"  {_('Ways that no play has taken')}: {t} {how}" for t, how in one["missing"])
    if one["stood_still"]:
        yield "  " + str(
            plural(
                "One play stood still though everybody answered",
                "%(count)s plays stood still though everybody answered",
                one["stood_still"],
            )
        )
