"""The store of secrets, told by name: what a secret says is shown to nobody."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.errors import RefusalError
from cyberdesk.core.text import Text, _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import secrets as store
from cyberdesk.desk.playbooks.forms_drafts import SecretForm
from cyberdesk.desk.playbooks.models import PlaybookSecret
from cyberdesk.desk.playbooks.views.door import door

PARTS: Mapping[str, Text] = {
    "password": _("password"),
    "token": _("token"),
    "oauth_header": _("OAuth header"),
    "value": _("value of a header"),
}


@door.get("/playbook-secrets", may="playbook:secret", endpoint="secrets")
def secrets() -> str:
    held = store.secrets(actor())
    return render_template("playbooks/secrets.html", secrets=held, parts_of=_parts)


@door.both("/playbook-secrets/set", may="playbook:secret", endpoint="set_secret")
def set_secret() -> Answer:
    """Set a secret, or change the one that `?name=` names."""
    form = SecretForm()
    held = {one.name: one for one in store.secrets(actor())}
    there = held.get(form.name.data or request.args.get("name", ""))
    if request.method == "GET":
        form.name.data = there.name if there else request.args.get("name", "")
        form.hosts.data = "\n".join(there.hosts) if there else ""

    def page(refusal: RefusalError | None) -> str:
        return render_template(
            "playbooks/secret.html", form=form, refusal=refusal, there=there, parts_of=_parts
        )

    def done(kept: PlaybookSecret) -> Response:
        flash(str(_("Kept: %(name)s.", name=kept.name)), "success")
        return redirect(url_for("playbooks.secrets"), code=303)

    return act(
        form,
        page=page,
        do=lambda: store.keep(
            actor(), form.name.data or "", fields=form.fields(), hosts=form.named_hosts()
        ),
        done=done,
    )


def _parts(secret: PlaybookSecret) -> str:
    """Name what is set of a secret, never what it says."""
    return ", ".join(str(said) for part, said in PARTS.items() if secret.fields.get(part))
