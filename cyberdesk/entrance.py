"""The front page: three ways in, the most urgent first. The desk goes to its queue."""

from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.access import PUBLIC
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor

door = Door("entrance", __name__)


@door.get("/", may=PUBLIC)
def home() -> Response | str:
    if actor().may("case:list"):
        return redirect(url_for("cases.queue"))
    demo = "demo.cast" in current_app.view_functions
    return render_template("entrance.html", demo=demo)
