"""TCP ports of this machine."""

import errno
import socket

from cyberdesk.core.embedded.errors import EmbeddedError

_BACKLOG = 2048  # connections that wait; the kernel lowers it to its own limit


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there, to be inherited by a child.

    Raises EmbeddedError when nobody can listen there now.
    """
    try:
        return _listening(host, port)
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


def reachable(host: str) -> str:
    """The address at which a listener on `host` is reached from here."""
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def address(host: str, port: int) -> str:
    return f"http://{bracketed(reachable(host))}:{port}"


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _free(host: str) -> int:
    with _listening(host, 0) as listener:
        return int(listener.getsockname()[1])


def _listening(host: str, port: int) -> socket.socket:
    """Listen on IPv4, on IPv6 where the address is one, on both at `::` where both go together."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    *_, where = socket.getaddrinfo(host, port, family=kind, type=socket.SOCK_STREAM)[0]
    both = host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server(where, family=kind, backlog=_BACKLOG, dualstack_ipv6=both)
