"""A real IMAP server on loopback: Dovecot with TLS, one user, one mailbox."""

import getpass
import grp
import imaplib
import os
import pwd
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.debian import DOVECOT
from tests.desk.connectors.post_office import certificate

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = required
ssl_cert = <{folder}/office.pem
ssl_key = <{folder}/office.key
listen = 127.0.0.1
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 0
auth_failure_delay = 0
passdb {{
  driver = static
  args = password=right
}}
userdb {{
  driver = static
  args = home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


class Mailbox(NamedTuple):
    port: int  # TLS from the start
    plain: int  # STARTTLS
    authority: str

    def open(self, user="desk"):
        trusted = ssl.create_default_context(cadata=self.authority)
        server = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=trusted)
        server.login(user, "right")
        return server

    def put(self, *mails: bytes) -> None:
        with self.open() as server:
            for mail in mails:
                server.append("INBOX", None, None, mail)

    def unread(self) -> int:
        with self.open() as server:
            server.select("INBOX", readonly=True)
            return len(server.search(None, "UNSEEN")[1][0].split())

    def empty(self) -> None:
        with self.open() as server:
            if int(server.select("INBOX")[1][0]):
                server.store("1:*", "+FLAGS", r"(\Deleted)")
                server.expunge()


@contextmanager
def mailbox():
    """Start it in a folder of its own: pytest's is closed to the mail user that root gives up to."""
    with tempfile.TemporaryDirectory(prefix="dovecot-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield from _mailbox(folder)


def _mailbox(folder: Path):
    found = DOVECOT.find() or pytest.fail(DOVECOT.missing)
    user = "dovecot" if os.geteuid() == 0 else getpass.getuser()
    account = pwd.getpwnam(user)
    certificate(folder)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", account.pw_uid, account.pw_gid)
    ports = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as free:
            ports.append(free.getsockname()[1])
    port, plain = ports
    group = grp.getgrgid(account.pw_gid).gr_name
    told = CONFIG.format(folder=folder, user=user, group=group, port=port, plain=plain)
    (folder / "config").write_text(told)
    running = subprocess.Popen([found, "-F", "-c", folder / "config"])
    try:
        _wait(port, running, folder / "log")
        yield Mailbox(port, plain, (folder / "office.pem").read_text())
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(10)


def _wait(port, running, log: Path) -> None:
    for _ in range(100):
        if running.poll() is not None:
            break
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"dovecot does not start: {log.read_text() if log.exists() else ''}")
