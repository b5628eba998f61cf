"""The library: what may be started on a case, and each version as CACAO 2.0."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from cyberdesk.core.web.api import Output, Said, said
from cyberdesk.desk.playbooks import versions
from cyberdesk.desk.playbooks.api.door import door
from cyberdesk.desk.playbooks.asking import questions_of
from cyberdesk.desk.playbooks.exchange.send_out import exported
from cyberdesk.desk.playbooks.models import PlaybookVersion
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.shown.shelf import named, versions_of

_HASH = "The content hash that names this version."


class VersionOut(Output):
    """One published version; nothing of it changes any more, but that it may be taken back."""

    version: str = Field(description=_HASH, examples=["sha256:5f0c…"])
    title: Said
    modified: str = Field(description="The instant by which CACAO names a version.")
    origin: str = Field(description="shipped, edited or imported.", examples=["shipped"])
    published_at: datetime
    published_by: str
    retired_at: datetime | None = Field(description="Taken back: no case begins with it any more.")


class PlaybookOut(VersionOut):
    """The current version of a playbook."""

    name: str = Field(examples=["ransomware"])
    cacao_id: str = Field(description="Its `id` in CACAO: the same for all of its versions.")
    case: list[str] = Field(description="The strand or kind of case that it is for.")
    types: list[str] = Field(
        description="The types of case that it is for; empty when it names none."
    )


class PlaybooksOut(Output):
    data: list[PlaybookOut] = Field(description="By name.")


class QuestionOut(Output):
    """What whoever starts it is asked: `given` takes the answer by `name`."""

    name: str
    label: Said
    type: str = Field(examples=["string"])
    choices: dict[str, Said]
    usual: str | None = Field(description="The value without an answer.")


class PlaybookWithVersionsOut(PlaybookOut):
    asks: list[QuestionOut]
    versions: list[VersionOut] = Field(description="All of them, the newest first.")


class CacaoOut(Output):
    """A CACAO 2.0 playbook object, with its signatures."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["playbook"])
    spec_version: str = Field(examples=["cacao-2.0"])
    id: str


@door.get("/playbooks", may="playbook:read", answers=PlaybooksOut)
def list_playbooks() -> PlaybooksOut:
    """List the current version of each playbook of the library."""
    return PlaybooksOut(data=[PlaybookOut(**_current(one)) for one in versions.every_current()])


@door.get("/playbooks/<name>", may="playbook:read", answers=PlaybookWithVersionsOut)
def read_playbook(name: str) -> PlaybookWithVersionsOut:
    """Read the current version of a playbook, what it asks, and which versions there are."""
    version = versions.current(name)
    asked = questions_of(shelf[version.hash])
    return PlaybookWithVersionsOut(
        **_current(version),
        asks=[_question(key, one) for key, one in asked.items()],
        versions=[version_out(one) for one in versions_of(name)],
    )


@door.get("/playbooks/<name>/<version>/cacao", may="playbook:read", answers=CacaoOut)
def export_playbook(name: str, version: str) -> CacaoOut:
    """Read a version as CACAO 2.0 JSON, canonically equal (RFC 8785) to what was published."""
    return CacaoOut(**exported(named(name, version)))


def version_out(version: PlaybookVersion) -> VersionOut:
    return VersionOut(**_version(version))


def _version(version: PlaybookVersion) -> dict[str, Any]:
    return {
        "version": version.hash,
        "title": said(version.title),
        "modified": version.modified,
        "origin": version.origin,
        "published_at": version.published_at,
        "published_by": version.published_by,
        "retired_at": version.retired_at,
    }


def _current(version: PlaybookVersion) -> dict[str, Any]:
    matching = version.matching
    return _version(version) | {
        "name": version.name,
        "cacao_id": version.cacao_id,
        "case": _listed(matching.get("case")),
        "types": _listed(matching.get("types")),
    }


def _listed(told: Any) -> list[str]:
    return [told] if isinstance(told, str) else list(told or ())


def _question(name: str, one: Mapping[str, Any]) -> QuestionOut:
    return QuestionOut(
        name=name,
        label=said(one["label"]),
        type=one["type"],
        choices={value: said(text) for value, text in one["choices"].items()},
        usual=one["value"],
    )
