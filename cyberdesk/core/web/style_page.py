"""`/style`: every component with its states, on invented content, for builders and reviewers."""

from datetime import datetime, timedelta
from typing import Any

import segno
from flask import render_template
from markupsafe import Markup

from cyberdesk.core import clock
from cyberdesk.core.access import PUBLIC
from cyberdesk.core.web import style_samples as samples
from cyberdesk.core.web.doors import Door

door = Door("style", __name__)


def at(minutes: float) -> datetime:
    """Return the instant that many minutes from now."""
    return clock.now() + timedelta(minutes=minutes)


def qr_svg(address: str) -> Markup:
    """Draw `address` as a QR code of plain SVG, with neither style nor script."""
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn by segno from shapes only


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
        "qr": qr_svg("https://cyberdesk.example/d/7K4-92M"),
        "choices": samples.choices(),
        "events": samples.events(at),
        "messages": samples.messages(at),
        "files": samples.files(at),
        "page_href": lambda n: f"?page={n}",
        **samples.pictures(at),
    }
