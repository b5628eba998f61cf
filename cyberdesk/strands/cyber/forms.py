"""The forms with which a responder settles the kind of attack, and corrects a fact."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from cyberdesk.core.text import _, language
from cyberdesk.core.web.forms import choices
from cyberdesk.desk.cases.forms import CaseForm
from cyberdesk.strands.cyber.facts import load_facts
from cyberdesk.strands.cyber.known import WORDS, Known
from cyberdesk.strands.cyber.taxonomy import load_attack_types, load_rsit
from cyberdesk.strands.cyber.weighing import TOLD


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
        self.kind.choices = choices((one, kinds[one].label.say(language())) for one in ordered)
        types = ((one.name, _rsit(one)) for one in load_rsit().values())
        self.rsit.choices = choices([("", str(_("The usual one"))), *types])


class CorrectForm(CaseForm):
    """`seen` holds what the page showed of the fact."""

    seen = HiddenField(validators=[Optional(), Length(max=40)])
    said = RadioField(_("What is true?"), validators=[InputRequired()])
    reason = TextAreaField(
        _("Who says so, and how do they know?"),
        description=_("For the desk and the case: the commune reads it too."),
        validators=[InputRequired(), Length(max=2000)],
    )

    def given(self) -> dict[str, str]:
        """Return what was typed, as the service takes it."""
        return {name: self[name].data or "" for name in ("said", "reason", "seen")}

    def offer(self, one: Known) -> None:
        """Fill in what can be said of the fact."""
        answers = load_facts()[one.name].answers
        offered = [(said, str(WORDS[said])) for said in answers]
        if one.correction:
            told = _("As it was told before: %(said)s", said=str(one.told_word).lower())
            offered.append((TOLD, str(told)))
        self.said.choices = choices(offered)


def _rsit(one: Any) -> str:
    spoken = language()
    return f"{one.class_label.say(spoken)} · {one.label.say(spoken)}"
