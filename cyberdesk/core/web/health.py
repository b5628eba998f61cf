"""`/healthz`: this process lives. `/readyz`: it can serve. Neither tells anything else."""

from flask import Response, jsonify
from sqlalchemy import text

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.db import session
from cyberdesk.core.web.doors import Door

door = Door("health", __name__)


@door.get("/healthz", may=PUBLIC)
def alive() -> Response:
    return jsonify(status="ok")


@door.get("/readyz", may=PUBLIC)
def ready() -> Response:
    session().execute(text("SELECT 1"))
    return jsonify(status="ok")
