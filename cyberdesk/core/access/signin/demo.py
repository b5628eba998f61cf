"""Entering the demo as one of its people, without a password. The door exists in the demo only:
settings refuse a demo in production, and the app registers this door nowhere else.
"""

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, session, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.signin.browser import TOKEN, UNIQUIFIER
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.access.signin.sessions import open_session
from cyberdesk.core.db import seeing
from cyberdesk.core.db import session as database
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door

FICTION = "@example.org"  # RFC 2606: nobody has such an address
ROLES = {
    "responder": _("Responder"),
    "lead": _("Lead of the centre"),
    "auditor": _("Auditor"),
    "admin": _("Administrator"),
    "manager": _("In a town hall"),
    "dpo": _("Data protection officer of a town"),
}
door = Door("demo", __name__, url_prefix="/demo", template_folder="../templates")


@door.get("", may=PUBLIC)
def cast() -> str:
    return render_template("access/demo.html", people=_people(), names=ROLES)


@door.post("/<uuid:person_id>", may=PUBLIC)
def enter(person_id: UUID) -> Response:
    with seeing(SYSTEM):
        person = next((one for one in _people() if one.id == person_id), None)
        if person is None:
            raise NotFoundError
        held = database().scalars(select(Credentials).where(Credentials.person_id == person.id))
        uniquifier = held.one().uniquifier
        token = open_session(person.id, strong=True, device="demo")
    session.clear()
    session[TOKEN], session[UNIQUIFIER] = token, uniquifier
    return redirect(url_for("account.start"))


def _people() -> Sequence[Person]:
    fictional = select(Person).where(Person.email.endswith(FICTION), Person.active)
    with seeing(SYSTEM):
        whole = fictional.options(selectinload(Person.memberships)).order_by(Person.created_at)
        return database().scalars(whole).all()
