"""How the journal calls what is done with tasks."""

from cyberdesk.core.text import _

ACTS = {
    "task:open": _("Task opened"),
    "task:answer": _("Task answered"),
    "task:withdraw": _("Task withdrawn"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "tasks": _("Task"),
}
