"""The forms of authors: a text, a file, a secret."""

import re
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from cyberdesk.core.text import _
from cyberdesk.core.web.forms import Form
from cyberdesk.desk.playbooks.language.nodes import LARGEST
from cyberdesk.desk.playbooks.standard.meaning import SECRET_FIELDS

_NAME = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,119}\Z"
_HOST = re.compile(r"[a-z0-9.:-]{1,253}\Z")


class DraftForm(Form):
    """A text with the number of the draft that it was made from."""

    number = IntegerField(_("Number of the draft"), validators=[InputRequired()])
    source = TextAreaField(
        _("Text of the playbook"), validators=[InputRequired(), Length(max=LARGEST)]
    )


class ImportForm(Form):
    file = FileField(
        _("CACAO 2.0 file (JSON or YAML), or a playbook in our notation"),
        validators=[FileRequired(_("Choose a file."))],
    )


class NothingForm(Form):
    """A button that says everything."""


class TrustForm(Form):
    """A key of somebody else, and whose it is."""

    name = StringField(
        _("Whose key it is"),
        description=_("As it is shown beside what they sign."),
        validators=[InputRequired(), Length(max=200)],
    )
    pem = TextAreaField(
        _("Public key or certificate (PEM)"),
        description=_("From -----BEGIN to -----END, both lines included."),
        validators=[InputRequired(), Length(max=20_000)],
    )


class SecretForm(Form):
    """A secret. What is left empty stays as it was; nothing that is kept is ever shown."""

    name = StringField(
        _("Name"),
        description=_("As playbooks name it: kms_key_identifier, or kms:NAME in a header."),
        validators=[
            InputRequired(),
            Regexp(_NAME, message=_("Letters, digits, and . _ : - are possible.")),
        ],
    )
    hosts = TextAreaField(
        _("Hosts that it may go to"),
        description=_("One a line, without https://. It goes nowhere else, whatever a text says."),
        validators=[Optional(), Length(max=4_000)],
    )
    password = PasswordField(_("Password"), validators=[Optional(), Length(max=4_000)])
    token = PasswordField(_("Token"), validators=[Optional(), Length(max=20_000)])
    oauth_header = PasswordField(_("OAuth header"), validators=[Optional(), Length(max=20_000)])
    value = PasswordField(
        _("Value of a header"),
        description=_("For a header written kms:NAME."),
        validators=[Optional(), Length(max=20_000)],
    )

    def validate_hosts(self, _field: Any) -> None:
        wrong = [host for host in self.named_hosts() if not _HOST.match(host)]
        if wrong:
            raise ValidationError(_("This is not the name of a host: %(name)s", name=wrong[0][:80]))

    def named_hosts(self) -> list[str]:
        return [line.strip().lower() for line in (self.hosts.data or "").split() if line.strip()]

    def fields(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in (*SECRET_FIELDS, "value")}
