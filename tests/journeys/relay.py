"""A wire between browser and server that can be cut, as when the server is gone, and mended."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

_CHUNK = 65_536


class Relay:
    """Listens on a port of its own and passes everything on to the server at `site`."""

    def __init__(self, site: str) -> None:
        self._to = ("127.0.0.1", urlsplit(site).port)
        self._open: list[socket.socket] = []
        self._port = 0
        self.mend()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Let nothing pass, and break off what is under way."""
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # cut
            while True:
                here, _ = listener.accept()
                there = socket.create_connection(self._to)
                self._open += [here, there]
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # either side has gone
        while chunk := source.recv(_CHUNK):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
