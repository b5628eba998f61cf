"""Playbooks for programs: the library, drafts, and the runs of a case."""

from cyberdesk.desk.playbooks.api import drafts, library, runs
from cyberdesk.desk.playbooks.api.door import door

__all__ = ["door", "drafts", "library", "runs"]
