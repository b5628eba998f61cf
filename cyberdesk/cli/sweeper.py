import signal
import threading

import click

from cyberdesk import process
from cyberdesk.core.jobs.bell import Bell
from cyberdesk.core.jobs.sweeper import Sweeper
from cyberdesk.rooms import open_rooms


@click.command("sweeper")
def command() -> None:
    """Find what is due (timers, deadlines, lost work) and wake a worker for it."""
    settings = process.start(pool_size=4)
    stop = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stop.set())
    sweeps = [sweep for room in open_rooms() for sweep in room.sweeps]
    Sweeper(sweeps, Bell(settings.redis_url)).run(stop)
