"""Forms: Flask-WTF with CSRF, where a field that the form does not know is refused (422)."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form. `accepted()` is true for a sent and valid one."""

    def accepted(self) -> bool:
        if not self.is_submitted():
            return False
        refuse_unknown(set(self._fields))
        return bool(self.validate())

    def messages(self) -> dict[str, list[Any]]:
        """Return the errors by field, for the summary at the top of the page."""
        return {name: list(errors) for name, errors in self.errors.items() if name}

    def blame(self, refusal: InvalidError) -> None:
        """Show on the fields what a service found wrong with them."""
        for name, texts in refusal.fields.items():
            if name in self._fields:
                self._fields[name].errors = [str(text) for text in texts]


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Return values with their words as the `choices` of a field."""
    return [SelectChoice(value, words) for value, words in pairs]


def refuse_unknown(known: set[str]) -> None:
    """Raise InvalidError when the request sends a field outside of `known`."""
    sent = set(request.form) | set(request.files)
    unknown = sorted(sent - known - {"csrf_token"})
    if unknown:
        raise InvalidError(
            _(
                "The form holds a field that is not known: %(names)s",
                names=", ".join(unknown)[:200],
            ),
            hint=_("Reload the page and send it again."),
        )
