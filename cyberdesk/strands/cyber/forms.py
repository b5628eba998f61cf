"""The form with which a responder settles the kind of attack."""

from typing import Any

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from cyberdesk.core.text import _, language
from cyberdesk.desk.cases.forms import CaseForm
from cyberdesk.strands.cyber.taxonomy import load_attack_types, load_rsit


class SettleForm(CaseForm):
    kind = SelectField(_("Kind of attack"), validators=[InputRequired()])
    rsit = SelectField(
        _("RSIT type"),
        description=_("For statistics. Left alone, it is the usual one of the kind."),
        validators=[Optional()],
    )
    reason = TextAreaField(
        _("Why?"),
        description=_("Needed for another kind than the one proposed. For the desk and the case."),
        validators=[Length(max=2000)],
    )
    follow = BooleanField(_("Begin the playbook of this kind"), default=True)
    instead = BooleanField(_("End the playbook that runs now: its open tasks are withdrawn"))

    def __init__(self, *arguments: Any, likely: list[str], **given: Any) -> None:
        super().__init__(*arguments, **given)
        kinds = load_attack_types()
        ordered = [*likely, *(name for name in kinds if name not in likely)]
        self.kind.choices = [(name, kinds[name].label.say(language())) for name in ordered]
        self.rsit.choices = [
            ("", str(_("The usual one"))),
            *((one.name, _rsit(one)) for one in load_rsit().values()),
        ]


def _rsit(one: Any) -> str:
    spoken = language()
    return f"{one.class_label.say(spoken)} · {one.label.say(spoken)}"
