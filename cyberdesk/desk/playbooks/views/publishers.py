"""Who signs playbooks: the key of this house, and the keys that are trusted here."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from cyberdesk.core.crypto.jose import read_public
from cyberdesk.core.errors import NotFoundError, RefusalError
from cyberdesk.core.text import Text, _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import publishers as keys
from cyberdesk.desk.playbooks.forms_drafts import NothingForm, TrustForm
from cyberdesk.desk.playbooks.models import PlaybookPublisher
from cyberdesk.desk.playbooks.views.door import door


@door.get("/playbook-publishers", may="publisher:list", strong=True, endpoint="publishers")
def publishers() -> str:
    held = keys.publishers(actor())
    return render_template("playbooks/publishers.html", publishers=held, thumbprint=_thumbprint)


@door.get(
    "/playbook-publishers/<uuid:publisher_id>/key.pem",
    may="publisher:list",
    strong=True,
    endpoint="publisher_key",
)
def key(publisher_id: UUID) -> Response:
    """The public half, for whoever is to know what this house signs."""
    row = _found(publisher_id)
    response = Response(row.public_key, mimetype="application/x-pem-file")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.id}.pem"'
    return response


@door.both(
    "/playbook-publishers/trust", may="publisher:manage", strong=True, endpoint="trust_publisher"
)
def trust() -> Answer:
    form = TrustForm()

    def page(refusal: RefusalError | None) -> str:
        return render_template("playbooks/publisher_trust.html", form=form, refusal=refusal)

    def trusted() -> PlaybookPublisher:
        row: PlaybookPublisher = keys.trust(
            actor(), name=form.name.data or "", pem=form.pem.data or ""
        )
        return row

    return act(
        form,
        page=page,
        do=trusted,
        done=lambda row: _done(_("What this key signs is now shown as: %(name)s", name=row.name)),
    )


@door.both(
    "/playbook-publishers/<uuid:publisher_id>/distrust",
    may="publisher:manage",
    strong=True,
    endpoint="distrust_publisher",
)
def distrust(publisher_id: UUID) -> Answer:
    row, form = _found(publisher_id), NothingForm()
    return act(
        form,
        page=lambda refusal: render_template(
            "playbooks/publisher_distrust.html",
            form=form,
            refusal=refusal,
            publisher=row,
            thumbprint=_thumbprint,
        ),
        do=lambda: keys.distrust(actor(), row),
        done=lambda _row: _done(_("The key is trusted no more.")),
    )


@door.both(
    "/playbook-publishers/renew", may="publisher:manage", strong=True, endpoint="renew_publisher"
)
def renew() -> Answer:
    form = NothingForm()
    return act(
        form,
        page=lambda _refusal: render_template("playbooks/publisher_renew.html", form=form),
        do=lambda: keys.renew(actor()),
        done=lambda _row: _done(_("From now on this house signs with its new key.")),
    )


def _done(said: Text) -> Redirect:
    flash(str(said), "success")
    return redirect(url_for("playbooks.publishers"), code=303)


def _found(publisher_id: UUID) -> PlaybookPublisher:
    every: Sequence[PlaybookPublisher] = keys.publishers(actor())
    for one in every:
        if one.id == publisher_id:
            return one
    raise NotFoundError(_("There is no such key here."))


def _thumbprint(publisher: PlaybookPublisher) -> str:
    return read_public(publisher.public_key).thumbprint
