import sys
import time
from contextlib import closing
from pathlib import Path

import click

from cyberdesk.core.embedded.console import Console
from cyberdesk.core.embedded.house import House, Plan
from cyberdesk.core.embedded.supervisor import StopAskedError, Supervisor


@click.command("up")
@click.option("--demo", is_flag=True, envvar="CYBERDESK_DEMO", help="Fill it with a demo.")
@click.option("--host", default="127.0.0.1", show_default=True, envvar="CYBERDESK_HOST")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    envvar="CYBERDESK_PORT",
    type=click.IntRange(1, 65535),
)
@click.option(
    "--data",
    default="data",
    show_default=True,
    envvar="CYBERDESK_DATA_DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where everything is kept: database, files, secrets, logs.",
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    envvar="CYBERDESK_WORKERS",
    type=click.IntRange(0),
    help="Processes that run playbooks and send what goes out.",
)
@click.option(
    "--web-workers",
    default=1,
    show_default=True,
    envvar="CYBERDESK_WEB_WORKERS",
    type=click.IntRange(1),
    help="Processes that answer browsers.",
)
def command(
    *, demo: bool, host: str, port: int, data: Path, workers: int, web_workers: int
) -> None:
    """Start everything and keep it running, until Ctrl-C.

    PostgreSQL and Valkey are started too, in the data folder, unless CYBERDESK_DATABASE_URL or
    CYBERDESK_REDIS_URL names yours.
    """
    run(Plan(data.absolute(), host, port, demo=demo, workers=workers, web_workers=web_workers))


def run(plan: Plan) -> None:
    """Keep the house open until a signal. Raises EmbeddedError when it cannot be opened."""
    started, console = time.monotonic(), Console(sys.stdout)
    with closing(House(plan, console)) as house, Supervisor(console) as supervisor:
        try:
            house.open(supervisor)
            console.say(house.welcome(time.monotonic() - started))
            house.play_on(supervisor)
            supervisor.run()
        except StopAskedError:
            console.say("\nStopping…")
            house.turn_away()
    console.say("Stopped.")
