"""What the engine did not take, as refusals that people understand."""

from cyberdesk.core.errors import ConflictError, InvalidError
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks.keeper import Applied


def refuse_ignored(applied: Applied) -> None:
    why = applied.ignored
    if why is None:
        return
    if why.startswith("not an answer"):
        raise InvalidError(_("This is no answer to the question."), hint=why)
    raise ConflictError(
        _("This is no longer open: somebody, or time, was faster."),
        hint=_("Reload the page to see how it stands."),
    )


def needed(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise InvalidError(_("Say why."), fields={"reason": [_("missing")]})
    return words
