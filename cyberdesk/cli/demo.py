import click

from cyberdesk import process
from cyberdesk.rooms import open_rooms
from cyberdesk.settings import read


@click.command("demo")
def command() -> None:
    """Play on the demo that `up --demo` began before its doors opened; harmless when repeated."""
    settings = read()
    if not settings.demo:
        raise click.ClickException("This house is not a demo: nothing was played.")
    process.start(settings, pool_size=4)
    for room in open_rooms():
        if room.demo_later:
            room.demo_later()
