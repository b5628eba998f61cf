"""The forms of the queue and of the case page.

Services say what is wrong; forms hold what is typed. `seen` is the version of the case that the
page showed, so that nobody decides on what has turned.
"""

import re
from functools import cache
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import Form, choices
from cyberdesk.desk.cases.levels import LEVELS
from cyberdesk.desk.cases.service.sides import READERS
from cyberdesk.desk.cases.service.wording import LONGEST
from cyberdesk.desk.cases.vocabulary import (
    CALLS,
    OUTCOMES,
    PEOPLE,
    Words,
    said,
    spoken,
    vocabulary_of,
)

_LINE = 300
_VERSION = re.compile(r"[0-9]{1,9}")
_DAMAGE = "damage_"  # begins the name of a field for one side of the damages


def options(words: Words, *, but: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Return a vocabulary as choices, in the language of the reader."""
    return [(code, said(words, code)) for code in words if code not in but]


class CaseForm(Form):
    seen = HiddenField(validators=[Optional()])

    def seen_version(self) -> int | None:
        typed = str(self.seen.data or "")
        return int(typed) if _VERSION.fullmatch(typed) else None


class ReasonForm(CaseForm):
    reason = TextAreaField(_("Why?"), validators=[InputRequired(), Length(max=LONGEST)])


class HandOverForm(CaseForm):
    to = SelectField(_("To whom?"), validators=[InputRequired()])
    note = TextAreaField(
        _("What do they need to know?"),
        description=_("Where it stands, what comes next, what was promised and when."),
        validators=[InputRequired(), Length(max=LONGEST)],
    )


class SeverityForm(ReasonForm):
    to = RadioField(_("Severity"), coerce=int, validators=[InputRequired()])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.to.choices = choices((one.number, str(one.name)) for one in reversed(LEVELS))


class LinkForm(ReasonForm):
    other = StringField(
        _("Reference of the other case"), validators=[InputRequired(), Length(max=40)]
    )


class CallForm(CaseForm):
    role = SelectField(_("Who was called?"))
    outcome = RadioField(_("How did it go?"), validators=[InputRequired()])
    minutes = IntegerField(_("Minutes"), validators=[Optional(), NumberRange(0, 1440)])
    at = DateTimeLocalField(_("When?"), validators=[Optional()])
    words = TextAreaField(
        _("What was said"),
        description=_("For the desk alone. That a call took place is shown to the commune."),
        validators=[Length(max=LONGEST)],
    )

    def __init__(self, *arguments: Any, **given: Any) -> None:
        super().__init__(*arguments, **given)
        self.role.choices, self.outcome.choices = choices(options(PEOPLE)), choices(options(CALLS))


class ChronicleForm(CaseForm):
    at = DateTimeLocalField(_("When did it happen?"), validators=[InputRequired()])
    words = TextAreaField(_("What happened?"), validators=[InputRequired(), Length(max=LONGEST)])
    shared = BooleanField(_("Show it to the commune too"))


class PersonForm(CaseForm):
    role = SelectField(_("Role"))
    name = StringField(_("Name"), validators=[InputRequired(), Length(max=_LINE)])
    phone = StringField(_("Telephone"), validators=[Length(max=_LINE)])
    email = StringField(_("Mail address"), validators=[Length(max=_LINE)])
    about = StringField(
        _("Good to know"),
        description=_("When to call, who answers, what they can do."),
        validators=[Length(max=_LINE)],
    )

    def __init__(self, *arguments: Any, **given: Any) -> None:
        super().__init__(*arguments, **given)
        self.role.choices = choices(options(PEOPLE))


class CloseForm(CaseForm):
    outcome = RadioField(_("How did it end?"), validators=[InputRequired()])
    determination = SelectField(_("What was found"), validators=[InputRequired()])
    causes = SelectMultipleField(_("What made it possible"))
    cause = TextAreaField(_("The cause, in words"), validators=[Length(max=LONGEST)])
    damage = TextAreaField(_("The damage, in words"), validators=[Length(max=LONGEST)])
    lessons = TextAreaField(_("What is to be learnt from it"), validators=[Length(max=LONGEST)])
    letter = TextAreaField(
        _("Letter to the commune"),
        description=_("In plain words: what happened, what was done, what remains to be done."),
        validators=[InputRequired(), Length(max=LONGEST)],
    )

    def offer(self, strand: str) -> None:
        """Fill the choices with the words of the case's strand."""
        words = vocabulary_of(strand)
        self.outcome.choices = choices(options(OUTCOMES, but=frozenset({"duplicate"})))
        found = [("", str(_("Choose"))), *options(words.determinations)]
        self.determination.choices = choices(found)
        self.causes.choices = choices(options(words.causes))
        for name, side in words.damages.items():
            asked = self[f"{_DAMAGE}{name}"]
            asked.label.text = spoken(side.title)
            usual = [] if side.several else [("", str(_("Not assessed")))]
            asked.choices = choices([*usual, *options(side.values)])

    def damage_fields(self) -> list[Any]:
        return [held for name, held in self._fields.items() if name.startswith(_DAMAGE)]

    def damages(self) -> list[str]:
        """Return what was chosen of every side, as `dimension/value`."""
        return [
            f"{field.name.removeprefix(_DAMAGE)}/{value}"
            for field in self.damage_fields()
            for value in (field.data if isinstance(field.data, list) else [field.data])
            if value
        ]

    def blame(self, refusal: InvalidError) -> None:
        """What is wrong with the damages is said at the first side of them."""
        super().blame(refusal)
        if "damages" in refusal.fields and self.damage_fields():
            first = self.damage_fields()[0]
            first.errors = [str(text) for text in refusal.fields["damages"]]


@cache
def close_form(strand: str) -> type[CloseForm]:
    """Return the form that closes a case of `strand`, with a field for each side of its damages."""
    # What is chosen is checked by the service, which knows the strand's words too.
    sides = {
        f"{_DAMAGE}{name}": (SelectMultipleField if side.several else SelectField)(
            validate_choice=False
        )
        for name, side in vocabulary_of(strand).damages.items()
    }
    return type("CloseForm", (CloseForm,), sides)


class NoteForm(CaseForm):
    body = TextAreaField(_("Message"), validators=[InputRequired(), Length(max=LONGEST)])


class MessageForm(NoteForm):
    """`provider`, `dpo`: who reads it besides the commune."""

    provider = BooleanField(READERS["provider"])
    dpo = BooleanField(READERS["dpo"])

    def shared_with(self) -> list[str]:
        return [name for name in READERS if self[name].data]


class GlassForm(Form):
    reference = StringField(
        _("Reference of the case"), validators=[InputRequired(), Length(max=40)]
    )
    reason = TextAreaField(
        _("What is the emergency?"), validators=[InputRequired(), Length(max=LONGEST)]
    )


class ViewForm(Form):
    name = StringField(_("Name of the view"), validators=[InputRequired(), Length(max=60)])
    query = HiddenField(validators=[Length(max=2000)])


class BareForm(CaseForm):
    """A button: it sends nothing but itself."""
