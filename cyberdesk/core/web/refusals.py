"""One place where refusals become answers: a page, an htmx fragment, or RFC 9457 problem+json."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access.actor import ActorKind
from cyberdesk.core.audit import refused
from cyberdesk.core.db.work import begin_anew, doom, in_transaction
from cyberdesk.core.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RefusalError,
    SecondFactorError,
    TooManyError,
    UnavailableError,
)
from cyberdesk.core.text import Text, _
from cyberdesk.core.web import identity, lingering

_log = structlog.get_logger(__name__)
_TITLES = {
    400: _("This request cannot be understood"),
    401: _("Sign in first"),
    403: _("This is not open to you"),
    404: _("This page does not exist, or not for you"),
    405: _("This address does not take that"),
    409: _("Someone was faster"),
    412: _("It changed meanwhile"),
    413: _("This file is too large"),
    415: _("What was sent is of a kind that is not taken here"),
    421: _("This is not the address of this site"),
    422: _("Something in the form needs another look"),
    429: _("One moment, please"),
    503: _("A part of CyberDesk does not answer"),
    500: _("Something went wrong on our side"),
}
_ways_in: dict[str, str] = {}
_TRACED = {400, 403, 404}  # who goes too fast is counted in /metrics, for less than a row
_KNOWN = {ActorKind.PERSON, ActorKind.LINK, ActorKind.TOKEN}


def install(app: Flask) -> None:
    app.after_request(lingering.linger)
    app.register_error_handler(RefusalError, answer)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(OperationalError, database_away)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OverflowError, _unstorable)
    app.register_error_handler(Exception, _unforeseen)


def answer(refusal: RefusalError) -> AnyResponse:
    """Answer `refusal`; whatever this request had written is rolled back."""
    if in_transaction():
        doom()
    if wants_json():
        return _problem(refusal)
    if refusal.status == HTTPStatus.UNAUTHORIZED and request.method == "GET":
        return redirect(_way_in())
    if isinstance(refusal, SecondFactorError) and request.method == "GET":
        return redirect(url_for("account.protect", next=request.full_path.rstrip("?")))
    fragment = bool(request.headers.get("HX-Request"))
    page = render_template(
        "errors/fragment.html" if fragment else "errors/refusal.html",
        title=title_of(refusal.status),
        refusal=refusal,
    )
    return _finished(Response(page, refusal.status), refusal)


def trace(status: int) -> None:
    """Leave a trace of the refusal of somebody known, once what they tried is rolled back.

    A 404 of an address without an object is a slip; of one with an object it may be a guess.
    """
    who = identity.actor()
    if status not in _TRACED or who.kind not in _KNOWN or not request.endpoint:
        return
    if status == HTTPStatus.NOT_FOUND and not request.view_args:
        return
    with suppress(SQLAlchemyError):  # the answer stands, whatever becomes of its trace
        refused.tell(who, request.endpoint, status)


def comes_in_by(blueprint: str, endpoint: str) -> None:
    """Lead whoever is nobody on the pages of `blueprint` to `endpoint` instead of the sign-in."""
    _ways_in[blueprint] = endpoint


def _way_in() -> str:
    own = _ways_in.get(request.blueprint or "")
    return url_for(own) if own else url_for("security.login", next=request.full_path.rstrip("?"))


def title_of(status: int) -> Text:
    faulty = HTTPStatus.BAD_REQUEST if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    return _TITLES.get(status, _TITLES[faulty])


def wants_json() -> bool:
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _problem(refusal: RefusalError) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:cyberdesk:problem:{refusal.code}",
        "title": str(title_of(refusal.status)),
        "status": refusal.status,
        "code": refusal.code,
        "detail": str(refusal.message),
    }
    if refusal.hint:
        body["hint"] = str(refusal.hint)
    if isinstance(refusal, InvalidError) and refusal.fields:
        body["errors"] = {name: _texts(said) for name, said in refusal.fields.items()}
    response = jsonify(body)
    response.status_code = refusal.status
    response.mimetype = "application/problem+json"
    return _finished(response, refusal)


def _finished(response: Response, refusal: RefusalError) -> Response:
    if isinstance(refusal, TooManyError):
        response.headers["Retry-After"] = str(refusal.retry_after)
    if request.path.startswith("/api/"):
        _challenge(response, refusal)
    if "allow" in refusal.facts:
        response.headers["Allow"] = ", ".join(sorted(refusal.facts["allow"]))
    return response


def _challenge(response: Response, refusal: RefusalError) -> None:
    """Say to a program what is wrong with its token (RFC 6750 §3)."""
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        wrong = ' error="invalid_token"' if request.authorization else ""
        response.headers["WWW-Authenticate"] = f"Bearer{wrong}"
    elif "scope" in refusal.facts:
        scope = refusal.facts["scope"]
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        response.headers["WWW-Authenticate"] = challenge


def _from_http(error: HTTPException) -> AnyResponse:
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        lingering.expect_rest()
    if isinstance(error, CSRFError):
        return answer(_unproved(error))
    if error.code and error.code < 400:  # noqa: PLR2004  # redirects travel as exceptions too
        return error.get_response()
    known = {404: NotFoundError, 403: ForbiddenError}
    refusal = known.get(error.code or 500, RefusalError)(error.description or "")
    if type(refusal) is RefusalError:
        refusal.status = error.code or 500
        refusal.code = (error.name or "error").lower().replace(" ", "-")
    if error.code == HTTPStatus.NOT_FOUND:
        refusal.message = ""
    if isinstance(error, MethodNotAllowed):
        refusal.facts["allow"] = list(error.valid_methods or ())
    return answer(refusal)


def _unproved(error: CSRFError) -> RefusalError:
    """A form without the proof that this browser asked for it: mostly a cookie that is not kept."""
    _log.info("a form without its proof", reason=error.description)
    refusal = RefusalError(
        _("This browser did not keep the cookie that protects this form: nothing was sent."),
        hint=_("Allow the cookies of this site, go back, load the page anew and send again."),
    )
    refusal.status, refusal.code = HTTPStatus.BAD_REQUEST, "form-unproved"
    return refusal


def database_away(error: OperationalError) -> AnyResponse:
    """Answer without asking the database anything more: not even who reads."""
    _log.error("database does not answer", exc_info=error.orig)
    g.pop("actor", None)
    return answer(
        UnavailableError(
            _("The database does not answer. Nothing that was saved is lost."),
            hint=_("Wait a few seconds and send again; the page keeps what you typed."),
        )
    )


def _unstorable(error: DataError | OverflowError) -> AnyResponse:
    """A value that no column takes: NUL in a text, a number or a year beyond all bounds."""
    _log.warning("a value cannot be stored", exc_info=getattr(error, "orig", error))
    _undo()
    return answer(
        InvalidError(
            _("A value holds something that cannot be kept."),
            hint=_("Remove unusual signs and very long numbers, then send again."),
        )
    )


def _unforeseen(error: Exception) -> AnyResponse:
    _log.error("unforeseen error", **_where(), exc_info=error)
    refusal = RefusalError(
        _("We have kept a trace of it. What was saved before is not lost."),
        hint=_(
            "Try again; if it comes back, call the centre and give this number: %(number)s",
            number=g.get("request_id", ""),
        ),
    )
    refusal.status, refusal.code = 500, "internal"
    _undo()
    return answer(refusal)


def _undo() -> None:
    """Leave the broken transaction, so that the page that tells of it can still be drawn."""
    if in_transaction():
        with suppress(SQLAlchemyError):  # the database itself may be what failed
            begin_anew()


def _where() -> dict[str, Any]:
    """Say which route it was, and of what: never its address, which may hold a token."""
    rule = request.url_rule.rule if request.url_rule else ""
    ids = {name: str(value) for name, value in (request.view_args or {}).items() if name != "token"}
    return {"method": request.method, "route": rule, **ids}


def _texts(said: Any) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list | tuple) else [str(said)]
