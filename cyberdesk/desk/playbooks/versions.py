"""Published versions: immutable, named by content hash; the newest of a name is the current one."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import structlog
from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import defer

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.db import atomic, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.ids import new_id
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks.actions import offered
from cyberdesk.desk.playbooks.gate import bound, gate
from cyberdesk.desk.playbooks.language.compiled import STANDARD, Compiled, Pin
from cyberdesk.desk.playbooks.language.findings import Finding, PlaybookError
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.library import check_files
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.playbooks.program import Bound, Program, read_program
from cyberdesk.desk.playbooks.publishers import all_signatures, bare, sign_unsigned

_log = structlog.get_logger(__name__)


class RefusedPlaybookError(InvalidError):
    """The playbook does not pass the gate; `findings` say where and how to mend."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        said = [finding.line("playbook") for finding in self.findings[:20]]
        super().__init__(_("This playbook cannot be published yet."), fields={"source": said})


@allowed("playbook:publish")
@recorded("playbook:publish")
def publish(actor: Actor, *, source: str) -> PlaybookVersion:
    """Publish the YAML `source` as the current version of its name.

    Publishing the same content again returns the version there is. Raises RefusedPlaybookError.
    """
    try:
        compiled = compile_playbook(source, pin)
    except PlaybookError as error:
        raise RefusedPlaybookError(error.findings) from error
    actions = offered()
    errors = compiled.findings.errors + gate(compiled, actions=actions).errors
    if errors:
        raise RefusedPlaybookError(errors)
    origin = "imported" if compiled.notation == STANDARD else "edited"
    return _keep(compiled, source, bound(compiled, actions), origin=origin, by=actor.name)


@allowed("playbook:publish")
@recorded("playbook:retire")
def retire(actor: Actor, version: PlaybookVersion, *, reason: str) -> PlaybookVersion:
    """Take a version back: no case begins with it any more; runs that have begun go on."""
    note(reason=reason)
    with seeing(SYSTEM):
        version.retired_at = clock.now()
        session().flush()
    return version


def publish_shipped(folder: Path | None = None) -> int:
    """Publish the playbooks that come with the house; return how many are new.

    One that does not pass the gate is left out and said in the log: the others must still run.
    """
    checked = check_files(sorted((folder or shipped()).rglob("*.yaml")), actions=offered())
    new = 0
    with atomic(SYSTEM):
        sign_unsigned()
        held = set(session().scalars(select(PlaybookVersion.hash)))
        for one in checked:
            if one.compiled is None:
                said = [finding.line(one.path, "en") for finding in one.findings]
                _log.error("playbook left out", path=one.path, findings=said)
            elif one.compiled.hash not in held:
                source = Path(one.path).read_text(encoding="utf-8")
                _keep(one.compiled, source, Bound(), origin="shipped", by="CyberDesk")
                new += 1
    return new


def shipped() -> Path:
    """Return the folder of the playbooks that come with the house."""
    package = Path(str(files("cyberdesk")))
    inside = package / "_shipped" / "playbooks"
    return inside if inside.is_dir() else package.parent / "playbooks"


def current(name: str) -> PlaybookVersion:
    """Return the current version of the playbook called `name`. Raises NotFoundError."""
    found = session().scalar(_newest().where(PlaybookVersion.name == name).limit(1))
    if found is None:
        raise NotFoundError(_("There is no published playbook called %(name)s.", name=name))
    return found


def every_current() -> list[PlaybookVersion]:
    """Return the current version of each playbook, by name."""
    newest: dict[str, PlaybookVersion] = {}
    with session().no_autoflush:  # versions are never pending: they are published by a statement
        found = session().scalars(_newest()).all()
    for version in found:
        newest.setdefault(version.name, version)
    return [newest[name] for name in sorted(newest)]


def versions_named(name: str) -> list[PlaybookVersion]:
    """Return the versions of a playbook that are not taken back, the newest first."""
    return list(session().scalars(_newest().where(PlaybookVersion.name == name)))


def pin(name: str, modified: str | None = None) -> Pin | None:
    """Return what a call of this playbook is bound to, None when nothing fitting is published.

    `name` is ours or CACAO's id; `modified` asks for the version of that instant, which CACAO
    names a version by.
    """
    named = or_(PlaybookVersion.name == name, PlaybookVersion.cacao_id == name)
    wanted = _newest().where(named)
    if modified is not None:
        wanted = wanted.where(PlaybookVersion.modified == modified)
    found = session().scalar(wanted.limit(1))
    return Pin(found.hash, found.modified) if found else None


def _newest() -> Select[PlaybookVersion]:
    return (
        select(PlaybookVersion)
        .options(defer(PlaybookVersion.cacao), defer(PlaybookVersion.source))
        .where(PlaybookVersion.retired_at.is_(None))
        .order_by(PlaybookVersion.modified.desc(), PlaybookVersion.published_at.desc())
    )


def _keep(
    compiled: Compiled, source: str, bound_to: Bound, *, origin: str, by: str
) -> PlaybookVersion:
    program: Program = read_program(compiled.cacao, bound_to)
    values = {
        "id": new_id(),
        "hash": compiled.hash,
        "name": program.name,
        "title": dict(program.title),
        "modified": compiled.cacao["modified"],
        "matching": dict(program.matching),
        "priority": program.priority,
        "cacao": bare(compiled.cacao),
        "signatures": all_signatures(compiled.cacao),
        "cacao_id": compiled.cacao["id"],
        "notation": compiled.notation,
        "bound": bound_to.kept(),
        "source": source,
        "origin": origin,
        "published_at": clock.now(),
        "published_by": by,
    }
    with seeing(SYSTEM):
        session().execute(insert(PlaybookVersion).values(values).on_conflict_do_nothing())
    return (
        session()
        .scalars(select(PlaybookVersion).where(PlaybookVersion.hash == compiled.hash))
        .one()
    )
