"""Why the other side was not reached, told so that a person knows what to do next."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple

from urllib3 import exceptions as http

from cyberdesk.core.connector import ConnectorError, Reason
from cyberdesk.core.egress import EgressRefusedError
from cyberdesk.core.text import Text, _


class Words(NamedTuple):
    title: Text
    advice: Text


WORDS: dict[Reason, Words] = {
    Reason.NAME: Words(
        _("This name leads nowhere"),
        _("Check how the server’s name is spelt, then whether this machine’s DNS knows it."),
    ),
    Reason.REFUSED: Words(
        _("Nobody listens there"),
        _("The machine answers, but not at this port. Check the port, and that the service runs."),
    ),
    Reason.SILENT: Words(
        _("No answer in time"),
        _("A firewall often stands between: ask whether this machine may reach that address."),
    ),
    Reason.BROKEN: Words(
        _("The connection broke off"),
        _("Try again in a minute. If it stays so, ask whoever runs the other side."),
    ),
    Reason.CERTIFICATE: Words(
        _("Its certificate is not trusted"),
        _("It has expired, bears another name, or was signed by an authority unknown here."),
    ),
    Reason.TLS: Words(
        _("No encryption could be agreed upon"),
        _("Check the port and the kind of encryption: 587 for STARTTLS, 465 for TLS."),
    ),
    Reason.LOGIN: Words(
        _("The login was refused"),
        _("Type the user name and the password or secret again; it may have been changed there."),
    ),
    Reason.GUARDED: Words(
        _("Our own rules let nothing out there"),
        _("An inner network is reached only when CYBERDESK_EGRESS_ALLOW names it."),
    ),
    Reason.ANSWER: Words(
        _("It answers, but says no"),
        _("Read what it said, and check the address."),
    ),
    Reason.UNSET: Words(
        _("This connector is not set up"),
        _("Its settings are filled in under Connectors; then it can be tried again."),
    ),
    Reason.SETTINGS: Words(
        _("The settings do not fit"),
        _("Complete them below, then try again."),
    ),
    Reason.OTHER: Words(
        _("It did not work"),
        _("What the other side said stands below: whoever runs it can make sense of it."),
    ),
}

# From the most telling kind of error to the least: the whole chain of causes is looked through.
_KINDS: tuple[tuple[type[BaseException], Reason], ...] = (
    (socket.gaierror, Reason.NAME),
    (http.NameResolutionError, Reason.NAME),
    (ssl.SSLCertVerificationError, Reason.CERTIFICATE),
    (ssl.SSLError, Reason.TLS),
    (smtplib.SMTPNotSupportedError, Reason.TLS),
    (smtplib.SMTPAuthenticationError, Reason.LOGIN),
    (ConnectionRefusedError, Reason.REFUSED),
    (TimeoutError, Reason.SILENT),
    (http.TimeoutError, Reason.SILENT),
    (EgressRefusedError, Reason.GUARDED),
    (OSError, Reason.BROKEN),
    (http.HTTPError, Reason.BROKEN),
)


def reason_of(error: BaseException) -> Reason:
    """Return what stood in the way, from the error and all that it was raised from."""
    chain = list(_causes(error))
    for one in chain:
        if isinstance(one, ConnectorError) and one.reason:
            return one.reason
    for kind, reason in _KINDS:
        if any(isinstance(one, kind) for one in chain):
            return reason
    return Reason.OTHER


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def words_of(reason: str | None) -> Words:
    known = set(Reason)
    return WORDS[Reason(reason) if reason in known else Reason.OTHER]
