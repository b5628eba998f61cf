"""The pages of a person's own account."""

from uuid import UUID

from flask import flash, render_template, session, url_for
from sqlalchemy import select
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cyberdesk.core import clock
from cyberdesk.core.access.account.forms import ProfileForm
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.people import service
from cyberdesk.core.access.people.roles import NAMES
from cyberdesk.core.access.permissions import SIGNED_IN, Role
from cyberdesk.core.access.signin import browser, sessions
from cyberdesk.core.access.signin.account import Account
from cyberdesk.core.access.signin.models import SignIn
from cyberdesk.core.access.signin.security import accounts
from cyberdesk.core.db import session as db
from cyberdesk.core.errors import NotFoundError, SignInError
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.frame import first_way
from cyberdesk.core.web.identity import actor

door = Door("account", __name__, url_prefix="/compte", template_folder="../templates")


@door.get("/entree", may=SIGNED_IN, weak=True)
def start() -> Response:
    """Lead whoever has just signed in to their work; staff without a second factor set it up."""
    who = actor()
    if who.staff and not who.strong:
        return redirect(url_for(".protect"))
    return redirect(first_way(who) or url_for(".home"))


@door.get("", may=SIGNED_IN, weak=True)
def home() -> str:
    mine = _mine()
    return render_template(
        "access/account.html",
        mine=mine,
        administers=any(grant.role == Role.ADMIN for grant in actor().grants),
        grants=[(NAMES.get(grant.role, grant.role), grant) for grant in actor().grants],
        open_sessions=_open_sessions(),
        here=browser.under_way(),
    )


@door.get("/proteger", may=SIGNED_IN, weak=True)
def protect() -> str:
    """The ways to a second factor, for whoever has to have one."""
    return render_template("access/protect.html", mine=_mine(), strong=actor().strong)


@door.get("/protege", may=SIGNED_IN, weak=True)
def protected() -> Response:
    """Lead whoever has a new second factor to their codes for the day it is lost."""
    none_left = not _mine().held.recovery
    return redirect(url_for("security.mf_recovery_codes" if none_left else ".home"))


@door.both("/profil", may=SIGNED_IN, weak=True)
def profile() -> str | Response:
    person = db().get_one(Person, actor().id)
    form = ProfileForm(obj=person)
    if form.accepted():
        service.change_profile(
            actor(),
            person,
            name=form.name.data,
            phone=form.phone.data or None,
            language=form.language.data,
        )
        flash(str(_("Your changes are kept.")), "success")
        return redirect(url_for(".home"))
    return render_template("access/profile.html", form=form)


@door.post("/sessions/<uuid:session_id>/fin", may=SIGNED_IN, weak=True)
def end_session(session_id: UUID) -> Response:
    """Sign another browser out."""
    found = db().get(SignIn, session_id)
    if found is None or found.person_id != actor().id:
        raise NotFoundError
    sessions.end_session(found.id)
    flash(str(_("That browser is signed out.")), "success")
    return redirect(url_for(".home"))


@door.post("/sessions/fin", may=SIGNED_IN, weak=True)
def end_all() -> Response:
    """Sign out everywhere, here too."""
    service.sign_out_everywhere(actor(), db().get_one(Person, actor().id))
    session.clear()
    return redirect(url_for("security.login"))


def _mine() -> Account:
    who = actor()
    found = accounts.account(who.id) if who.id else None
    if found is None:
        raise SignInError(_("Sign in to see this page."))
    return found


def _open_sessions() -> list[SignIn]:
    now = clock.now()
    mine = select(SignIn).where(
        SignIn.person_id == actor().id,
        SignIn.ended_at.is_(None),
        SignIn.expires_at > now,
        SignIn.seen_at > now - sessions.IDLE,
    )
    return list(db().scalars(mine.order_by(SignIn.seen_at.desc())))
