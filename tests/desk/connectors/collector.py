"""A real collector of syslog on loopback: UDP, TCP with octet counting, and the same over TLS."""

import re
import socket
import ssl
import threading
from contextlib import contextmanager
from queue import Queue
from typing import NamedTuple

_LINE = re.compile(
    r"<(?P<pri>\d{1,3})>1 (?P<at>\S+) (?P<host>\S{1,255}) (?P<app>\S{1,48}) - (?P<event>\S{1,32}) "
    r'(?P<data>-|\[\S+(?: [^=\s\]"]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*\])(?: (?P<text>.*))?',
    re.DOTALL,
)


class Event(NamedTuple):
    pri: int
    at: str
    host: str
    event: str
    facts: dict
    text: str


def parsed(raw: bytes) -> Event:
    """Read a message by the grammar of RFC 5424 §6; fail where it does not fit."""
    found = _LINE.fullmatch(raw.decode())
    assert found, raw
    pairs = re.findall(r' (\S+?)="((?:[^"\\\]]|\\["\\\]])*)"', found["data"])
    facts = {name: re.sub(r'\\(["\\\]])', r"\1", value) for name, value in pairs}
    return Event(
        int(found["pri"]), found["at"], found["host"], found["event"], facts, found["text"] or ""
    )


class Collector:
    def __init__(self, port, taken):
        self.port, self.taken = port, taken

    def next(self) -> bytes:
        return self.taken.get(timeout=5)


def _frames(stream, taken: Queue) -> None:
    with stream, stream.makefile("rb") as told:
        while head := told.read(1):
            while not head.endswith(b" "):
                head += told.read(1)
            taken.put(told.read(int(head)))


@contextmanager
def collector(tls: ssl.SSLContext | None = None, *, udp: bool = False):
    taken: Queue = Queue()
    kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
    server = socket.socket(socket.AF_INET, kind)
    server.bind(("127.0.0.1", 0))
    server.settimeout(0.2)
    over = threading.Event()
    if not udp:
        server.listen()

    def serve():
        while not over.is_set():
            try:
                if udp:
                    taken.put(server.recv(65_535))
                    continue
                stream, _peer = server.accept()
                stream.settimeout(5)
                _frames(tls.wrap_socket(stream, server_side=True) if tls else stream, taken)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Collector(server.getsockname()[1], taken)
    finally:
        over.set()
        thread.join(10)
        server.close()
