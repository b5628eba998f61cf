"""What breaks: each kind of process killed, anywhere or around a commit; the queue emptied, a worker
frozen past its lease, the clock set, a new version of the playbook put in while runs are under way.
"""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from bench.house import House, children, command_of, family
from cyberdesk.core.embedded import leftovers
from cyberdesk.core.embedded.house import MARK
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.embedded.valkey import Valkey
from tests.chaos.books import Books, UnderWay

WORKERS = 2
FREEZE = 15.0  # seconds at least: longer than the lease of an effect
_HORSE_WITHIN = 10.0  # seconds to wait for a job to be under way
_LONGEST = 120.0  # seconds after which one does not recover any more


class NeverRecoveredError(Exception):
    """The house did not come back."""


@dataclass
class Scene:
    """The house under attack, and what was seen."""

    house: House
    books: Books
    chance: random.Random
    folder: Path  # where the processes of the house look for what is to befall them
    deploy: Callable[[int], int]  # put in version n, take the runs over; how many went
    versions: int = 0
    migrated: int = 0
    recoveries: list[tuple[str, float]] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    former: list[tuple[int, str]] = field(default_factory=list)  # of houses whose head was killed
    points: int = 0
    under_way: list[int] = field(default_factory=list)  # runs at each strike
    lacked: str = ""  # what came back last

    def pids(self, role: str) -> list[int]:
        """Return the processes of a role, as they are now."""
        return [pid for pid in children(self.house.pid) if _role(pid) == role]

    def recovered(self, what: str, seconds: float) -> None:
        self.recoveries.append((what, seconds))
        print(f"{'':15}{seconds:8.1f} s until {self.lacked or 'nothing was missed'}", flush=True)


def _role(pid: int) -> str:
    command = command_of(pid)
    joined = " ".join(command)
    if "-m" in command and "cyberdesk" in command:
        return command[command.index("cyberdesk") + 1]
    return "valkey" if "valkey-server" in joined else "postgres" if "postgres" in joined else "?"


def _kill(*pids: int) -> bool:
    killed = False
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed = True
    return killed


def _one(scene: Scene, pids: list[int]) -> bool:
    return bool(pids) and _kill(scene.chance.choice(pids))


def _horse(scene: Scene) -> int | None:
    """Return a work-horse at work, waiting a little for one."""
    end = time.monotonic() + _HORSE_WITHIN
    while time.monotonic() < end:
        if found := [horse for worker in scene.pids("worker") for horse in children(worker)]:
            time.sleep(scene.chance.uniform(0, 0.4))  # not always at its first breath
            return scene.chance.choice(found)
        time.sleep(0.02)
    return None


def kill_horse(scene: Scene) -> bool:
    horse = _horse(scene)
    return horse is not None and _kill(horse)


def kill_worker(scene: Scene) -> bool:
    _horse(scene)
    return _one(scene, scene.pids("worker"))


def kill_web(scene: Scene) -> bool:
    return _one(scene, scene.pids("web"))


def kill_web_child(scene: Scene) -> bool:
    return _one(scene, [pid for web in scene.pids("web") for pid in children(web)])


def kill_sweeper(scene: Scene) -> bool:
    return _one(scene, scene.pids("sweeper"))


def kill_valkey(scene: Scene) -> bool:
    return _one(scene, scene.pids("valkey"))


def kill_postgres(scene: Scene) -> bool:
    return _one(scene, scene.pids("postgres"))


def kill_backend(scene: Scene) -> bool:
    """End one connection's server process: PostgreSQL then throws out all and replays its log."""
    served = [pid for server in scene.pids("postgres") for pid in children(server)]
    return _one(scene, [pid for pid in served if "cyberdesk" in " ".join(command_of(pid))])


def kill_up(scene: Scene) -> bool:
    """End the supervisor, whom all of its house must follow; then an operator starts it again."""
    house = scene.house
    scene.former += [(pid, _born(pid)) for pid in family(house.pid)]
    _kill(house.pid)
    assert house.process is not None
    house.process.wait()
    house.launch()
    return True


def _born(pid: int) -> str:
    """Return when a process began, which with its number names it for ever."""
    return _field(pid, 22)


def _field(pid: int, number: int) -> str:
    """Return one field of a process's line (proc(5)), counted as there; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[number - 3]
    except OSError:
        return ""


def empty_queue(scene: Scene) -> bool:
    with contextlib.suppress(RedisError), Redis.from_url(scene.house.redis_url) as queue:
        return bool(queue.flushall())
    return False


def kill_at_commit(scene: Scene) -> bool:
    """Let some process end right before or right after it commits something."""
    file = scene.folder / "commit"
    when = scene.chance.choice(["before", "after"])
    file.write_text(f"{when} {scene.chance.choice([0.02, 0.1, 0.5])}", encoding="ascii")
    end = time.monotonic() + _HORSE_WITHIN
    while file.exists():
        if time.monotonic() > end:
            file.unlink(missing_ok=True)
            return False
        time.sleep(0.01)
    return True


def set_clock_of_host(scene: Scene) -> bool:
    """Set the clock of the house's processes an hour off, or right again; the database's stays."""
    file = scene.folder / "clock"
    seconds = scene.chance.choice([s for s in (-3600, 0, 3600) if f"{s} host" != _read(file)])
    file.write_text(f"{seconds} host", encoding="ascii")
    return True


def _read(file: Path) -> str:
    return file.read_text(encoding="ascii") if file.exists() else "0 host"


def set_clock_ahead(scene: Scene) -> bool:
    """Set the clock of the whole machine ahead by two leases, for a moment."""
    with _machine_clock(scene, 24):
        time.sleep(scene.chance.uniform(0.5, 4))
    return True


@contextmanager
def _machine_clock(scene: Scene, seconds: float) -> Iterator[None]:
    file = scene.folder / "clock"
    before = _read(file)
    file.write_text(f"{seconds} machine", encoding="ascii")
    try:
        yield
    finally:
        file.write_text(before, encoding="ascii")


def set_clock_back(scene: Scene) -> None:
    """Set the machine's clock back an hour and kill who holds a lease: it must not last that long."""
    with _machine_clock(scene, -3600):
        held = scene.books.under_way()
        if not kill_horse(scene):
            return
        begun = time.monotonic()
        scene.points += 1
        _wait_well(scene, held, begun)
        scene.recovered(SET_BACK, time.monotonic() - begun)


