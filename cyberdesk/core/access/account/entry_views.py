"""Ways in without a password: an invitation, and a letter for a new password.

The address in a letter bears a token. It is exchanged for a cookie at once, so that it stands
neither in the address bar, nor in the history, nor in what a page sends on (ASVS 5.0 V14.2.1).
"""

from datetime import timedelta

from flask import flash, render_template, url_for
from flask import session as cookie
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cyberdesk.core.access import throttle
from cyberdesk.core.access.account.forms import AddressForm, NewPasswordForm, WelcomeForm
from cyberdesk.core.access.actor import ActorKind, system
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.people import service
from cyberdesk.core.access.people.models import Invitation
from cyberdesk.core.access.people.roles import NAMES, desks
from cyberdesk.core.access.permissions import PUBLIC
from cyberdesk.core.access.signin import limits
from cyberdesk.core.crypto.secret import Secret
from cyberdesk.core.db import seeing
from cyberdesk.core.db import session as db
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.text import _
from cyberdesk.core.web import cookies
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor

_LASTS = timedelta(hours=1)

door = Door("entry", __name__, template_folder="../templates")


@door.get("/invitation/<token>", may=PUBLIC)
def invited(token: str) -> Response:
    service.find_invitation(token)
    return _exchanged("invitation", token, ".invitation")


@door.both("/invitation", may=PUBLIC)
def invitation() -> str | Response:
    """Take up an invitation: with a new account, or with the one that is signed in."""
    token = cookies.kept("invitation")
    offered = service.find_invitation(token)
    who = actor()
    if who.kind is ActorKind.PERSON and offered.email in {None, _address_of(who.id)}:
        return _accept_signed_in(offered, token)
    form = WelcomeForm(name=offered.name, email=offered.email or "")
    form.about = (form.name.data or "", form.email.data or "")
    if form.accepted():
        limits.network_only()
        newcomer = service.Newcomer(
            email=form.email.data, name=form.name.data, password=Secret(form.password.data)
        )
        person = service.join(system("invitation"), offered, token=Secret(token), who=newcomer)
        return _used("invitation", _let_in(person))
    return render_template(
        "access/invitation.html", form=form, offered=offered, role=_role(offered)
    )


def _accept_signed_in(offered: Invitation, token: str) -> str | Response:
    from cyberdesk.core.web.forms import Form

    form = Form()
    if not form.accepted():
        return render_template(
            "access/invitation_again.html", form=form, offered=offered, role=_role(offered)
        )
    person = db().get_one(Person, actor().id)
    service.join(system("invitation"), offered, token=Secret(token), who=person)
    flash(str(_("You have your new role.")), "success")
    return _used("invitation", redirect(url_for("account.start")))


def _let_in(person: Person) -> Response:
    """Sign the newcomer in: they hold the link, and have just chosen their password."""
    from flask_security.utils import login_user

    from cyberdesk.core.access.signin.security import accounts

    cookie.clear()
    with seeing(SYSTEM):
        login_user(accounts.account(person.id), remember=False, authn_via=["invitation"])
    return redirect(url_for("account.start"))


@door.both("/mot-de-passe-oublie", may=PUBLIC)
def forgotten() -> str:
    """Ask for a letter. Neither the answer nor its time shows whether the address is known."""
    form = AddressForm()
    sent = False
    if form.accepted():
        limits.network_only()
        with limits.evenly():
            if throttle.wait(limits.LETTERS, form.email.data) == 0:
                service.ask_new_password(system("sign-in"), email=form.email.data)
        sent = True
    return render_template("access/forgotten.html", form=form, sent=sent)


@door.get("/nouveau-mot-de-passe/<token>", may=PUBLIC)
def renewing(token: str) -> Response:
    service.find_renewal(token)
    return _exchanged("renewal", token, ".renewal")


@door.both("/nouveau-mot-de-passe", may=PUBLIC)
def renewal() -> str | Response:
    token = cookies.kept("renewal")
    person = service.find_renewal(token)
    form = NewPasswordForm()
    form.about = (person.name, person.email)
    if form.accepted():
        limits.network_only()
        service.renew_password(
            system("sign-in"), person, token=Secret(token), password=Secret(form.password.data)
        )
        cookie.clear()
        flash(str(_("Your password is changed. Sign in with it.")), "success")
        return _used("renewal", redirect(url_for("security.login")))
    return render_template("access/new_password.html", form=form)


def _exchanged(kind: str, token: str, endpoint: str) -> Response:
    """Keep the token in this browser for as long as a form takes, and lead to the form."""
    answer = redirect(url_for(endpoint), code=303)
    cookies.keep(answer, kind, token, lasts=_LASTS)
    return answer


def _used(kind: str, answer: Response) -> Response:
    cookies.forget(answer, kind)
    return answer


def _address_of(person_id: object) -> str | None:
    person = db().get(Person, person_id)
    return person.email if person else None


def _role(offered: Invitation) -> str:
    """The role that is offered, and where."""
    where = offered.organisation.name if offered.organisation else desks().get(offered.strand or "")
    name = NAMES.get(offered.role, offered.role)
    return f"{name}, {where}" if where else str(name)
