"""One campaign: open a house, let people work in it, break it at random, then draw the balance."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.house import House
from tests.chaos import reckoning
from tests.chaos.books import Books
from tests.chaos.far_end import FarEnd
from tests.chaos.faults import FAULTS, FROZEN, SET_BACK, WORKERS, Scene, strike, volley
from tests.chaos.ledger import Facts
from tests.chaos.people import Desk, Town

_HERE = Path(__file__).parent
_TOWNS = 5  # people who declare and answer at the same time
_WARM_UP = 3.0  # seconds of work before the first fault
_SETTLING = 90.0  # seconds at most for all that was begun to come to its end
_ATTEMPTS = 20  # to put a version in while the database comes and goes
_LONE, _VOLLEY = 2, 3  # faults one by one, then as many in a row, and so on


def campaign(points: int, seed: int) -> Facts:
    """Break things `points` times; return what was promised and what was found."""
    chance = random.Random(seed)
    with FarEnd(seed) as far, _house(far) as house:
        deploy = partial(_publish, house, far)
        deploy(0)
        scene = Scene(house, Books(house.dsn), chance, _folder(house), deploy)
        town = Town(house.address, _TOWNS, seed)
        desk = Desk(house.address, scene.books, far)
        town.open()
        desk.open()
        try:
            time.sleep(_WARM_UP)
            _attack(scene, points, town.under_way)
        finally:
            (scene.folder / "clock").unlink(missing_ok=True)
            town.close(_SETTLING)
            far.steady = 0.0
            town.declare_undisturbed(_SETTLING)
            desk.close()
        facts = reckoning.draw(scene, town, far)
        facts.mishaps = [*town.mishaps, *desk.mishaps]
        return facts


def _attack(scene: Scene, points: int, under_way: Callable[[], int]) -> None:
    lone = _lone_faults(scene.chance)
    while scene.points < points:
        for _ in range(_LONE):
            name = next(lone)
            _say(scene, name)
            scene.under_way.append(under_way())
            strike(scene, name)
        if scene.points < points:
            names = scene.chance.choices(tuple(FAULTS), k=_VOLLEY)
            _say(scene, " + ".join(names))
            scene.under_way.append(under_way())
            volley(scene, names)


def _lone_faults(chance: random.Random) -> Iterator[str]:
    """Yield every kind in turn, shuffled anew each time round."""
    while True:
        kinds = [*FAULTS, FROZEN, SET_BACK]
        chance.shuffle(kinds)
        yield from kinds


def _say(scene: Scene, what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  point {scene.points + 1:>4}  {what}", flush=True)


@contextmanager
def _house(far: FarEnd) -> Iterator[House]:
    data = Path(tempfile.mkdtemp(prefix="cyberdesk-chaos-"))
    opened = House(data, "--demo", f"--workers={WORKERS}")
    opened.environment |= _environment(far, _folder(opened))
    _folder(opened).mkdir()
    try:
        opened.start()
        yield opened
    except BaseException:
        print(opened.last_words(), file=sys.stderr)
        raise
    finally:
        if opened.process is not None and opened.process.poll() is None:
            opened.stop()
        for folder in (data, _folder(opened)):
            shutil.rmtree(folder, ignore_errors=True)
        opened.log.unlink(missing_ok=True)


def _folder(house: House) -> Path:
    return house.data.with_name(f"{house.data.name}.chaos")


def _environment(far: FarEnd, folder: Path) -> Mapping[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join([str(_HERE / "plugin"), os.environ.get("PYTHONPATH", "")]),
        "CHAOS_FOLDER": str(folder),
        "CYBERDESK_SMTP_URL": far.smtp_url,
        "CYBERDESK_EGRESS_ALLOW": "127.0.0.0/8",
        "CYBERDESK_TRUSTED_PROXIES": "1",  # so that each town hall seems to be a network of its own
    }


def _publish(house: House, far: FarEnd, number: int) -> int:
    """Publish a version of the campaign's playbook beside the running house; 0 is the first.

    Return how many runs went over to it. It is put in by hand, and again when the house is away.
    """
    given = [sys.executable, "-m", "tests.chaos.publish", str(house.data), far.url, str(number)]
    environment = os.environ | _environment(far, Path("/nonexistent"))
    for _attempt in range(_ATTEMPTS):
        done = subprocess.run(given, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return int(done.stdout.split()[-1])
        time.sleep(1)
    raise RuntimeError(f"version {number} could not be put in\n{done.stderr[-2000:]}")
