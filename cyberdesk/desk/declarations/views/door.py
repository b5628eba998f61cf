"""The door of the public pages, and who comes through it: the cookie of a private link."""

from dataclasses import replace
from typing import cast

from flask import Flask, Request, flash, g, request, session
from werkzeug.wrappers import Response

from cyberdesk.core.access import Actor
from cyberdesk.core.access.signin.bearer import for_machines
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import Text, _, language
from cyberdesk.core.web import cookies
from cyberdesk.core.web.addresses import whole
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor, identify_by
from cyberdesk.desk.declarations import ways
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.declarations.service import access_declaration
from cyberdesk.desk.declarations.service.starting import LINK_LASTS

door = Door("declarations", __name__, template_folder="../templates")
STRAND = "cyber"  # the strand that answers at /declarer
_OURS = ("declarations.", "space.")
_COOKIE = "dossier"
_CODES = "codes"  # shown again on this device until its browser is closed
_MOST_CODES = 4


def show_number() -> None:
    """Let the head of the page hold a number to call: whoever is at a loss rings."""
    number = next((one for one in intake_of(STRAND).calls({}) if is_phone(one.number)), None)
    if number is not None:
        g.call_number = number.number
        g.call_note = None if number.certain else _("to be verified")


def is_phone(number: str) -> bool:
    """Say whether a call's number is dialled, rather than an address or a line to fill in."""
    return bool(number) and not any(sign.isalpha() for sign in number)


@door.context_processor
def _addresses() -> dict[str, str]:
    """Where to come back, short enough to be copied by hand."""
    return {"back_address": whole("declarations.back").partition("://")[2]}


def token() -> str:
    """Return the token of the link that this browser came in by, empty without one."""
    return cookies.kept(_COOKIE)


def give_way(answer: Response, way_token: str) -> Response:
    """Let this browser come in by the link of `way_token` from now on."""
    cookies.keep(answer, _COOKIE, way_token, lasts=LINK_LASTS)
    return answer


def take_way(answer: Response) -> Response:
    """Forget the link on this browser."""
    cookies.forget(answer, _COOKIE)
    session.pop(_CODES, None)
    return answer


def keep_code(reference: str, code: str) -> None:
    kept = dict(list(session.get(_CODES, {}).items())[1 - _MOST_CODES :])
    session[_CODES] = kept | {reference: code}


def kept_code(reference: str) -> str:
    """Return the code in two halves, to be read out, while this browser still knows it."""
    code = session.get(_CODES, {}).get(reference, "")
    return f"{code[:5]} {code[5:]}".strip()


def visitor() -> Actor:
    """Return the author of this request with their network, which paces what they may do."""
    return replace(actor(), address=request.remote_addr or "")


def mine(*, to_change: bool = False) -> Declaration | None:
    """Return the declaration of this browser's link; `to_change` holds it until the answer."""
    try:
        return access_declaration(actor(), to_change=to_change)
    except NotFoundError:
        return None


def tell(said: Text, tone: str) -> None:
    """Leave a message for the next page."""
    flash(str(said), tone)


def stay_signed() -> None:
    """Let the form's protection outlive the browser's window: a declaration never times out."""
    if "sid" not in session:
        session.permanent = True


def _by_cookie(asked: Request) -> Actor | None:
    if for_machines(asked):  # a browser sends its cookies by itself, and no CSRF token guards these
        return None
    held = cookies.kept(_COOKIE, asked)
    return ways.actor_of(held, address=asked.remote_addr or "", language=language())


def _on_our_pages(asked: Request) -> Actor | None:
    """On these pages the link comes before a sign-in: staff who try them out are declarants."""
    return _by_cookie(asked) if (asked.endpoint or "").startswith(_OURS) else None


def _elsewhere(asked: Request) -> Actor | None:
    return None if (asked.endpoint or "").startswith(_OURS) else _by_cookie(asked)


door.before_request(show_number)
door.record_once(lambda state: identify_by(cast(Flask, state.app), _on_our_pages, first=True))
door.record_once(lambda state: identify_by(cast(Flask, state.app), _elsewhere))
