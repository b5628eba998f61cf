"""`/style`: every component with its states, on invented content, for builders and reviewers."""

from datetime import datetime, timedelta
from typing import Any

from flask import render_template

from cyberdesk.core import clock
from cyberdesk.core.access import PUBLIC
from cyberdesk.core.web import style_samples as samples
from cyberdesk.core.web.doors import Door

door = Door("style", __name__)


def at(minutes: float) -> datetime:
    """Return the instant that many minutes from now."""
    return clock.now() + timedelta(minutes=minutes)


@door.get("/style", may=PUBLIC)
def page() -> str:
    return render()


def render() -> str:
    return render_template("style/page.html", **_content())


def _content() -> dict[str, Any]:
    return {
        "at": at,
        "long": samples.LONG,
        "advice": samples.ADVICE,
        "choices": samples.choices(),
        "events": samples.events(at),
        "messages": samples.messages(at),
        "files": samples.files(at),
        "page_href": lambda n: f"?page={n}",
        **samples.pictures(at),
    }
