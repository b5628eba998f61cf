"""Pages of playbooks: runs and their steps, the library, what stands still or failed."""

from cyberdesk.desk.playbooks.views import (
    going_over,
    library,
    runs,
    signals,
    starting,
    steps,
    watching,
)
from cyberdesk.desk.playbooks.views.door import door

__all__ = ["door", "going_over", "library", "runs", "signals", "starting", "steps", "watching"]
