"""`python -m tests.chaos.two_hosts [--runs N]`: 0 when two hosts share the work and one may vanish."""

import argparse
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.far_end import FarEnd
from tests.chaos.ledger import BOUND, Facts, Line, balance_of_work
from tests.chaos.reckoning import effects_of, steps_of, stuck
from tests.chaos.two_hosts.network import SERVERS, Host, NotAllowedError, hosts
from tests.chaos.two_hosts.servers import servers
from tests.chaos.two_hosts.work import PLUGIN, STEPS, Work, ordered

_WORKERS = 2  # on each host
_LONGEST = 300.0  # seconds for all that was ordered
_CALL = 0.1  # seconds that the far end takes while the hosts' speed is measured
_SPEED_UP, _SHARE = 1.6, 0.25
_BACK = 15.0  # seconds that the host that was away is watched after its return


class Machine:
    """The processes of the house on one host, with a data folder of their own."""

    def __init__(self, host: Host, data: Path, environment: Mapping[str, str]) -> None:
        self.host, self._data, self._environment = host, data, environment
        self._processes: list[subprocess.Popen[bytes]] = []

    def open(self, *, workers: int = _WORKERS) -> None:
        self._data.mkdir(exist_ok=True)
        for role in ("sweeper", *["worker"] * workers):
            # A name of its own as well, by which its leases are known.
            named = ["unshare", "--uts", "sh", "-c", f'hostname {self.host.name}; exec "$@"', "sh"]
            command = [*named, sys.executable, "-m", "cyberdesk", role]
            with (self._data / "log.txt").open("ab") as log:
                self._processes.append(
                    subprocess.Popen(
                        self.host.command(*command),
                        env={**self._environment, "CYBERDESK_DATA_DIR": str(self._data)},
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                )

    def close(self) -> None:
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self._processes.clear()


def main() -> int:
    asked = argparse.ArgumentParser(prog="hosts", description=__doc__)
    asked.add_argument("--runs", type=int, default=40, help="of a dozen steps, in each part")
    given = asked.parse_args()
    try:
        with hosts(2) as made:
            return _campaign(made, given.runs)
    except NotAllowedError as error:
        print(f"No hosts can be made here: {error}\nRun it as root on Linux, with iproute2.")
        return 2


def _campaign(made: Sequence[Host], runs: int) -> int:
    far = FarEnd(secrets.randbelow(1_000_000), SERVERS)
    with far, servers() as (folder, given):
        environment = _shared(folder, given)
        init = [sys.executable, "-m", "cyberdesk", "init"]
        subprocess.run(init, env=environment, check=True, stdout=subprocess.DEVNULL)
        machines = [Machine(host, folder / host.name, environment) for host in made]
        with ordered(folder / "house", environment, far) as work:
            far.steady = _CALL
            lines = [*_shares(machines, work, runs)]
            far.steady = None
            lines += _vanishes(machines, work, runs)
            lines += _reckoned(work, far)
    print(f"\nThe ledger; {os.cpu_count()} cores for both hosts, the database and the far end")
    for line in lines:
        print(line)
    return 0 if all(line.holds for line in lines) else 1


def _shares(machines: Sequence[Machine], work: Work, runs: int) -> Iterator[Line]:
    alone = _rate(machines[:1], work, runs)
    yield Line("one host alone", f"{alone:.1f} steps/s", holds=True)
    before = work.done_by()
    both = _rate(machines, work, runs)
    did = {name: count - before.get(name, 0) for name, count in work.done_by().items()}
    least = min(did.get(machine.host.name, 0) for machine in machines) / sum(did.values())
    said = f"{both:.1f} steps/s, {both / alone:.2f} times one (≥ {_SPEED_UP:g})"
    yield Line("two hosts", said, both >= _SPEED_UP * alone)
    yield Line("each does its share", f"{least:.0%} at least (≥ {_SHARE:.0%})", least >= _SHARE)


def _rate(machines: Sequence[Machine], work: Work, runs: int) -> float:
    with _open(machines):
        time.sleep(4)  # they import and connect
        before = sum(work.done_by().values())
        work.order(runs)
        _until_done(work)
        return runs * STEPS / work.seconds_since(before)


def _vanishes(machines: Sequence[Machine], work: Work, runs: int) -> Iterator[Line]:
    first, other = machines
    with _open([first]):
        time.sleep(4)  # so that its sweeper is the one that leads
        with _open([other]):
            work.order(runs)
            time.sleep(6)
            first.host.pull_cable()
            begun = time.monotonic()
            held = work.held_by(first.host.name)
            while work.held_by(first.host.name) and time.monotonic() < begun + _LONGEST:
                time.sleep(0.2)
            spent = time.monotonic() - begun
            said = f"{held} effects, after {spent:.1f} s (≤ {BOUND:g} s)"
            yield Line(
                "what a vanished host held is in other hands", said, held > 0 and spent <= BOUND
            )
            _until_done(work)
            yield Line(
                "the other host ended all of it", f"{time.monotonic() - begun:.1f} s", holds=True
            )
            first.host.plug_in()
            time.sleep(_BACK)


@contextmanager
def _open(machines: Sequence[Machine]) -> Iterator[None]:
    try:
        for machine in machines:
            machine.open()
        yield
    finally:
        for machine in machines:
            machine.close()


def _until_done(work: Work) -> None:
    end = time.monotonic() + _LONGEST
    while work.open_runs():
        if time.monotonic() > end:
            raise RuntimeError("what was ordered is not done")
        time.sleep(0.1)


def _reckoned(work: Work, far: FarEnd) -> list[Line]:
    count, twice = steps_of(work.books)
    facts = Facts(
        steps=count,
        steps_twice=twice,
        effects=effects_of(work.books, far),
        runs=dict(work.books.ask("SELECT status, count(*) FROM playbook_runs GROUP BY status")),
        stuck=stuck(),
    )
    return balance_of_work(facts)


def _shared(folder: Path, environment: Mapping[str, str]) -> Mapping[str, str]:
    """What both hosts must have alike: the keys, and the folder of files."""
    secrets_of = folder / "house" / "secrets"
    return {
        **environment,
        "PYTHONPATH": os.pathsep.join([str(PLUGIN), environment.get("PYTHONPATH", "")]),
        "CYBERDESK_DATA_DIR": str(folder / "house"),
        "CYBERDESK_SECRET_KEY": secrets.token_hex(32),
        "CYBERDESK_KEYRING_FILE": str(secrets_of / "keyring.json"),
        "CYBERDESK_SIGNING_KEY_FILE": str(secrets_of / "journal.key"),
        "CYBERDESK_FILES_DIR": str(folder / "files"),
    }


if __name__ == "__main__":
    sys.exit(main())
