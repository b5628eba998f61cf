"""Published versions: immutable, named by content hash; the newest of a name is the current one."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import structlog
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import defer

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import atomic, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.ids import new_id
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks.actions import offered
from cyberdesk.desk.playbooks.gate import gate
from cyberdesk.desk.playbooks.language.compile import Compiled, Pin, compile_playbook
from cyberdesk.desk.playbooks.language.findings import Finding, PlaybookError
from cyberdesk.desk.playbooks.library import check_files
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.playbooks.program import Program, read_program

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
    findings = gate(compiled.cacao, places=compiled.places, actions=offered())
    if findings.errors:
        raise RefusedPlaybookError(findings.errors)
    return _keep(compiled, source, origin="edited", by=actor.name)


def publish_shipped(folder: Path | None = None) -> int:
    """Publish the playbooks that come with the house; return how many are new.

    One that does not pass the gate is left out and said in the log: the others must still run.
    """
    checked = check_files(sorted((folder or shipped()).rglob("*.yaml")), actions=offered())
    new = 0
    with atomic(SYSTEM):
        held = set(session().scalars(select(PlaybookVersion.hash)))
        for one in checked:
            if one.compiled is None:
                said = [finding.line(one.path, "en") for finding in one.findings]
                _log.error("playbook left out", path=one.path, findings=said)
            elif one.compiled.hash not in held:
                source = Path(one.path).read_text(encoding="utf-8")
                _keep(one.compiled, source, origin="shipped", by="CyberDesk")
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


def pin(name: str) -> Pin | None:
    """Return what a `playbook:` step of this name is bound to, None when nothing is published."""
    found = session().scalar(_newest().where(PlaybookVersion.name == name).limit(1))
    return Pin(found.hash, found.modified) if found else None


def _newest() -> Select[PlaybookVersion]:
    return (
        select(PlaybookVersion)
        .options(defer(PlaybookVersion.cacao), defer(PlaybookVersion.source))
        .where(PlaybookVersion.retired_at.is_(None))
        .order_by(PlaybookVersion.modified.desc(), PlaybookVersion.published_at.desc())
    )


def _keep(compiled: Compiled, source: str, *, origin: str, by: str) -> PlaybookVersion:
    program: Program = read_program(compiled.cacao)
    values = {
        "id": new_id(),
        "hash": compiled.hash,
        "name": program.name,
        "title": dict(program.title),
        "modified": compiled.cacao["modified"],
        "matching": dict(program.matching),
        "priority": program.priority,
        "cacao": compiled.cacao,
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
