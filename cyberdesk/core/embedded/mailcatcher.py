"""Takes every mail that the demo sends and lays it down as a file; none goes anywhere."""

import asyncio
import os
import signal
import socket
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from cyberdesk.core.ids import new_id

KEPT = 500  # mails; the oldest go first
LARGEST = 30_000_000  # bytes


class MailFolder:
    """Writes each mail to `folder` as UUIDv7.eml, so that names sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802  # named by aiosmtpd
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        self.keep(envelope)
        return "250 Kept in the mail folder, not sent"

    def keep(self, envelope: Envelope) -> Path:
        """Write the mail whole or not at all, with the envelope in two headers on top."""
        path = self.folder / f"{new_id()}.eml"
        half = path.with_suffix(".part")
        with open(half, "wb", opener=_private) as out:  # Path.open has no opener
            out.write(_headers(envelope))
            out.write(envelope.original_content or b"")
        half.rename(path)
        self._forget_the_oldest()
        return path

    def _forget_the_oldest(self) -> None:
        for path in sorted(self.folder.glob("*.eml"))[:-KEPT]:
            path.unlink(missing_ok=True)


def serve(listener: socket.socket, folder: Path) -> None:
    """Take mails from `listener` until SIGTERM."""
    asyncio.run(_serve(listener, MailFolder(folder)))


async def _serve(listener: socket.socket, folder: MailFolder) -> None:
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)

    def protocol() -> SMTP:
        return SMTP(
            folder, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=LARGEST, loop=loop
        )

    async with await loop.create_server(protocol, sock=listener):
        await done.wait()


def _headers(envelope: Envelope) -> bytes:
    to = ", ".join(envelope.rcpt_tos)
    return f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {to}\r\n".encode()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
