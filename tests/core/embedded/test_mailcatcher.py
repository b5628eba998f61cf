from pathlib import Path

from aiosmtpd.smtp import Envelope

from cyberdesk.core.embedded import mailcatcher
from cyberdesk.core.embedded.mailcatcher import MailFolder


def mail(number: int) -> Envelope:
    envelope = Envelope()
    envelope.mail_from, envelope.rcpt_tos = "a@example", ["b@example"]
    envelope.original_content = f"Subject: {number}\r\n\r\n".encode()
    return envelope


def test_the_oldest_go_first(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(mailcatcher, "KEPT", 2)
    folder = MailFolder(tmp_path / "mail")
    for old in ("1", "2"):  # before any UUIDv7
        (folder.folder / f"0000-{old}.eml").touch()
    kept = {folder.keep(mail(number)) for number in (1, 2)}
    assert set(folder.folder.iterdir()) == kept
