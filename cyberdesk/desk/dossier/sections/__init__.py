"""The chapters of a dossier. A room that stands above this one adds its own with `add`."""

from cyberdesk.desk.dossier.sections.chapters import Chapter, add, chapters
from cyberdesk.desk.dossier.sections.course import CHAPTERS as _COURSE
from cyberdesk.desk.dossier.sections.ending import CHAPTERS as _ENDING
from cyberdesk.desk.dossier.sections.evidence import CHAPTERS as _EVIDENCE
from cyberdesk.desk.dossier.sections.proof import CHAPTERS as _PROOF

SECTIONS = (*_COURSE, *_EVIDENCE, *_ENDING, *_PROOF)

__all__ = ["SECTIONS", "Chapter", "add", "chapters"]
