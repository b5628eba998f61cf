"""The doors of sign-in."""

from typing import Any, cast

from flask import Flask

from cyberdesk.core.access.signin import bearer, browser
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import identify_by

door = Door("security", __name__)


@door.record_once
def _install(state: Any) -> None:
    app = cast(Flask, state.app)
    identify_by(app, browser.identify)
    identify_by(app, bearer.identify)
