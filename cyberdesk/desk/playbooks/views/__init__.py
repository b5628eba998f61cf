"""Pages of playbooks: runs and their steps, the library and drafts, what stands still or failed."""

from cyberdesk.desk.playbooks.views import (
    drafts,
    going_over,
    library,
    publishers,
    rehearsing,
    runs,
    secrets,
    signals,
    starting,
    steps,
    watching,
)
from cyberdesk.desk.playbooks.views.door import door

__all__ = [
    "door",
    "drafts",
    "going_over",
    "library",
    "publishers",
    "rehearsing",
    "runs",
    "secrets",
    "signals",
    "starting",
    "steps",
    "watching",
]
