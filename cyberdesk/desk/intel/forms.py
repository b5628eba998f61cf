"""The forms of observables. What is pasted is read by `views/pasting.py`."""

from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from cyberdesk.core.text import _
from cyberdesk.core.web.forms import choices
from cyberdesk.desk.cases.forms import CaseForm
from cyberdesk.desk.intel.service.adding import LONGEST_NOTE
from cyberdesk.desk.intel.showing import levels


class ChangeForm(CaseForm):
    marking = SelectField(_("How far it may travel"))
    seen_at = DateTimeLocalField(_("First seen there"), validators=[Optional()])
    seen_until = DateTimeLocalField(_("Last seen there"), validators=[Optional()])
    note = TextAreaField(
        _("Note for the desk"),
        description=_("It never leaves with an export outside."),
        validators=[Length(max=LONGEST_NOTE)],
    )

    def __init__(self, *arguments: Any, **given: Any) -> None:
        super().__init__(*arguments, **given)
        self.marking.choices = choices(levels())


class ExportForm(CaseForm):
    """`expected` is the bundle that the page has shown."""

    tlp = RadioField(_("For whom?"), validators=[InputRequired()])
    exercise = BooleanField(_("This is an exercise: every object will be marked so"))
    expected = HiddenField(validators=[Length(max=60)])

    def __init__(self, *arguments: Any, **given: Any) -> None:
        super().__init__(*arguments, **given)
        self.tlp.choices = choices(levels())


class IndicatorForm(CaseForm):
    """A button, on the list or on the page of one observable, where one stays."""

    stay = HiddenField(validators=[Length(max=1)])
