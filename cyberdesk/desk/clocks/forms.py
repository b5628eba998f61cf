from wtforms import DateTimeLocalField, TextAreaField
from wtforms.validators import InputRequired, Length

from cyberdesk.core.text import _
from cyberdesk.core.web.forms import Form

LONGEST = 4000


class DoneForm(Form):
    at = DateTimeLocalField(
        _("When was it done?"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],  # shown to the minute
        validators=[InputRequired()],
    )
    proof = TextAreaField(
        _("What proves it?"),
        description=_("Receipt number, who was told, by whom, by which way."),
        validators=[InputRequired(), Length(max=LONGEST)],
    )


class ExcludeForm(Form):
    reason = TextAreaField(
        _("Why does it not apply here?"), validators=[InputRequired(), Length(max=LONGEST)]
    )


class AwarenessForm(Form):
    at = DateTimeLocalField(_("When did the commune know of it?"), validators=[InputRequired()])
    words = TextAreaField(_("Who noticed what?"), validators=[Length(max=LONGEST)])
