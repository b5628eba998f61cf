"""Tokens for machines: made, shown once, closed."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice

from cyberdesk.core import clock
from cyberdesk.core.access import api_tokens
from cyberdesk.core.access.account.forms import TokenForm
from cyberdesk.core.access.permissions import PUBLIC, SIGNED_IN, words_of
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door, doors
from cyberdesk.core.web.formatting import ZONE
from cyberdesk.core.web.identity import actor

door = Door("tokens", __name__, url_prefix="/compte/jetons", template_folder="../templates")

_USUAL = timedelta(days=90)


@door.get("", may="token:make")
def index() -> str:
    made = api_tokens.tokens_of(actor())
    return render_template("access/tokens.html", tokens=made, moment=clock.now(), words_of=words_of)


@door.both("/nouveau", may="token:make", strong=True)
def new() -> str:
    """Make a token. Its text is in the answer, and nowhere afterwards."""
    form = _form()
    if form.accepted():
        last = datetime.combine(form.expires_on.data, time.max, ZONE)
        row, text = api_tokens.make_token(
            actor(), name=form.name.data, scopes=form.scopes.data, expires_at=last
        )
        return render_template("access/token_made.html", token=row, text=text)
    return render_template("access/token_new.html", form=form, groups=_groups())


@door.post("/<uuid:token_id>/revoquer", may="token:make")
def revoke(token_id: UUID) -> Response:
    api_tokens.revoke_token(actor(), api_tokens.access_token(actor(), token_id))
    flash(str(_("The token is closed.")), "success")
    return redirect(url_for(".index"))


def _form() -> TokenForm:
    """The form, with the permissions that both the reader and the API have."""
    choices = [SelectChoice(name) for name in sorted(_opened())]

    class WithScopes(TokenForm):
        scopes = SelectMultipleField(
            _("What it may do"),
            choices=choices,
            widget=widgets.ListWidget(prefix_label=False),
            option_widget=widgets.CheckboxInput(),
        )

    usual = (clock.now() + _USUAL).date()
    return WithScopes(**({} if request.method == "POST" else {"expires_on": usual}))


def _groups() -> Mapping[str, list[dict[str, Any]]]:
    """The choices, by room: in words, with the code and the addresses that it opens."""
    found: dict[str, list[dict[str, Any]]] = {}
    for permission, addresses in sorted(_opened().items()):
        room, words = words_of(permission)
        choice = {"value": permission, "label": words, "addresses": sorted(addresses)}
        found.setdefault(room, []).append(choice)
    return found


def _opened() -> Mapping[str, list[str]]:
    """Each permission that opens an address of the API to this reader, with those addresses."""
    found: dict[str, list[str]] = {}
    declared = doors(current_app)
    for rule in current_app.url_map.iter_rules():
        here = declared[rule.endpoint]
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for needed in here.needs if here.machine else ():
            if needed not in {PUBLIC, SIGNED_IN} and actor().may(needed):
                found.setdefault(needed, []).append(f"{', '.join(methods)} {rule.rule}")
    return found
