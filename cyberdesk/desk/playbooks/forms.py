"""The forms with which a person steers runs."""

from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import Form

LONGEST = 4000


class SteerForm(Form):
    """A button that asks for nothing more."""

    def blame(self, refusal: InvalidError) -> None:
        """Show on the fields what a service found wrong with them."""
        for name, texts in refusal.fields.items():
            if name in self._fields:
                self._fields[name].errors = [str(text) for text in texts]


class ReasonForm(SteerForm):
    reason = TextAreaField(_("Why?"), validators=[InputRequired(), Length(max=LONGEST)])


class VerifyForm(SteerForm):
    answer = RadioField(_("Did it happen?"), validators=[InputRequired()])
    reason = TextAreaField(
        _("How do you know?"),
        description=_("Whom you asked, what you saw on the other side, when."),
        validators=[InputRequired(), Length(max=LONGEST)],
    )

    def __init__(self, *arguments: Any, **given: Any) -> None:
        super().__init__(*arguments, **given)
        self.answer.choices = [
            ("done", str(_("Yes, it happened: go on"))),
            ("not_done", str(_("No: try again as the playbook says"))),
        ]


class StartForm(ReasonForm):
    playbook = RadioField(_("Which playbook?"), validators=[InputRequired()])
