"""Asks a web server again and again whether it is well, without ever waiting for it."""

import contextlib
import socket

from cyberdesk.core.embedded import ports

_CONNECT_WITHIN = 0.5  # seconds; on this machine it takes none


class Probe:
    """GET http://host:port/path. No HTTP library: this process stays small.

    The socket that we hold takes the connection before anybody serves it, so the question is put
    once and waits there like those of people; it is put again when its server died over it.
    """

    def __init__(self, host: str, port: int, path: str) -> None:
        self._where = (host, port)
        self._question = f"GET {path} HTTP/1.0\r\nHost: {ports.bracketed(host)}:{port}\r\n\r\n"
        self._client: socket.socket | None = None
        self._heard = b""

    def answered_ok(self) -> bool:
        """Whether 200 was answered since the last time. Look often: it is asked by looking."""
        try:
            if self._client is None:
                self._client = self._ask()
            while part := self._client.recv(65536):
                self._heard += part  # whole, or the server would log a broken pipe
        except BlockingIOError:
            return False
        except OSError:
            self.close()
            return False
        well = self._heard.split(b" ", 2)[1:2] == [b"200"]
        self.close()
        return well

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client, self._heard = None, b""

    def _ask(self) -> socket.socket:
        with contextlib.ExitStack() as undo:
            client = undo.enter_context(socket.create_connection(self._where, _CONNECT_WITHIN))
            client.sendall(self._question.encode())
            client.setblocking(False)
            undo.pop_all()
            return client
