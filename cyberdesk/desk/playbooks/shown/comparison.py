"""Two texts of a playbook beside each other: what changed in words, and line by line."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cyberdesk.desk.playbooks.comparing import Change, compare
from cyberdesk.desk.playbooks.language.findings import PlaybookError
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.models import PlaybookDraft, PlaybookVersion
from cyberdesk.desk.playbooks.shown.differences import field, heading, value
from cyberdesk.desk.playbooks.shown.source_lines import SourceLine, source_lines
from cyberdesk.desk.playbooks.versions import pin


@dataclass(frozen=True, slots=True)
class Told:
    """A field in words; an empty side had none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StepTold:
    heading: str
    how: str
    changes: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Beside:
    """`readable` is false when a text has too many faults to be told step by step."""

    readable: bool
    head: Sequence[Told]
    steps: Sequence[StepTold]
    lines: Sequence[SourceLine]

    @property
    def same(self) -> bool:
        return not self.lines


def of_versions(old: PlaybookVersion, new: PlaybookVersion) -> Beside:
    return _beside(old.cacao, new.cacao, text_of(old), text_of(new))


def of_draft(old: PlaybookVersion, draft: PlaybookDraft) -> Beside:
    return _beside(old.cacao, _cacao(draft.source), text_of(old), draft.source)


def of_texts(old: str, new: str) -> Sequence[SourceLine]:
    return source_lines(old, new)


def text_of(version: PlaybookVersion) -> str:
    """Return the source, or for a version without one what it is, written out."""
    return version.source or json.dumps(version.cacao, ensure_ascii=False, indent=2)


def _cacao(source: str) -> Mapping[str, Any] | None:
    try:
        return compile_playbook(source, pin).cacao
    except PlaybookError:
        return None


def _beside(
    before: Mapping[str, Any], after: Mapping[str, Any] | None, old: str, new: str
) -> Beside:
    lines = source_lines(old, new)
    if after is None:
        return Beside(readable=False, head=(), steps=(), lines=lines)
    found = compare(before, after)
    steps = [StepTold(heading(one), one.how, list(_told(one.changes))) for one in found.steps]
    return Beside(readable=True, head=list(_told(found.head)), steps=steps, lines=lines)


def _told(changes: Iterable[Change]) -> Iterator[Told]:
    for change in changes:
        before = "" if change.before is None else value(change, change.before)
        after = "" if change.after is None else value(change, change.after)
        yield Told(field(change), before, after)