def new_version(scene: Scene) -> bool:
    """Publish the playbook's next version, and take every run that is under way over to it."""
    scene.versions += 1
    scene.migrated += scene.deploy(scene.versions)
    return True


def freeze(scene: Scene) -> None:
    """Stop a worker at work, let it go on after its lease; note when others had taken its work."""
    horse = _horse(scene)
    parent = horse and _field(horse, 4)
    if not horse or not parent:  # none at work, or it has just ended
        return
    held, begun, taken = scene.books.under_way(), time.monotonic(), 0.0
    with _frozen(int(parent), horse):
        while time.monotonic() < begun + FREEZE or not taken:
            _refuse_for_ever(scene, begun)
            time.sleep(0.1)
            if not taken and scene.books.goes_on(held):
                taken = time.monotonic() - begun
    scene.points += 1
    scene.lacked = "work"
    scene.recovered(FROZEN, taken)
    _wait_well(scene, held, time.monotonic())


@contextmanager
def _frozen(*pids: int) -> Iterator[None]:
    _signal(signal.SIGSTOP, *pids)
    try:
        yield
    finally:
        _signal(signal.SIGCONT, *pids)


def _signal(number: signal.Signals, *pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


FAULTS: dict[str, Callable[[Scene], bool]] = {
    "work-horse": kill_horse,
    "worker": kill_worker,
    "web": kill_web,
    "web child": kill_web_child,
    "sweeper": kill_sweeper,
    "Valkey": kill_valkey,
    "PostgreSQL": kill_postgres,
    "a PostgreSQL backend": kill_backend,
    "up": kill_up,
    "queue emptied": empty_queue,
    "at a commit": kill_at_commit,
    "clock of a host set": set_clock_of_host,
    "clock set ahead": set_clock_ahead,
    "new version": new_version,
}
FROZEN, SET_BACK, VOLLEY = "worker frozen", "clock set back", "several at once"


def strike(scene: Scene, name: str) -> None:
    """Break one thing, wait until all is well again and its work goes on, note how long it took."""
    if name in (FROZEN, SET_BACK):
        return freeze(scene) if name == FROZEN else set_clock_back(scene)
    held = scene.books.under_way()
    if FAULTS[name](scene):
        begun = time.monotonic()
        scene.points += 1
        _wait_well(scene, scene.books.under_way() or held, begun)
        scene.recovered(name, time.monotonic() - begun)
    return None


def volley(scene: Scene, names: list[str]) -> None:
    """Break several things in a row, each before the former has recovered."""
    held = scene.books.under_way()
    for name in names:
        scene.points += FAULTS[name](scene)
        time.sleep(scene.chance.uniform(0.1, 1.5))
    begun = time.monotonic()
    _wait_well(scene, scene.books.under_way() or held, begun)
    scene.recovered(VOLLEY, time.monotonic() - begun)


def _wait_well(scene: Scene, held: UnderWay, begun: float) -> None:
    while lacking := _lacking(scene, held):
        scene.lacked = lacking
        _refuse_for_ever(scene, begun)
        time.sleep(0.1)
    # A house that is open again has ended whatever was left of the one before.
    alive = [pid for pid, born in scene.former if born and _born(pid) == born]
    scene.orphans += [f"{pid} {' '.join(command_of(pid))[:80]}" for pid in alive]
    scene.former.clear()


def _refuse_for_ever(scene: Scene, begun: float) -> None:
    if scene.house.ended:
        raise NeverRecoveredError(f"the house ended by itself\n{scene.house.last_words()}")
    if time.monotonic() > begun + _LONGEST:
        raise NeverRecoveredError(f"{scene.lacked} does not come back\n{scene.house.last_words()}")


def _lacking(scene: Scene, held: UnderWay) -> str:
    """Return what is not well yet: a process, the pages, or the work that was under way."""
    for role, wanted in (("web", 1), ("worker", WORKERS), ("sweeper", 1)):
        if len(scene.pids(role)) != wanted:
            return role
    if not scene.house.answers():
        return "pages"
    return "" if scene.books.goes_on(held) else "work"


def outliving(data: Path, *, within: float) -> list[str]:
    """Return the processes of the house that still run after `within` seconds, nobody's child."""
    end = time.monotonic() + within
    while (found := _of_house(data)) and time.monotonic() < end:
        time.sleep(0.05)
    return [f"{pid} {' '.join(command_of(pid))[:80]}" for pid in found]


def _of_house(data: Path) -> list[int]:
    folders = [Postgres(data).folder, Valkey(data).folder]
    served = [pid for folder in folders for pid in leftovers.working_in(folder)]
    return [*leftovers.marked(MARK, str(data)), *served]
