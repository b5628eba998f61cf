"""Hosts as network namespaces of this machine: a cable between each and the servers, to be pulled.

Linux only, and for root (or who may `ip netns add`). A host whose cable is pulled falls silent: no
connection of it is closed, as when its power is gone.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

SERVERS = "10.77.0.1"  # where the database, the queue and the far end are, seen from each host


class NotAllowedError(Exception):
    """This machine lets us make no network namespaces."""


@dataclass(frozen=True)
class Host:
    """One namespace; `number` makes its names and addresses."""

    number: int

    @property
    def name(self) -> str:
        return f"cyberdesk-h{self.number}"

    @property
    def cable(self) -> str:
        return f"cdh{self.number}"

    def command(self, *given: str) -> list[str]:
        """Return the command that runs `given` on this host."""
        return ["ip", "netns", "exec", self.name, *given]

    def pull_cable(self) -> None:
        _ip("link", "set", self.cable, "down")

    def plug_in(self) -> None:
        _ip("link", "set", self.cable, "up")


@contextmanager
def hosts(count: int) -> Iterator[Sequence[Host]]:
    """Yield so many hosts, each with a cable to SERVERS. Raises NotAllowedError."""
    made = [Host(number) for number in range(1, count + 1)]
    try:
        _clear(made)
        _ip("addr", "add", f"{SERVERS}/32", "dev", "lo")
        for host in made:
            _build(host)
        yield made
    finally:
        _clear(made)


def _build(host: Host) -> None:
    near, far = f"10.77.{host.number}.1", f"10.77.{host.number}.2"
    inside = f"{host.cable}i"
    _ip("netns", "add", host.name)
    _ip("link", "add", host.cable, "type", "veth", "peer", "name", inside, "netns", host.name)
    _ip("addr", "add", f"{near}/24", "dev", host.cable)
    _ip("link", "set", host.cable, "up")
    for given in (
        ("addr", "add", f"{far}/24", "dev", inside),
        ("link", "set", inside, "up"),
        ("link", "set", "lo", "up"),
        ("route", "add", "default", "via", near),
    ):
        _ip("-n", host.name, *given)


def _clear(made: Sequence[Host]) -> None:
    for host in made:
        with suppress(NotAllowedError):
            _ip("link", "del", host.cable)
        with suppress(NotAllowedError):
            _ip("netns", "del", host.name)
    with suppress(NotAllowedError):
        _ip("addr", "del", f"{SERVERS}/32", "dev", "lo")


def _ip(*given: str) -> None:
    try:
        done = subprocess.run(["ip", *given], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NotAllowedError("the command `ip` is missing (iproute2)") from error
    if done.returncode:
        raise NotAllowedError(f"ip {' '.join(given)}: {done.stderr.strip()}")
