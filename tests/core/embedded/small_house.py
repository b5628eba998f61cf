# ruff: noqa: T201
"""Real, small programs in the place of `cyberdesk web`, `worker`, … for tests of what runs them.

`small_house.py up DATA PORT [--demo]` is the supervisor itself; the rest are its children.
"""

import http.server
import json
import os
import socket
import sys
import time
from pathlib import Path

from cyberdesk.core.embedded.gate import wait_at
from cyberdesk.core.embedded.house import Plan


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        facts = {name: value for name, value in os.environ.items() if name.startswith("CYBERDESK_")}
        self.wfile.write(json.dumps({"pid": os.getpid(), **facts}).encode())

    def log_message(self, *_: object) -> None:
        print("a page was asked for", flush=True)


def up(data: str, port: str, *more: str) -> None:
    from cyberdesk.cli.up import run

    launcher = (sys.executable, __file__)
    run(
        Plan(
            Path(data), "127.0.0.1", int(port), demo="--demo" in more, workers=1, launcher=launcher
        )
    )


def pass_gate(argument: str) -> None:
    """Wait where the real programs wait: `--gate=NUMBER`."""
    wait_at(int(argument.removeprefix("--gate=")))


def init(gate: str) -> None:
    """Count the starts in the database itself, so that tests see data outlive them."""
    import psycopg

    pass_gate(gate)

    with psycopg.connect(os.environ["CYBERDESK_DATABASE_URL"].replace("+psycopg", "")) as link:
        link.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
        link.execute("INSERT INTO starts DEFAULT VALUES")
        starts = link.execute("SELECT count(*) FROM starts").fetchone()
    print(json.dumps({"message": f"start number {starts[0]}"}))
    print(json.dumps({"message": f"mails go to {os.environ.get('CYBERDESK_SMTP_URL')}"}))
    print(json.dumps({"account": {"who": "Analyst", "password": "correct horse"}}))


def demo() -> None:
    if os.environ.get("SMALL_HOUSE_DEMO") == "broken":
        raise SystemExit("the script of the demo is torn")
    print(json.dumps({"message": "the demo plays on"}))


def web(gate: str, handle: str) -> None:
    pass_gate(gate)
    address = ("127.0.0.1", int(os.environ["CYBERDESK_PORT"]))
    with http.server.ThreadingHTTPServer(address, Page, bind_and_activate=False) as server:
        server.socket = socket.socket(fileno=int(handle.removeprefix("--handle=")))
        server.serve_forever()


def wait() -> None:
    print("at work", flush=True)
    while True:
        time.sleep(60)


def mailcatcher(handle: str) -> None:
    os.execv(sys.executable, [sys.executable, "-m", "cyberdesk", "mailcatcher", handle])


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    ({"worker": wait, "sweeper": wait}.get(name) or globals()[name])(*arguments)
