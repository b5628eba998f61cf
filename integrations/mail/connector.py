"""Mail out, over SMTP (RFC 5321) with STARTTLS (RFC 3207) or TLS from the start (RFC 8314)."""

import hashlib
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formataddr, formatdate, parseaddr
from typing import Any

from cyberdesk.sdk import Connector, ConnectorError, Input, Reason, Tested, action

_REFUSED, _REFUSED_FOR_GOOD = 400, 500
_HEADERS = {"Auto-Submitted", "List-Unsubscribe", "In-Reply-To", "References", "X-Exercise"}


class Mail(Connector):
    """Sends one message to each recipient, so that none sees the others."""

    def test_connection(self) -> Tested:
        """Begin a message and take it back: only then a server refuses a sender, or no TLS."""
        with self._server() as server:
            try:
                code, said = server.mail(parseaddr(self.context.settings["sender"])[1])
                server.rset()
            except (OSError, smtplib.SMTPException) as error:
                raise ConnectorError(f"{self._host} does not answer: {error}") from error
        return Tested(code < _REFUSED, f"{self._host} answers: {code} {_words(said)}")

    @action("send")
    def send(self, given: Input) -> Mapping[str, Any]:
        """Send, and return the Message-ID and the recipients that the server refused.

        The Message-ID is made from the key: a second attempt bears the same one.
        """
        refused, accepted = [], 0
        with self._server() as server:
            for to in given["to"]:
                try:
                    self._deliver(server, self._message(to, given), to)
                except ConnectorError as error:
                    if accepted or error.again or len(given["to"]) == 1:
                        # Part of the recipients has it: trying again would write to them twice.
                        error.done = None if accepted else error.done
                        raise
                    refused.append(to)
                else:
                    accepted += 1
        if not accepted:
            raise ConnectorError(f"every recipient was refused: {', '.join(refused)}", again=False)
        return {"message_id": self._message_id(given["to"][0]), "refused": refused}

    @action("show_send")
    def show_send(self, given: Input) -> Mapping[str, Any]:
        """Return the first recipient's message as it would travel, its text readable."""
        message = self._message(given["to"][0], given)
        headers = "\n".join(f"{name}: {value}" for name, value in message.items())
        others = f"\n\n(+ {len(given['to']) - 1})" if len(given["to"]) > 1 else ""
        return {"text": f"{headers}\n\n{given['text']}{others}"}

    def _deliver(self, server: smtplib.SMTP, message: EmailMessage, to: str) -> None:
        sender = parseaddr(self.context.settings["sender"])[1]
        try:
            server.send_message(message, sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refusal(code, said) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise ConnectorError(
                f"the connection broke while the message was under way: {error}", done=None
            ) from error

    def _message(self, to: str, given: Input) -> EmailMessage:
        try:
            return self._written(to, given)
        except ValueError as error:  # a line end in a header: it would begin another header
            raise ConnectorError(
                f"this cannot be written as a mail: {error}", again=False
            ) from error

    def _written(self, to: str, given: Input) -> EmailMessage:
        message = EmailMessage()
        name, address = parseaddr(self.context.settings["sender"])
        message["From"] = formataddr((name, address))
        message["To"] = to
        message["Subject"] = " ".join(given["subject"].split())
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = self._message_id(to)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no holiday replies
        if reply_to := self.context.settings.get("reply_to"):
            message["Reply-To"] = reply_to
        if language := given.get("language"):
            message["Content-Language"] = language
        for header, value in given.get("headers", {}).items():
            if header in _HEADERS and header not in message:
                message[header] = value
        message.set_content(given["text"])
        if html := given.get("html"):
            message.add_alternative(html, subtype="html")
        return message

    def _message_id(self, to: str) -> str:
        domain = parseaddr(self.context.settings["sender"])[1].rpartition("@")[2] or "localhost"
        digest = hashlib.sha256(f"{self.context.key}|{to}".encode()).hexdigest()[:32]
        return f"<{digest}@{domain}>"

    @property
    def _host(self) -> str:
        return f"{self.context.settings['host']}:{self.context.settings['port']}"

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        """Open a signed-in connection. Whatever fails here, no message was sent."""
        try:
            server = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise ConnectorError(
                f"{self._host} refuses the user name or password",
                hint=_words(error.smtp_error),
                again=False,
                reason=Reason.LOGIN,
            ) from error
        except ssl.SSLError as error:
            raise ConnectorError(
                f"{self._host}: its certificate is not trusted: {error}",
                hint="Check the server's name and its certificate.",
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ConnectorError(f"{self._host} does not answer: {error}") from error
        try:
            yield server
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        settings, seconds = self.context.settings, self.context.seconds
        security = settings.get("security", "starttls")
        trusted = ssl.create_default_context()
        if security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings["host"], settings["port"], timeout=seconds, context=trusted
            )
        else:
            server = smtplib.SMTP(settings["host"], settings["port"], timeout=seconds)
        server.ehlo()
        if security == "starttls":
            server.starttls(context=trusted)
            server.ehlo()
        elif security == "none" and settings["host"] not in {"127.0.0.1", "::1", "localhost"}:
            raise ConnectorError(
                "mail leaves this machine encrypted only", again=False, reason=Reason.SETTINGS
            )
        if settings.get("username"):
            server.login(settings["username"], self.context.secrets.get("password", ""))
        return server


def _refusal(code: int, said: bytes | str) -> ConnectorError:
    text = f"refused with {code}: {_words(said)}"
    return ConnectorError(text, again=code < _REFUSED_FOR_GOOD, reason=Reason.ANSWER)


def _words(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
