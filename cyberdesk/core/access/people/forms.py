"""What administrators and managers write."""

from typing import Any

from wtforms import DateField, EmailField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from cyberdesk.core.access.account.forms import LANGUAGES, AddressForm
from cyberdesk.core.access.people.roles import (
    GIVEN,
    NAMES,
    OF_AN_ORGANISATION,
    ON_A_DESK,
    desks,
)
from cyberdesk.core.access.people.service.organisations import ADDED, KINDS
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import Form

_NAME = Length(max=120)


class RoleForm(Form):
    """A role and where it is held; which place it needs depends on the role."""

    role = SelectField(_("Role"), [DataRequired()])
    strand = SelectField(_("Desk"))
    organisation = HiddenField(_("Organisation"))
    organisation_text = StringField(_("Organisation"), [Optional(), _NAME])
    search = HiddenField()  # the button beside it, for browsers without a script

    def offer(self, roles: Any = GIVEN) -> None:
        """Fill the lists with the `roles` that the reader may give."""
        self.role.choices = [SelectChoice(str(role), str(NAMES[role])) for role in roles]
        self.strand.choices = [
            SelectChoice("", str(_("none"))),
            *(SelectChoice(name, str(title)) for name, title in desks().items()),
        ]
        if not self.is_submitted() and len(desks()) == 1:
            self.strand.data = next(iter(desks()))

    def accepted(self) -> bool:
        return super().accepted() and not self.search.data

    def validate_strand(self, field: Any) -> None:
        if self.role.data in ON_A_DESK and not field.data:
            raise ValidationError(_("Choose the desk."))

    def validate_organisation(self, field: Any) -> None:
        if self.role.data in OF_AN_ORGANISATION and not field.data:
            raise ValidationError(_("Choose the organisation."))


class GiveRoleForm(RoleForm):
    until = DateField(_("Until"), [Optional()])


class InviteForm(RoleForm):
    name = StringField(_("Name"), [DataRequired(), _NAME])
    email = EmailField(_("Mail address"), [DataRequired()])
    language = SelectField(_("Language"), choices=LANGUAGES)

    def validate_email(self, field: Any) -> None:
        AddressForm.validate_email(self, field)


class OrganisationForm(Form):
    kind = SelectField(_("Kind"), [DataRequired()])
    name = StringField(_("Name"), [DataRequired(), Length(max=200)])
    code = StringField(_("SIREN or UAI"), [Optional(), Length(max=14)])

    def offer(self) -> None:
        self.kind.choices = [SelectChoice(kind, str(KINDS[kind])) for kind in ADDED]

    def validate_code(self, field: Any) -> None:
        code = "".join((field.data or "").split()).upper()
        if code and not code.isalnum():
            raise ValidationError(_("Letters and digits only."))
        field.data = code or None
