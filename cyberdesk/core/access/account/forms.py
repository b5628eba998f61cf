"""What people write about themselves."""

from typing import Any

from wtforms import DateField, EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length, Optional, ValidationError

from cyberdesk.core.access.signin import passwords
from cyberdesk.core.access.signin.forms import plain_address
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import Form

_NEW = {"autocomplete": "new-password"}
_NAME = Length(max=120)
LANGUAGES = [SelectChoice("fr", "Français"), SelectChoice("en", "English")]


class ProfileForm(Form):
    name = StringField(_("Name"), [DataRequired(), _NAME], render_kw={"autocomplete": "name"})
    phone = StringField(
        _("Telephone"), [Optional(), Length(max=30)], render_kw={"autocomplete": "tel"}
    )
    language = SelectField(_("Language"), choices=LANGUAGES)


class AddressForm(Form):
    """Asking for a letter."""

    email = EmailField(_("Mail address"), [DataRequired()], render_kw={"autocomplete": "username"})

    def validate_email(self, field: Any) -> None:
        address = plain_address(field.data or "")
        if address is None:
            raise ValidationError(_("This is not a mail address."))
        field.data = address


class NewPasswordForm(Form):
    password = PasswordField(_("New password"), [DataRequired()], render_kw=_NEW)
    again = PasswordField(
        _("The same again"),
        [DataRequired(), EqualTo("password", message=_("The two passwords differ."))],
        render_kw=_NEW,
    )
    about: tuple[str, ...] = ()

    def validate_password(self, field: Any) -> None:
        wrong = passwords.faults(field.data or "", self.about)
        if wrong:
            raise ValidationError(wrong[0])


class WelcomeForm(NewPasswordForm):
    """Coming in by an invitation. The address is asked for where the invitation has none."""

    name = StringField(_("Your name"), [DataRequired(), _NAME], render_kw={"autocomplete": "name"})
    email = EmailField(_("Mail address"), [DataRequired()], render_kw={"autocomplete": "username"})

    def validate_email(self, field: Any) -> None:
        AddressForm.validate_email(self, field)


class TokenForm(Form):
    name = StringField(_("What it is for"), [DataRequired(), Length(max=80)])
    expires_on = DateField(_("Last day"), [DataRequired()])
    scopes: Any
