import socket
import threading

import pytest

from cyberdesk.core.embedded import ports
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.probe import Probe

from .conftest import eventually

with_ipv6 = pytest.mark.skipif(
    not socket.has_dualstack_ipv6(), reason="this machine speaks no IPv6"
)


def reached(listener: socket.socket, host: str) -> bool:
    try:
        socket.create_connection((host, listener.getsockname()[1]), 1).close()
    except OSError:
        return False
    return True


def test_a_name_stands_for_its_ipv4_address() -> None:
    with ports.listen("localhost", 0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@with_ipv6
@pytest.mark.parametrize(("host", "by_ipv4"), [("::", True), ("::1", False)])
def test_ipv6_takes_ipv4_along_where_it_is_everywhere(host: str, by_ipv4: bool) -> None:
    with ports.listen(host, 0) as listener:
        assert reached(listener, "::1")
        assert reached(listener, "127.0.0.1") is by_ipv4


def test_it_can_listen_again_at_once_where_somebody_was_just_served() -> None:
    with ports.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            listener.accept()[0].close()  # the first to close waits out its time
            assert client.recv(1) == b""
    ports.listen("127.0.0.1", port).close()


def test_what_is_no_address_of_this_machine_is_said() -> None:
    with pytest.raises(EmbeddedError, match=r"no\.such\.host\.invalid is no address"):
        ports.listen("no.such.host.invalid", 8000)
    with pytest.raises(EmbeddedError, match=r"Port 8000 of 192\.0\.2\.1 cannot be used"):
        ports.listen("192.0.2.1", 8000)


def test_a_probe_waits_for_whoever_comes_and_asks_anew_until_all_is_well() -> None:
    answers = [b"HTTP/1.0 503 Not yet\r\n\r\n", b"", b"HTTP/1.0 200 OK\r\n\r\nwell"]
    with ports.listen("127.0.0.1", 0) as listener:
        probe = Probe("127.0.0.1", listener.getsockname()[1], "/readyz")
        assert not any(probe.answered_ok() for _ in range(50)), "nobody serves yet"
        served = []

        def serve() -> None:
            for answer in answers:
                with listener.accept()[0] as client:
                    served.append(client.recv(4096))
                    client.sendall(answer)

        server = threading.Thread(target=serve)
        server.start()
        eventually(probe.answered_ok)
        server.join()
    assert len(served) == len(answers), "one question at a time"
    assert not probe.answered_ok(), "now it is refused"
