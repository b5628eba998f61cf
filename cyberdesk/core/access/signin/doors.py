"""The doors of sign-in."""

from typing import cast

from flask import Flask

from cyberdesk.core.access.signin.browser import identify
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import identify_by

door = Door("security", __name__)
door.record_once(lambda state: identify_by(cast(Flask, state.app), identify))
