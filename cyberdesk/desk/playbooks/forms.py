"""The forms with which a person steers runs."""

from collections.abc import Mapping
from typing import Any, TypeVar

from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import DateTimeLocalInput

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import Form

LONGEST = 4000


class SteerForm(Form):
    """A button that asks for nothing more."""

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        return {one.name: one.data or "" for one in self if one.type != "CSRFTokenField"}


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


class MigrateForm(ReasonForm):
    to = HiddenField(validators=[InputRequired(), Length(max=80)])


class AskingForm(ReasonForm):
    """A form that asks what a playbook wants to know, each in a field of its own."""

    def values(self) -> dict[str, Any]:
        """Return the answers by the name of their question, "?" for "I do not know"."""
        asked = {name: one for name, one in self._fields.items() if name.startswith(ASKED)}
        return {name.removeprefix(ASKED): one.data or "" for name, one in asked.items()}

    def blame(self, refusal: InvalidError) -> None:
        super().blame(refusal)
        for name, texts in refusal.fields.items():
            if f"{ASKED}{name}" in self._fields:
                self._fields[f"{ASKED}{name}"].errors = [str(text) for text in texts]

    @property
    def questions(self) -> list[Field]:
        return [one for name, one in self._fields.items() if name.startswith(ASKED)]


class StartForm(AskingForm):
    """`asked` names the playbook whose questions the page has put."""

    playbook = RadioField(_("Which playbook?"), validators=[InputRequired()])
    asked = HiddenField(validators=[Optional(), Length(max=200)])


class SignalForm(AskingForm):
    """Something came in. `once` names the page that was shown: sent twice, it counts once."""

    once = HiddenField(validators=[Optional(), Length(max=140)])
    reason = TextAreaField(
        _("What came in, from whom, and when?"),
        description=_("For the desk alone. Hand the document itself in under Files."),
        validators=[InputRequired(), Length(max=LONGEST)],
    )


ASKED = "q_"
_F = TypeVar("_F", bound=AskingForm)


def asking(form: type[_F], questions: Mapping[str, Mapping[str, Any]]) -> type[_F]:
    """Return `form` with a field for each question, labels and choices in one language."""
    fields = {f"{ASKED}{name}": _asked(question) for name, question in questions.items()}
    return type(form.__name__, (form,), fields)


def _asked(question: Mapping[str, Any]) -> Field:
    label, kind, choices = question["label"], question["type"], question["choices"]
    known = question.get("value")
    if kind == "bool":
        choices = {"true": _("Yes"), "false": _("No")}
    if choices:
        offered = [SelectChoice(value, str(text)) for value, text in choices.items()]
        offered.append(SelectChoice("?", str(_("I do not know"))))
        return RadioField(label, choices=offered, default=known or "?")
    if kind == "datetime":
        return StringField(label, widget=DateTimeLocalInput(), validators=[Optional()])
    return StringField(label, default=known, validators=[Optional(), Length(max=LONGEST)])
