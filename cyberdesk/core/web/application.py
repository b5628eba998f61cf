"""The Flask application of the house: one transaction a request, one place for refusals."""

import mimetypes
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, request, send_from_directory
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.security import safe_join

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import NOBODY
from cyberdesk.core.db.work import in_transaction
from cyberdesk.core.errors import ForbiddenError, RefusalError
from cyberdesk.core.files.spool import SealedSpool
from cyberdesk.core.text import _
from cyberdesk.core.web import headers, identity, refusals, requests
from cyberdesk.core.web.api.reading import MAX_BODY
from cyberdesk.core.web.doors import Declared, declare, doors
from cyberdesk.core.web.sessions import SealedSessions

_SAFE = {"GET", "HEAD", "OPTIONS"}
_BY_ANY_NAME = {"health.alive", "health.ready", "metrics.show"}
_NO_DATABASE = {"static", *_BY_ANY_NAME}
_LARGEST_FORM = 1 << 20


class MisdirectedError(RefusalError):
    """The request is meant for another site (RFC 9110 §15.5.20)."""

    status = 421
    code = "misdirected"


class House(Flask):
    """Flask with `atomic()` around the whole of a request, sign-in and refusals included."""

    def full_dispatch_request(self) -> Response:
        if request.endpoint in _NO_DATABASE:
            return super().full_dispatch_request()
        try:
            with atomic(NOBODY):
                answer = super().full_dispatch_request()
        except OperationalError as error:  # at the begin or the commit, where no handler is heard
            return self.finalize_request(refusals.database_away(error))
        refusals.trace(answer.status_code)
        return answer

    def dispatch_request(self) -> ResponseReturnValue:
        """Serve, and write at once what the view changed: a value that cannot be kept is told here,
        not at the commit, where no page can be drawn any more.
        """
        answer = super().dispatch_request()
        if in_transaction():
            session().flush()
        return answer

    def send_static_file(self, filename: str) -> Response:
        """Send the packed twin that the build made, to whoever takes it.

        Pages themselves are not packed: they carry tokens beside what a visitor sent (BREACH).
        """
        assert self.static_folder
        packed = f"{filename}.gz"
        takes = bool(request.accept_encodings["gzip"])
        if not takes or not _is_file(self.static_folder, packed):
            return super().send_static_file(filename)
        response = send_from_directory(
            self.static_folder, packed, mimetype=mimetypes.guess_type(filename)[0]
        )
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        return response


def _is_file(folder: str, name: str) -> bool:
    path = safe_join(folder, name)
    return path is not None and Path(path).is_file()


class HouseRequest(Request):
    """Forms are small; a route that takes files says how much with `largest=`."""

    max_form_memory_size = _LARGEST_FORM
    max_form_parts = 300

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        return cast("IO[bytes]", SealedSpool())  # what is uploaded never lies open on a disk


def build(
    import_name: str, config: dict[str, Any], *, https: bool, proxies: int = 0, host: str = ""
) -> House:
    """Return the bare application: security first, no room yet.

    `proxies` is how many of our own stand before it, whose X-Forwarded headers are believed. With
    `host`, only requests to that name are answered.
    """
    app = House(import_name, static_folder="core/web/static", template_folder="core/web/templates")
    app.request_class = HouseRequest
    app.session_interface = SealedSessions()
    app.config.update(config)
    app.jinja_env.autoescape = True
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    declare(app, "static", Declared("public"))
    requests.install(app)
    headers.install(app, https=https)
    refusals.install(app)
    app.config["ONLY_HOST"] = host
    app.before_request(_refuse_other_host)
    app.before_request(_refuse_cross_site)
    app.before_request(_take_in)
    app.before_request(_admit)
    _protect_forms(app)
    return app


def _take_in() -> None:
    """Read what is sent before anything is asked of the database.

    A telephone may take minutes to send a picture: it holds none of our few connections meanwhile.
    """
    if request.method in _SAFE or request.routing_exception:
        return
    declared = doors(current_app).get(request.endpoint or "")
    if declared and declared.machine:
        request.max_content_length = declared.largest or MAX_BODY
        request.get_data()
        return
    if declared and declared.largest:
        request.max_content_length = declared.largest
    request.form  # noqa: B018  # reading it is what takes the files in as well


def _admit() -> None:
    if request.endpoint not in _NO_DATABASE:
        identity.admit()


def _refuse_other_host() -> None:
    """Refuse a request whose Host is none of ours: what is made of it would lead elsewhere.

    Those that only ask whether we live may come by any name.
    """
    only = current_app.config["ONLY_HOST"]
    if not only or request.endpoint in _BY_ANY_NAME:
        return
    if urlsplit(f"//{request.host}").hostname != only:
        raise MisdirectedError(_("This site answers at %(host)s.", host=only))


def _refuse_cross_site() -> None:
    """Refuse what another site makes a browser send (Fetch Metadata, ASVS 5.0 V3.5)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in _SAFE and site == "cross-site":
        raise ForbiddenError(_("This request comes from another site."))


def _protect_forms(app: Flask) -> None:
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    protection = CSRFProtect(app)

    @app.before_request
    def check_token() -> None:
        if request.routing_exception:  # nothing will be done, and what is wrong is to be told
            return
        declared = doors(app).get(request.endpoint or "")
        if request.method not in _SAFE and not (declared and declared.machine):
            protection.protect()
