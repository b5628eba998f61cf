"""What lists may say of a task: a title that nobody typed. What a person typed stays sealed."""

from collections.abc import Mapping

from cyberdesk.core.text import _, in_each
from cyberdesk.desk.tasks.models import Task

TYPED = "typed"  # in a task's content: its title comes from a person's keyboard


def listed_title(task: Task) -> Mapping[str, str]:
    """Return the title for plain columns: the queue, deadlines, the facts of a timeline line."""
    if task.content.get(TYPED):
        return in_each(_("A task opened by hand"))
    title: Mapping[str, str] = task.content.get("title", {})
    return title
