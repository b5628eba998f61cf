"""All that `cyberdesk up` runs, in order: the servers, the schema, then the house itself."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cyberdesk.core.embedded import leftovers, ports
from cyberdesk.core.embedded.account import server_account
from cyberdesk.core.embedded.announcements import Announcements
from cyberdesk.core.embedded.console import Console
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.gate import Gate
from cyberdesk.core.embedded.keeper import Keeper
from cyberdesk.core.embedded.lock import FolderLock
from cyberdesk.core.embedded.places import Places
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.embedded.probe import Probe
from cyberdesk.core.embedded.program import Program
from cyberdesk.core.embedded.server import Server
from cyberdesk.core.embedded.supervisor import Supervisor
from cyberdesk.core.embedded.valkey import Valkey

MARK = "CYBERDESK_SUPERVISED"  # in the environment of every process of a house: its DATA
LAUNCHER = (sys.executable, "-m", "cyberdesk")


@dataclass(frozen=True)
class Plan:
    """What was asked for on the command line."""

    data: Path
    host: str
    port: int
    demo: bool = False
    workers: int = 2
    web_workers: int = 1
    launcher: tuple[str, ...] = LAUNCHER  # comes before `web`, `worker`, …
    given: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    @property
    def address(self) -> str:
        return self.given.get("CYBERDESK_BASE_URL") or ports.address(self.host, self.port)


class House:
    def __init__(self, plan: Plan, console: Console) -> None:
        self.plan = plan
        self._console = console
        self._lock = FolderLock(plan.data / "cyberdesk.lock", holds=f"The data folder {plan.data}")
        self._door: socket.socket | None = None  # where people come in: ours, lent to the web
        self._open_servers: list[Server] = []
        self._grounds: Sequence[Keeper] = ()  # the servers, as they are kept running
        self._announcements = Announcements(console)
        self._served = Gate()  # open once the servers answer
        self._furnished = Gate()  # open once the database is as this release wants it
        self._environment = {
            **plan.given,
            MARK: str(plan.data),
            "PYTHONUNBUFFERED": "1",
            "CYBERDESK_DATA_DIR": str(plan.data),
            "CYBERDESK_HOST": plan.host,
            "CYBERDESK_PORT": str(plan.port),
            "CYBERDESK_WEB_WORKERS": str(plan.web_workers),
            "CYBERDESK_DEMO": "1" if plan.demo else "",
        }

    def open(self, supervisor: Supervisor) -> None:
        """Start everything; return when the web answers. Raises EmbeddedError.

        Loading the application takes as long as starting the servers, so both go on at once.
        """
        door = self._door = self._enter()
        servers = self._grounds = supervisor.begin(*self._servers())
        face = supervisor.begin(*self._face(door))  # before init, which sets up the demo's mails
        with supervisor.beside(self._init(), self._announcements.hear, servers):
            supervisor.wait(servers, within=120)
            self._served.open()
        self._furnished.open()
        supervisor.wait(face)
        if not self.plan.demo:
            supervisor.start(*self._hands())

    def play_on(self, supervisor: Supervisor) -> None:
        """Let the demo go on while people look round already. Nothing to do without one.

        It tells of past days: hands that work in the present come only after it.
        """
        if not self.plan.demo:
            return
        try:
            supervisor.run_once(self._program("demo"), self._announcements.hear, self._grounds)
        except EmbeddedError as error:  # the house is open: nobody is thrown out for a story
            self._console.alarm("demo", f"{error} Started again, the house plays on the rest.")
        supervisor.start(*self._hands())

    def turn_away(self) -> None:
        """Let nobody wait any longer for a house that closes."""
        if self._door is not None:
            self._door.close()

    def close(self) -> None:
        """Leave DATA to others. Everything that ran in it has ended."""
        self.turn_away()
        for server in self._open_servers:
            server.release()
        self._served.close()
        self._furnished.close()
        self._lock.release()

    def welcome(self, seconds: float) -> str:
        """What to show once everything answers."""
        facts = {"Address": self._console.strong(self.plan.address), "Data": str(self.plan.data)}
        if self.plan.demo and self._catches_mail:
            facts["Mails"] = f"{self.plan.data}/mail (caught, none is sent)"
        return "\n".join(
            [
                "",
                f"CyberDesk is ready in {seconds:.1f} s",
                "",
                *(f"  {name:<9}{value}" for name, value in facts.items()),
                "",
                *self._announcements.first_steps(),
                *self._announcements.accounts_table(),
                "Stop it with Ctrl-C.",
                "",
            ]
        )

    def _enter(self) -> socket.socket:
        """Be alone in DATA and at the address; return the socket that listens there.

        Nobody else holds DATA, and nobody of a former life is left in it.
        """
        plan = self.plan
        Places(plan.data, server_account(plan.data / "postgres", plan.data)).prepare()
        self._lock.acquire()
        leftovers.end(
            partial(leftovers.marked, MARK, str(plan.data)), gently=signal.SIGTERM, patience=2.0
        )
        door = ports.listen(plan.host, plan.port)
        if plan.demo and not ports.is_loopback(plan.host):
            self._console.alarm("demo", f"its accounts are public, and {plan.host} is not private")
        return door

    def _servers(self) -> list[Program]:
        """The servers that no URL replaces. Valkey first: it starts while the cluster is made."""
        programs = []
        wanted: tuple[tuple[str, type[Server]], ...] = (
            ("CYBERDESK_REDIS_URL", Valkey),
            ("CYBERDESK_DATABASE_URL", Postgres),
        )
        for variable, kind in wanted:
            if not self._environment.get(variable):
                server = kind(self.plan.data)
                self._open_servers.append(server)
                programs.append(server.program())
                self._environment[variable] = server.dsn
        return programs

    def _face(self, door: socket.socket) -> list[Program]:
        """What people wait for: the hands leave it the processors until it answers."""
        caught = [self._mailcatcher()] if self.plan.demo and self._catches_mail else []
        return [*caught, self._web(door)]

    def _web(self, door: socket.socket) -> Program:
        """Keeps its port over restarts: people wait in our socket meanwhile, and none is refused.

        No other child inherits it: whoever holds it keeps the port taken.
        """
        handles = (self._furnished.handle, door.fileno())
        probe = Probe(ports.reachable(self.plan.host), self.plan.port, "/readyz")
        return self._program(
            *("web", "", f"--gate={handles[0]}", f"--handle={handles[1]}"),
            handles=handles,
            ready=lambda _pid: probe.answered_ok(),
        )

    def _init(self) -> Program:
        gate = self._served.handle
        return self._program("init", "", f"--gate={gate}", handles=(gate,))

    def _hands(self) -> list[Program]:
        workers = (f"worker-{n}" for n in range(1, self.plan.workers + 1))
        return [*(self._program("worker", name) for name in workers), self._program("sweeper")]

    @property
    def _catches_mail(self) -> bool:
        return not self.plan.given.get("CYBERDESK_SMTP_URL")

    def _mailcatcher(self) -> Program:
        """Keeps its port over restarts: the socket is ours, and mails wait in it meanwhile."""
        self._letterbox = ports.listen_locally()
        port = self._letterbox.getsockname()[1]
        self._environment["CYBERDESK_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        handle = self._letterbox.fileno()
        return self._program("mailcatcher", "mail", f"--handle={handle}", handles=(handle,))

    def _program(
        self,
        command: str,
        name: str = "",
        *arguments: str,
        handles: tuple[int, ...] = (),
        ready: Callable[[int], bool] = lambda _pid: True,
    ) -> Program:
        return Program(
            name=name or command,
            command=[*self.plan.launcher, command, *arguments],
            environment=dict(self._environment),
            handles=handles,
            ready=ready,
        )
