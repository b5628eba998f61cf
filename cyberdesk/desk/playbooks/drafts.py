"""Drafts: playbooks being written, or brought in and mended, until they pass the gate."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.access.throttle import Limit
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError
from cyberdesk.core.ids import new_id
from cyberdesk.core.text import LANGUAGES, _, language
from cyberdesk.desk.playbooks.actions import offered
from cyberdesk.desk.playbooks.exchange.bring_in import Brought, bring_in
from cyberdesk.desk.playbooks.language.cacao import extension_of
from cyberdesk.desk.playbooks.language.compiled import AUTHORED, STANDARD
from cyberdesk.desk.playbooks.language.findings import Finding, Findings, PlaybookError
from cyberdesk.desk.playbooks.language.nodes import LARGEST, plain
from cyberdesk.desk.playbooks.language.read import read_text
from cyberdesk.desk.playbooks.library import Checked, check_sources
from cyberdesk.desk.playbooks.models import PlaybookDraft, PlaybookVersion
from cyberdesk.desk.playbooks.secrets import keep_taken
from cyberdesk.desk.playbooks.versions import pin, publish

CHECKS = Limit("playbooks:check", burst=40, every=0.5)  # texts that one person has checked


class UnreadableFileError(InvalidError):
    """There is nothing to mend in a file; `findings` say why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        told = [f"{one.what(language())} {one.mend(language())}" for one in self.findings[:5]]
        super().__init__(_("This file cannot become a draft."), fields={"file": told})


def check(source: str | bytes) -> Checked:
    """Say what the gate of this house thinks of a text; nothing is kept."""
    (checked,) = check_sources({"playbook": source}, actions=offered(), resolve=pin)
    return checked


@allowed("playbook:draft")
def drafts(actor: Actor) -> Sequence[PlaybookDraft]:
    """Return the open drafts, the one changed last first."""
    wanted = select(PlaybookDraft).options(defer(PlaybookDraft.source))
    kept = wanted.where(PlaybookDraft.ended_at.is_(None))
    with seeing(SYSTEM):
        return session().scalars(kept.order_by(PlaybookDraft.changed_at.desc())).all()


@allowed("playbook:draft")
def access_draft(actor: Actor, draft_id: UUID) -> PlaybookDraft:
    """Return an open draft. Raises NotFoundError."""
    with seeing(SYSTEM):
        row = session().get(PlaybookDraft, draft_id)
    if row is None or not row.is_open:
        raise NotFoundError(_("There is no such draft, or it is published already."))
    return row


@allowed("playbook:draft")
@recorded("draft:begin")
def begin(actor: Actor, *, source: str, based_on: str | None = None) -> PlaybookDraft:
    """Begin a draft with this text."""
    note(source=len(source))
    return _begun(actor, source, origin="edited", based_on=based_on)


@allowed("playbook:draft")
def revise(actor: Actor, version: PlaybookVersion) -> PlaybookDraft:
    """Begin a draft from a published version."""
    source = version.source or json.dumps(version.cacao, ensure_ascii=False, indent=2)
    row: PlaybookDraft = begin(actor, source=source, based_on=version.hash)
    return row


@allowed("playbook:draft")
@recorded("draft:begin")
def import_file(actor: Actor, *, content: bytes) -> PlaybookDraft:
    """Begin a draft from a file of elsewhere, its secrets put into the store.

    Raises UnreadableFileError when there is nothing in it to mend.
    """
    try:
        brought: Brought = bring_in(content)
    except PlaybookError as error:
        raise UnreadableFileError(error.findings) from error
    keep_taken(brought.taken, by=actor.name)
    # The file itself may hold a secret, and the draft says what it became.
    note(secrets=sorted(one.reference for one in brought.taken), content=len(content))
    return _begun(actor, brought.source, origin="imported", based_on=None)


@allowed("playbook:draft")
@recorded("draft:change")
def change(actor: Actor, draft: PlaybookDraft, *, source: str, number: int) -> PlaybookDraft:
    """Keep a new text of the draft, if nobody has since the one numbered `number`.

    Raises ConflictError, and InvalidError for a text beyond the limits of a file.
    """
    note(source=len(source))
    with seeing(SYSTEM):
        held = session().get(PlaybookDraft, draft.id, with_for_update=True, populate_existing=True)
        assert held is not None
        if not held.is_open or held.number != number:
            raise ConflictError(
                _("%(name)s has changed this draft meanwhile.", name=held.changed_by),
                hint=_("Your text is still here: compare it with theirs, then keep it again."),
            )
        _write(held, source, by=actor.name)
        held.number += 1
        session().flush()
    return held


@allowed("playbook:draft")
@recorded("draft:drop")
def drop(actor: Actor, draft: PlaybookDraft) -> PlaybookDraft:
    """Throw a draft away; its row stays for the journal."""
    with seeing(SYSTEM):
        draft.ended_at = clock.now()
        session().flush()
    return draft


@allowed("playbook:publish")
def publish_draft(actor: Actor, draft: PlaybookDraft) -> PlaybookVersion:
    """Publish a draft. Raises RefusedPlaybookError with what stands in the way."""
    version: PlaybookVersion = publish(actor, source=draft.source)
    with seeing(SYSTEM):
        draft.ended_at, draft.published_as = clock.now(), version.hash
        session().flush()
    return version


def _begun(actor: Actor, source: str, *, origin: str, based_on: str | None) -> PlaybookDraft:
    now = clock.now()
    row = PlaybookDraft(
        id=new_id(), origin=origin, based_on=based_on, begun_at=now, begun_by=actor.name, number=1
    )
    with seeing(SYSTEM):
        _write(row, source, by=actor.name)
        session().add(row)
        session().flush()
    return row


def _write(row: PlaybookDraft, source: str, *, by: str) -> None:
    if len(source) > LARGEST:
        raise InvalidError(_("This text is too long for one playbook."), fields={})
    checked = check(source)
    told = _told(checked) or _loosely(source)
    row.source, row.name, row.title = source, told["name"], told["title"]
    row.notation = told["notation"]
    row.faults = sum(1 for finding in checked.findings if finding.severity == "error")
    row.changed_at, row.changed_by = clock.now(), by


def _told(checked: Checked) -> dict[str, Any] | None:
    """Return what a draft says of itself, None when it cannot be compiled."""
    draft = checked.draft
    if draft is None:
        return None
    title = draft.cacao.get("name")
    both = {"fr": title, "en": title} if isinstance(title, str) else {}
    if draft.notation == STANDARD:
        return {"name": draft.name, "title": both, "notation": STANDARD}
    held = extension_of(draft.cacao, "playbook_extensions")
    return {"name": draft.name, "title": held.get("title") or both, "notation": AUTHORED}


def _loosely(source: str) -> dict[str, Any]:
    """Return the name and title of a text with faults, so that its author finds it again."""
    try:
        held = plain(read_text(source, Findings()))
    except PlaybookError:
        held = None
    told = held if isinstance(held, dict) else {}
    title = told.get("title")
    texts = title if isinstance(title, dict) else {}
    both = {tongue: str(texts[tongue]) for tongue in LANGUAGES if texts.get(tongue)}
    return {"name": str(told.get("playbook") or "")[:60], "title": both, "notation": AUTHORED}
