"""Forms drawn from the JSON Schema of a manifest: settings to fill in, or an action to rehearse."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FloatField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from cyberdesk.core.connector import Manifest
from cyberdesk.core.text import _, bilingual
from cyberdesk.core.web.forms import Form

_LONG = 300  # signs from which a text is given several lines
FORGET = "forget__"


class DrawnForm(Form):
    """A form made from `schema`; `given()` is what was filled in, in the types it asks for."""

    schema: Mapping[str, Any]

    def given(self) -> dict[str, Any]:
        """Return the fields that hold something; an empty one is left out."""
        values = {name: self._fields[name].data for name in self.schema["properties"]}
        return {name: value for name, value in values.items() if value not in (None, "", [], {})}

    def drawn(self) -> list[Field]:
        return [self._fields[name] for name in self.schema["properties"]]

    def tell(self, faults: Mapping[str, Any]) -> list[Any]:
        """Put each fault beside its field; return those that belong to none."""
        loose = []
        for where, said in faults.items():
            field = self._fields.get(where.partition(".")[0])
            if field is None:
                loose.extend(said)
            else:
                field.errors = [*field.errors, *said]
        return loose

    def forgotten(self) -> set[str]:
        return {
            name.removeprefix(FORGET)
            for name, field in self._fields.items()
            if name.startswith(FORGET) and field.data
        }


def settings_form(manifest: Manifest, held: Mapping[str, Any], secrets: Iterable[str]) -> DrawnForm:
    """Return the form of a connector's settings, filled with `held`. A secret is never shown."""
    made = _form_of(manifest.settings, manifest.secrets)
    required = set(manifest.settings.get("required", ()))
    for name in sorted(set(secrets) - required):
        setattr(made, FORGET + name, BooleanField(_("Remove it")))
    return made(data=_defaults(manifest.settings) | _shown(made, held))


def action_form(schema: Mapping[str, Any]) -> DrawnForm:
    """Return the form of an action's input, filled with the examples that its schema gives."""
    made = _form_of(schema, frozenset())
    told = schema["properties"].items()
    examples = {name: one["examples"][0] for name, one in told if one.get("examples")}
    return made(data=_defaults(schema) | _shown(made, examples))


def _form_of(schema: Mapping[str, Any], secrets: frozenset[str]) -> type[DrawnForm]:
    fields = {
        name: _field(name, told, secret=name in secrets)
        for name, told in schema["properties"].items()
    }
    return type("Drawn", (DrawnForm,), {"schema": schema, **fields})


def _field(name: str, told: Mapping[str, Any], *, secret: bool) -> Any:
    label = _told(told, "title") or name
    # A manifest may call a field as the page calls one of its parts.
    words = {"description": _told(told, "description"), "id": f"given-{name}"}
    if secret:
        keep = {"autocomplete": "new-password", "spellcheck": "false"}
        made = SecretLinesField if told.get("maxLength", 0) > _LONG else PasswordField
        return made(label, render_kw=keep, **words)
    if "enum" in told:
        return SelectField(label, choices=_choices(told), validate_choice=False, **words)
    return _KINDS.get(str(told.get("type")), _text)(label, told, words)


def _text(label: str, told: Mapping[str, Any], words: Mapping[str, Any]) -> Any:
    of_format = {"uri": URLField, "email": EmailField}.get(str(told.get("format")))
    if of_format:
        return of_format(label, **words)
    long = told.get("maxLength", 0) > _LONG
    return TextAreaField(label, **words) if long else StringField(label, **words)


class SecretLinesField(TextAreaField):  # type: ignore[misc]
    """A secret of several lines, such as a private key: taken, and never shown again."""

    def _value(self) -> str:
        return ""


class LinesField(TextAreaField):  # type: ignore[misc]
    """A list of texts, one on each line."""

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = (valuelist[0] if valuelist else "").splitlines()
        self.data = [line.strip() for line in lines if line.strip()]


class JsonField(TextAreaField):  # type: ignore[misc]
    """An object, written as JSON."""

    def _value(self) -> str:
        return json.dumps(self.data, ensure_ascii=False) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        try:
            self.data = json.loads(text) if text else None
        except ValueError as error:
            self.data = None
            raise ValueError(str(_("This is not JSON."))) from error

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.data is not None and not isinstance(self.data, dict):
            raise ValidationError(str(_("This is not a JSON object.")))


_KINDS: Mapping[str, Any] = {
    "integer": lambda label, _told, words: IntegerField(label, **words),
    "number": lambda label, _told, words: FloatField(label, **words),
    "boolean": lambda label, _told, words: BooleanField(label, **words),
    "array": lambda label, _told, words: LinesField(label, **words),
    "object": lambda label, _told, words: JsonField(label, **words),
}


def _choices(told: Mapping[str, Any]) -> list[SelectChoice]:
    labels = told.get("x-labels", {})
    empty = [] if "default" in told else [SelectChoice("", "")]
    return [*empty, *(SelectChoice(one, bilingual(labels.get(one)) or one) for one in told["enum"])]


def _told(told: Mapping[str, Any], key: str) -> str:
    """JSON Schema knows one language: the French stands beside it, in `x-fr` keys."""
    french = told.get("x-fr" if key == "title" else f"x-fr-{key}")
    return bilingual({"fr": french or told.get(key, ""), "en": told.get(key, "")})


def _defaults(schema: Mapping[str, Any]) -> dict[str, Any]:
    told = schema["properties"].items()
    return {name: one["default"] for name, one in told if "default" in one}


def _shown(made: type[DrawnForm], held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name in made.schema["properties"]}
