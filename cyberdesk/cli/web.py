import os
import signal
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from cyberdesk.core.embedded.gate import wait_at

_THREADS = 48  # more than open event streams (desk/cases/live.py)


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn without its own command line; the application is loaded once, then forked."""

    def __init__(self, options: dict[str, Any], gate: int | None) -> None:
        self._options, self._gate = options, gate
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from cyberdesk import process
        from cyberdesk.app import create_app, preload

        if self._gate is not None:
            preload()
        wait_at(self._gate)
        made = create_app()
        process.warm()
        return made


def _after_fork(server: Any, worker: Any) -> None:  # gunicorn counts them
    """Leave the parent's database connections to the parent, and do not outlive it."""
    from cyberdesk.core.db import database
    from cyberdesk.core.embedded.child import die_with_parent

    die_with_parent(server.pid)
    database().engine.dispose(close=False)


def _let_pages_go_first(worker: Any) -> None:
    """Asked to stop, a worker waits for open answers; streams would keep it to the last second."""
    from cyberdesk.desk.cases.live import watch

    wait_for_the_rest = worker.handle_exit

    def end(number: int, frame: Any) -> None:
        watch.end()
        wait_for_the_rest(number, frame)

    signal.signal(signal.SIGTERM, end)


@click.command("web")
@click.option("--host", default="127.0.0.1", envvar="CYBERDESK_HOST")
@click.option("--port", default=8000, envvar="CYBERDESK_PORT")
@click.option("--web-workers", default=1, envvar="CYBERDESK_WEB_WORKERS")
@click.option("--gate", type=int, hidden=True, help="A gate of `up` to wait at once loaded.")
@click.option("--handle", type=int, hidden=True, help="A listening socket that `up` passes on.")
def command(host: str, port: int, web_workers: int, gate: int | None, handle: int | None) -> None:
    """Serve the pages and the API."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    WebServer(
        {
            "bind": address if handle is None else f"fd://{handle}",
            "workers": web_workers,
            "threads": _THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "post_fork": _after_fork,
            "post_worker_init": _let_pages_go_first,
            "timeout": 60,
            "graceful_timeout": 5,
            "keepalive": 5,
            "loglevel": "warning",
            "accesslog": None,
            "control_socket_disable": True,
            "forwarded_allow_ips": os.environ.get("CYBERDESK_FORWARDED_ALLOW_IPS", "127.0.0.1"),
        },
        gate,
    ).run()
