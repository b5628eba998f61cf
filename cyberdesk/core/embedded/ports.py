"""TCP ports of this machine."""

import errno
import socket

from cyberdesk.core.embedded.errors import EmbeddedError

_PROBE_WITHIN = 0.5  # seconds


def refuse_taken(host: str, port: int) -> None:
    """Raise EmbeddedError when nobody could listen there now."""
    try:
        with _listening(host, port):
            return
    except socket.gaierror as error:
        raise EmbeddedError(
            f"{host} is no address of this machine.", hint="Choose another with --host."
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} of {host} is taken by another program."
            hint = f"Choose another with --port, for example --port {_free(host)}."
        else:
            message = f"Port {port} of {host} cannot be used: {error.strerror}."
            hint = "Choose others with --host and --port (ports below 1024 need root)."
        raise EmbeddedError(message, hint=hint) from error


def listen_locally() -> socket.socket:
    """Return a socket that listens on a free loopback port, to be inherited by a child."""
    return _listening("127.0.0.1", 0)


def answers_ok(host: str, port: int, path: str) -> bool:
    """Whether GET http://host:port/path answers 200. No HTTP library: this process stays small."""
    request = f"GET {path} HTTP/1.0\r\nHost: {_bracketed(host)}:{port}\r\n\r\n"
    try:
        with socket.create_connection((host, port), _PROBE_WITHIN) as client:
            client.sendall(request.encode())
            answer = client.makefile("rb").read()  # whole, or the server would log a broken pipe
            return answer.split(b" ", 2)[1:2] == [b"200"]
    except OSError:
        return False


def reachable(host: str) -> str:
    """The address at which a listener on `host` is reached from here."""
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def address(host: str, port: int) -> str:
    return f"http://{_bracketed(reachable(host))}:{port}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _free(host: str) -> int:
    with _listening(host, 0) as listener:
        return int(listener.getsockname()[1])


def _listening(host: str, port: int) -> socket.socket:
    kind, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server(where[:2], family=kind)
