import socket
from pathlib import Path

import click


@click.command("mailcatcher")
@click.option("--port", default=1025, show_default=True, help="Loopback port to listen on.")
@click.option("--handle", type=int, hidden=True, help="A listening socket that `up` passes on.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="CYBERDESK_DATA_DIR",
    default=Path("data"),
    help="The data folder; mails go into its folder mail.",
)
def command(port: int, handle: int | None, data: Path) -> None:
    """Catch the mails of the demo as .eml files instead of sending them."""
    from cyberdesk.core.embedded.mailcatcher import serve

    if handle is None:
        listener = socket.create_server(("127.0.0.1", port))
    else:
        listener = socket.socket(fileno=handle)
    serve(listener, data / "mail")
