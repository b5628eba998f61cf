"""The library as people read it: current versions by strand, and one version in full."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _, bilingual, language, plural
from cyberdesk.core.web.formatting import duration
from cyberdesk.desk.cases import vocabulary
from cyberdesk.desk.cases.levels import LEVELS
from cyberdesk.desk.playbooks.language.cacao import extension_of
from cyberdesk.desk.playbooks.matching import LEVELS as NAMES
from cyberdesk.desk.playbooks.models import PlaybookVersion, Run
from cyberdesk.desk.playbooks.publishers import checked
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.shown.history import Caller, Past, callers, under_way
from cyberdesk.desk.playbooks.shown.lines import Composer, Part
from cyberdesk.desk.playbooks.shown.plan import plan_of
from cyberdesk.desk.playbooks.shown.run import called_by
from cyberdesk.desk.playbooks.shown.signatures import Shown, shown
from cyberdesk.desk.playbooks.shown.states import Stand
from cyberdesk.desk.playbooks.shown.words import Speaker
from cyberdesk.desk.playbooks.versions import every_current

_YEAR = 365 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Source:
    """What the playbook was made from. `doubtful`: not read at its source yet."""

    title: str
    url: str
    verified_on: date | None
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A current version in the list."""

    version: PlaybookVersion
    title: str
    types: Sequence[str]
    open_runs: int | None  # within the reader's reach; None to those who see no run


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version in full."""

    version: PlaybookVersion
    title: str
    summary: str
    types: Sequence[str]
    retention: str
    markings: str
    sources: Sequence[Source]
    parts: Sequence[Part]
    versions: Sequence[PlaybookVersion]
    open_runs: Mapping[str, int]
    origin: str
    signatures: Sequence[Shown]
    callers: Sequence[Caller]
    under_way: Sequence[Past]


ORIGINS = {
    "shipped": _("Comes with CyberDesk"),
    "edited": _("Written here"),
    "imported": _("Brought in from elsewhere"),
}


def entries(actor: Actor) -> dict[str, list[Entry]]:
    """Return the current versions by strand ("" for those that others call), by title."""
    running = runs_by_name() if actor.may("run:read") else None
    found: dict[str, list[Entry]] = {}
    for version in every_current():
        entry = Entry(
            version,
            bilingual(version.title),
            types_of(version),
            None if running is None else running.get(version.name, 0),
        )
        found.setdefault(strand_of(version), []).append(entry)
    for listed in found.values():
        listed.sort(key=lambda one: one.title.casefold())
    return found


def strand_of(version: PlaybookVersion) -> str:
    case = version.matching.get("case") or ""
    return case if isinstance(case, str) else str(next(iter(case), ""))


def types_of(version: PlaybookVersion) -> list[str]:
    """Say for which cases a version is meant."""
    named = vocabulary.subjects()
    levels = {NAMES[one.number]: str(one.name) for one in LEVELS}
    types = [vocabulary.said(named, code) for code in version.matching.get("types") or ()]
    return types + [levels.get(code, code) for code in version.matching.get("severities") or ()]


def runs_by_name() -> dict[str, int]:
    """Count the open runs within reach, by playbook."""
    return _counted(Run.name)


def runs_by_hash() -> dict[str, int]:
    return _counted(Run.hash)


def _counted(column: Any) -> dict[str, int]:
    counted = select(column, func.count()).where(Run.ended_at.is_(None)).group_by(column)
    return {str(key): int(count) for key, count in session().execute(counted)}


def versions_of(name: str) -> Sequence[PlaybookVersion]:
    """Return every version of a playbook, the current one first. Raises NotFoundError."""
    wanted = (
        select(PlaybookVersion)
        .options(defer(PlaybookVersion.cacao), defer(PlaybookVersion.source))
        .where(PlaybookVersion.name == name)
        .order_by(PlaybookVersion.modified.desc(), PlaybookVersion.published_at.desc())
    )
    found = session().scalars(wanted).all()
    if not found:
        raise NotFoundError(_("There is no published playbook called %(name)s.", name=name))
    return found


def sheet(actor: Actor, name: str, wanted: str | None = None) -> Sheet:
    """Return the version whose hash is, or begins with, `wanted`; else the current one.

    Raises NotFoundError.
    """
    versions = versions_of(name)
    version = _chosen(versions, wanted)
    extension = extension_of(dict(version.cacao), "playbook_extensions")
    return Sheet(
        version=version,
        title=bilingual(version.title),
        summary=bilingual(extension.get("summary")) or version.cacao.get("description", ""),
        types=types_of(version),
        retention=_years(extension.get("retention")),
        markings=next(iter(_markings(version)), ""),
        sources=list(_sources(version, extension)),
        parts=_parts(version),
        versions=versions,
        open_runs=runs_by_hash() if actor.may("run:read") else {},
        origin=str(ORIGINS.get(version.origin, version.origin)),
        signatures=shown(checked(version)),
        callers=list(callers(version, versions)),
        under_way=under_way(version) if actor.may("run:read") else [],
    )


def named(name: str, wanted: str) -> PlaybookVersion:
    """Return the version whose hash is, or begins with, `wanted`. Raises NotFoundError."""
    return _chosen(versions_of(name), wanted)


def with_hash(hash_: str) -> PlaybookVersion | None:
    wanted = select(PlaybookVersion).where(PlaybookVersion.hash == hash_)
    return session().scalars(wanted).first()


def before(
    version: PlaybookVersion, versions: Sequence[PlaybookVersion], wanted: str | None
) -> PlaybookVersion | None:
    """Return the version to compare with: the one wanted, else the one before it in the list."""
    if wanted:
        return _chosen(versions, wanted)
    hashes = [one.hash for one in versions]
    earlier = versions[hashes.index(version.hash) + 1 :]
    return earlier[0] if earlier else None


def _chosen(versions: Sequence[PlaybookVersion], wanted: str | None) -> PlaybookVersion:
    for one in versions:
        if wanted is None or one.hash.removeprefix("sha256:").startswith(
            wanted.removeprefix("sha256:")
        ):
            return one
    raise NotFoundError(_("There is no such version of this playbook."))


def _parts(version: PlaybookVersion) -> list[Part]:
    program = shelf[version.hash]
    speaker = Speaker(program, called=called_by(program))
    nowhere = Stand()
    composer = Composer(
        plan_of(program.hash),
        speaker,
        lambda _step: nowhere,
        lambda _step, _stand: None,
        anchor="s-",
    )
    return composer.parts()


def _markings(version: PlaybookVersion) -> Iterator[str]:
    for marking in version.cacao.get("data_marking_definitions", {}).values():
        yield str(marking.get("tlpv2_level") or "")


def _sources(version: PlaybookVersion, extension: Mapping[str, Any]) -> Iterator[Source]:
    told = extension.get("sources") or version.cacao.get("external_references") or ()
    for one in told:
        yield Source(
            title=str(one.get("title") or one.get("name") or ""),
            url=_web(str(one.get("url") or "")),
            verified_on=_day(one.get("verified_on")),
            doubtful=bool(one.get("to_verify")),
        )


def _years(milliseconds: Any) -> str:
    """Say how long answers are kept, in years as authors write it."""
    if not isinstance(milliseconds, int) or milliseconds <= 0:
        return ""
    years = round(milliseconds / _YEAR)
    if not years:
        return duration(timedelta(milliseconds=milliseconds), language())
    return str(plural("%(count)s year", "%(count)s years", years))


def _web(url: str) -> str:
    """An imported playbook may name any address: only a web one becomes a link."""
    return url if url.startswith(("https://", "http://")) else ""


def _day(raw: Any) -> date | None:
    try:
        return datetime.fromisoformat(str(raw)).astimezone(UTC).date()
    except ValueError:
        return None
