"""Declarations sent at a steady pace, whether or not the house keeps up, with all that follows.

What is timed is the sending: from the press on the button to the page that says it was taken. In
between the answers are encrypted, the case opened and judged, the journal written, the legal clocks
started, the playbook chosen and begun.
"""

import random
import threading
import time
from statistics import median

import psycopg

from bench.browser import Browser
from bench.house import House, house
from bench.load import Times, open_load
from bench.machine import Number

RATE = 50.0  # a second
_SECONDS = {False: 6, True: 30}
_SCREENS = {
    "sees": {"sees": ["ransom_note", "nothing_opens"]},
    "reach": {"callback_phone": "06 39 98 12 34", "callback_name": "Nadia Essai"},
}
_MAKERS = 4  # people who fill drafts in at the same time, before the measurement
_FIRST_TASKS = """
    SELECT extract(epoch FROM min(t.opened_at) - d.sent_at), c.state
      FROM declarations d JOIN cases c ON c.id = d.case_id LEFT JOIN tasks t ON t.case_id = c.id
     GROUP BY d.id, c.state
"""


def measure(*, long: bool) -> list[Number]:
    total = int(RATE * _SECONDS[long])
    with house("--web-workers", "2", CYBERDESK_TRUSTED_PROXIES="1") as opened:
        drafts = _drafts(opened, total)
        times = open_load(
            lambda number: _send(drafts[number]), rate=RATE, seconds=_SECONDS[long], threads=40
        )
        waits = _first_tasks(opened, total)
    assert not times.faults, f"{len(times.faults)} of {total} failed: {times.faults[0]}"
    return [
        Number(f"declaration sent, {RATE:g}/s open loop, p50", times.median * 1000, "ms"),
        Number(f"declaration sent, {RATE:g}/s open loop, p95", _p95(times), "ms", 300),
        Number("declarations a second while all were taken", _pace(times, total), "/s"),
        Number("first task after the declaration, latest", max(waits), "s", 2),
        Number("first task after the declaration, median", median(waits), "s"),
    ]


def _p95(times: Times) -> float:
    return times.percentile(0.95) * 1000


def _pace(times: Times, total: int) -> float:
    """Return how many were taken a second: less than RATE where the house did not keep up."""
    return total / (total / RATE + min(times.seconds[-1], 60))


def _drafts(opened: House, total: int) -> list[Browser]:
    """Return as many browsers, each with a declaration that is ready to be sent."""
    made: list[Browser] = []
    chance = random.Random(7)
    networks = iter([f"10.{n // 250}.{n % 250}.{chance.randrange(1, 250)}" for n in range(total)])
    lock = threading.Lock()

    def fill() -> None:
        while True:
            with lock:
                network = next(networks, None)
            if network is None:
                return
            made.append(_draft(opened.address, network))

    crew = [threading.Thread(target=fill) for _ in range(_MAKERS)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert len(made) == total, "not every draft could be made"
    time.sleep(1)
    return made


def _draft(address: str, network: str) -> Browser:
    browser = Browser(address, network)
    browser.get("/declarer")
    browser.send("/declarer", organisation="other", organisation_text=f"Commune {network}")
    for page, fields in _SCREENS.items():
        status, _text = browser.send(f"/declarer/etape/{page}", **fields)
        assert status == 303, f"{page} answered {status}"
    browser.close()  # the declarant thinks; the connection is opened anew when they send
    return browser


def _send(browser: Browser) -> None:
    status, _text = browser.send("/declarer/relire")
    assert status == 303, f"sending answered {status}"
    browser.close()


def _first_tasks(opened: House, total: int) -> list[float]:
    """Return how long each case waited for its first task, after looking that all are there."""
    with psycopg.connect(opened.dsn) as connection:
        rows = connection.execute(_FIRST_TASKS).fetchall()
    assert len(rows) == total, f"{len(rows)} cases of {total} declarations"
    assert all(row[0] is not None for row in rows), "a case has no task"
    return [float(row[0]) for row in rows]
