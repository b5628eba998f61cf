"""How long a responder waits for the queue and for a case, with few cases and with very many."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench import seed_cases
from bench.browser import Browser, sign_in
from bench.house import House
from bench.load import Times
from bench.machine import Number

_SIZES = {False: (1_000, 10_000), True: (1_000, 100_000)}
_LOOKS = {False: 40, True: 200}
_KEPT = Path(__file__).parents[1] / "var" / "bench"
_PLAYED = "SELECT c.reference FROM cases c JOIN playbook_runs r ON r.case_id = c.id LIMIT 5"


def measure(*, long: bool) -> list[Number]:
    numbers, statements = [], []
    for size in _SIZES[long]:
        with _seeded(size) as house:
            browser = Browser(house.address)
            sign_in(browser, "Camille Roux")
            queue = _looks(browser, ["/desk"], _LOOKS[long])
            cases = _looks(browser, _played(house), _LOOKS[long])
            browser.close()
            statements.append(_statements(house))
        of = f"of {size:,} cases".replace(",", " ")
        numbers += [
            Number(f"queue {of}, p50", queue.median * 1000, "ms"),
            Number(f"queue {of}, p95", queue.percentile(0.95) * 1000, "ms", 150),
            Number(f"page of a case {of}, p95", cases.percentile(0.95) * 1000, "ms", 200),
            Number(f"statements for the queue {of}", statements[-1], "SQL", statements[0]),
        ]
    return numbers


def _looks(browser: Browser, paths: list[str], times: int) -> Times:
    """Look at the pages in turn, one after the other; the first looks warm up and do not count."""
    found = Times()
    for number in range(times + len(paths) + 3):
        status, _text = browser.get(paths[number % len(paths)])
        assert status == 200, f"{paths[number % len(paths)]} answered {status}"
        if number >= len(paths) + 3:
            found.seconds.append(browser.seconds)
    return found


def _played(house: House) -> list[str]:
    with psycopg.connect(house.dsn) as connection:
        return [f"/desk/cases/{row[0]}" for row in connection.execute(_PLAYED)]


def _statements(house: House) -> int:
    """Count the SQL statements of one look at the queue, in an application beside the house."""
    given = {
        "CYBERDESK_DATA_DIR": str(house.data),
        "CYBERDESK_DATABASE_URL": house.dsn.replace("postgresql", "postgresql+psycopg", 1),
        "CYBERDESK_REDIS_URL": house.redis_url,
        "CYBERDESK_DEMO": "1",
    }
    command = [sys.executable, "-m", "bench.statements"]
    done = subprocess.run(command, env=os.environ | given, capture_output=True, check=True)
    return int(done.stdout)


@contextlib.contextmanager
def _seeded(size: int) -> Iterator[House]:
    """Keep a house with the demo and `size` cases open; its data is made once for one schema."""
    data = _KEPT / f"{size}-{_fingerprint()}"
    _KEPT.mkdir(parents=True, exist_ok=True)
    new = not (data / "seeded").exists()
    if new:
        for former in _KEPT.glob(f"{size}-*"):
            shutil.rmtree(former, ignore_errors=True)
    house = House(data, "--demo")
    try:
        house.start()
        if new:
            seed_cases.seed_url(house.dsn, size)
            (data / "seeded").touch()
        yield house
    finally:
        house.stop()


def _fingerprint() -> str:
    """Name the schema and the seed: a change of either makes the data anew."""
    root = Path(__file__).parents[1]
    parts = (
        *sorted((root / "cyberdesk" / "migrations" / "versions").glob("*.sql")),
        root / "bench" / "seed_cases.py",
    )
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]
