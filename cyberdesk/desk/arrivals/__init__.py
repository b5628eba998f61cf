"""Arrivals: what sources bring, mails so far, becomes part of a case."""

from cyberdesk.core.room import Room
from cyberdesk.core.text import _
from cyberdesk.desk.arrivals.journalled import ACTS, SUBJECTS


def _wire() -> None:
    from cyberdesk.desk.arrivals.service import take_mail
    from cyberdesk.desk.connectors.service.listening import keep_with

    keep_with("message/rfc822", take_mail)


ROOM = Room(name="arrivals", title=_("What comes in"), journalled=ACTS | SUBJECTS, wire=_wire)
