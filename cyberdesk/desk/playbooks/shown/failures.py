"""Why a step failed, in the reader's language; what the other side said stands beside it."""

from collections.abc import Mapping

from cyberdesk.core.connector import Reason
from cyberdesk.core.text import Text, _
from cyberdesk.desk.connectors.reasons import Words, words_of

_NOTHING = _("Open the step to try again, skip it, or take up again from an earlier one.")
_OWN: Mapping[str, Text] = {
    "lost": _("Its worker was lost too many times"),
    "refused": _("The agreement was refused"),
    "not-done": _("It had not happened"),
    "called-back": _("It was called back before it left"),
    "playbook-failed": _("The playbook that was called could not finish"),
    "playbook-missing": _("The playbook to call is not there"),
    "too-deep": _("Playbooks call each other too deeply"),
    "too-many-rounds": _("It came back to the same place too many times"),
    "ACTION_TIMEOUT": _("The time passed without an outcome"),
    "error": _("An act of the house failed"),
}
# For these, what was said is our own technical word for the same.
_SILENT = {Reason.UNSET.value, "lost", "ACTION_TIMEOUT", "not-done", "called-back"}


def words_for(code: str, message: str = "") -> Words:
    """Return what happened and what to do, by its code; an unknown one is told by its message."""
    if code == Reason.OTHER and message:
        return Words(_("It did not work: %(said)s", said=message), _NOTHING)
    if code in set(Reason):
        return words_of(code)
    return Words(_OWN.get(code) or Text("%(said)s", {"said": message or code}), _NOTHING)


def told(failure: Mapping[str, str]) -> str:
    """Say in one line why a step failed; nothing where nothing is known."""
    code, message = failure.get("code", ""), failure.get("message", "")
    return str(words_for(code, message).title) if code or message else ""


def said(failure: Mapping[str, str]) -> str:
    """Return the other side's own words, when they say more than ours."""
    code, message = failure.get("code", ""), failure.get("message", "")
    return "" if code in _SILENT or message in told(failure) else message
