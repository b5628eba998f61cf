"""Starting playbooks on cases and steering them. Every act is permitted, journalled and told."""

from cyberdesk.desk.playbooks.service.following import answer, signal, stop_runs, tell_facts
from cyberdesk.desk.playbooks.service.loading import access_run, facts_read_by, runs_of, title_of
from cyberdesk.desk.playbooks.service.starting import choose_playbook, start_run
from cyberdesk.desk.playbooks.service.steering import (
    cancel,
    migrate,
    pause,
    redo,
    resume,
    retry,
    settle,
    skip,
)

__all__ = [
    "access_run",
    "answer",
    "cancel",
    "choose_playbook",
    "facts_read_by",
    "migrate",
    "pause",
    "redo",
    "resume",
    "retry",
    "runs_of",
    "settle",
    "signal",
    "skip",
    "start_run",
    "stop_runs",
    "tell_facts",
    "title_of",
]
