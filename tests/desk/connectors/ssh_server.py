"""A real OpenSSH server on loopback, for the user who runs the tests, with one key let in."""

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import asyncssh
import pytest

from tests.debian import SSHD

CONFIG = """
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/let_in
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
"""


class Server(NamedTuple):
    port: int
    host_key: str  # as known_hosts writes it
    key: str  # the private key that is let in
    user: str

    @property
    def line(self) -> str:
        return f"{self.user}@127.0.0.1:{self.port} {self.host_key}"


@contextmanager
def ssh_server(folder: Path) -> Iterator[Server]:
    found = SSHD.find() or pytest.fail(SSHD.missing)
    if os.geteuid() == 0:  # where it locks itself up; a package's script would have made it
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    host, ours = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    (folder / "host").write_bytes(host.export_private_key())
    (folder / "host").chmod(0o600)
    (folder / "let_in").write_bytes(ours.export_public_key())
    (folder / "config").write_text(CONFIG.format(folder=folder))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [found, "-D", "-e", "-f", folder / "config", "-p", str(port)]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, stderr=log)
    try:
        _wait(port, running, folder / "log")
        public = host.export_public_key().decode().strip()
        private = ours.export_private_key().decode()
        yield Server(port, " ".join(public.split()[:2]), private, getpass.getuser())
    finally:
        running.terminate()
        running.wait(10)


def _wait(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        if running.poll() is not None:
            break
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"sshd does not start: {log.read_text()}")
