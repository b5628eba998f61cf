"""What people write: needed where the law or a colleague will ask for it, and of bounded length."""

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _

LONGEST = 10_000  # characters of a message, a note, a letter


def needed(field: str, text: str) -> str:
    """Return `text` stripped; raise InvalidError on `field` when it is empty or too long."""
    stripped = text.strip()
    if not stripped:
        raise InvalidError(
            _("Something is missing."), fields={field: [_("Write a few words here.")]}
        )
    if len(stripped) > LONGEST:
        too_long = _("At most %(count)s characters fit here.", count=LONGEST)
        raise InvalidError(_("This text is too long."), fields={field: [too_long]})
    return stripped


def chosen(field: str, code: str, among: object) -> str:
    """Return `code` when it is one of `among`; raise InvalidError on `field` otherwise."""
    if code in among:  # type: ignore[operator]
        return code
    raise InvalidError(_("Something is missing."), fields={field: [_("Choose one of the list.")]})
