"""A new password by letter, for whoever has forgotten the old one."""

from datetime import timedelta

from cyberdesk.core import clock
from cyberdesk.core.access import links
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.people.service.accounts import person_at
from cyberdesk.core.access.signin import passwords, sessions
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.audit import recorded
from cyberdesk.core.crypto.secret import Secret
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError
from cyberdesk.core.letters import letterhead, write
from cyberdesk.core.text import _

PURPOSE = "password"
LASTS = timedelta(hours=1)


@allowed("password:ask")
@recorded("password:ask")
def ask_new_password(actor: Actor, *, email: str) -> Person | None:
    """Write to `email` if it has an account. The caller answers the same in either case."""
    with seeing(SYSTEM):
        person = person_at(email)
    if person is None or not person.active:
        return None
    links.revoke_links(PURPOSE, person.id)
    token = links.make_link(PURPOSE, person.id, lasts=LASTS)
    address = f"{letterhead().base_url}/nouveau-mot-de-passe/{token}"
    write("new-password", to=person.email, language=person.language, link=address)
    return person


def find_renewal(token: str) -> Person:
    """Return whose password the link renews. Raises NotFoundError when it no longer holds."""
    link = links.find_link(PURPOSE, token)
    with seeing(SYSTEM):
        person = session().get(Person, link.subject_id) if link else None
    if person is None or not person.active:
        raise NotFoundError(
            _("This link is over: used already, or too old."), hint=_("Ask for a new one.")
        )
    return person


@allowed("password:renew")
@recorded("password:renew")
def renew_password(actor: Actor, person: Person, *, token: Secret, password: Secret) -> Person:
    """Set the password and sign the person out everywhere. The link is used up."""
    wrong = passwords.faults(password.value, (person.name, person.email))
    if wrong:
        raise InvalidError(_("Choose another password."), fields={"password": wrong})
    if links.use_link(PURPOSE, token.value) is None:
        raise ConflictError(_("This link was used already."), hint=_("Ask for a new one."))
    with seeing(SYSTEM):
        held = session().get_one(Credentials, person.id)
        held.password, held.password_at = passwords.hash_password(password.value), clock.now()
    sessions.end_sessions(person.id)
    write("means-changed", to=person.email, language=person.language, what="password:change")
    return person
