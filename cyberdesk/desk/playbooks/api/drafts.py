"""Bringing playbooks in: checked, kept as drafts, published."""

from collections.abc import Iterable
from uuid import UUID

from pydantic import Field

from cyberdesk.core.access import throttle
from cyberdesk.core.web.api import Input, Output, Said
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import drafts
from cyberdesk.desk.playbooks.api.door import door
from cyberdesk.desk.playbooks.api.library import VersionOut, version_out
from cyberdesk.desk.playbooks.language.findings import Finding
from cyberdesk.desk.playbooks.language.nodes import LARGEST
from cyberdesk.desk.playbooks.models import PlaybookDraft

_LARGEST_BODY = 4_000_000  # bytes: a text of a million letters as JSON spells it


class TextIn(Input):
    """The text of one playbook: our YAML, or CACAO 2.0 as JSON or YAML."""

    text: str = Field(min_length=1, max_length=LARGEST)


class FindingOut(Output):
    """What is wrong, where, and how to mend it."""

    line: int = Field(description="From 1; 0 when it is about the whole text.")
    column: int
    path: str = Field(examples=["steps.isolate.who"])
    severity: str = Field(description="error: it is not published; warning.", examples=["error"])
    code: str = Field(description="Stable.", examples=["unknown-key"])
    what: Said
    mend: Said


class CheckedOut(Output):
    good: bool = Field(description="Whether it could be published now.")
    findings: list[FindingOut] = Field(description="In the order of the text.")


class DraftOut(Output):
    """A text that runs on no case until it is published."""

    id: UUID
    name: str
    origin: str = Field(examples=["imported"])
    faults: int = Field(description="How many errors stand between it and being published.")
    text: str = Field(
        description="As it is kept: what looked like a secret went into the store, and its "
        "reference stands in its place."
    )


@door.post(
    "/playbooks/check", may="playbook:draft", takes=TextIn, answers=CheckedOut, status=200,
    largest=_LARGEST_BODY,
)  # fmt: skip
def check_playbook(body: TextIn) -> CheckedOut:
    """Say what the gate of this house thinks of a text; nothing is kept."""
    throttle.slow_down(drafts.CHECKS, str(actor().id))
    checked = drafts.check(body.text)
    return CheckedOut(good=checked.good, findings=_found(checked.findings))


@door.post(
    "/playbook-drafts", may="playbook:draft", takes=TextIn, answers=DraftOut,
    largest=_LARGEST_BODY,
)  # fmt: skip
def import_playbook(body: TextIn) -> DraftOut:
    """Begin a draft. 422: there is nothing in the text to mend."""
    return _draft(drafts.import_file(actor(), content=body.text.encode()))


@door.get("/playbook-drafts/<uuid:draft_id>", may="playbook:draft", answers=DraftOut)
def read_draft(draft_id: UUID) -> DraftOut:
    """Read an open draft."""
    return _draft(drafts.access_draft(actor(), draft_id))


@door.post(
    "/playbook-drafts/<uuid:draft_id>/publish", may="playbook:publish", also="playbook:draft",
    answers=VersionOut,
)  # fmt: skip
def publish_draft(draft_id: UUID) -> VersionOut:
    """Publish a draft: new cases begin with it. 422: `errors` say what stands in the way."""
    draft = drafts.access_draft(actor(), draft_id)
    return version_out(drafts.publish_draft(actor(), draft))


def _draft(row: PlaybookDraft) -> DraftOut:
    return DraftOut(id=row.id, name=row.name, origin=row.origin, faults=row.faults, text=row.source)


def _found(findings: Iterable[Finding]) -> list[FindingOut]:
    return [
        FindingOut(
            line=one.place.line,
            column=one.place.column,
            path=one.place.path,
            severity=str(one.severity),
            code=one.code,
            what=Said(fr=one.what("fr"), en=one.what("en")),
            mend=Said(fr=one.mend("fr"), en=one.mend("en")),
        )
        for one in findings
    ]
