"""The language of a page: the person's choice, a cookie, then the browser's wish."""

from collections.abc import Mapping

from flask import Flask, Response, request
from flask_babel import Babel

from cyberdesk.core.text import LANGUAGES, _, bilingual, language, plural
from cyberdesk.core.web import cookies
from cyberdesk.core.web.formatting import typography


def _set(texts: Mapping[str, str] | str | None) -> str:
    """Return the text of `{fr: …, en: …}` in the language of the reader, set as a page wants it."""
    return typography(bilingual(texts), language())


def install(app: Flask) -> None:
    Babel(app, locale_selector=language, default_timezone="Europe/Paris")
    app.jinja_env.globals.update(_=_, plural=plural, bilingual=_set, language=language)

    @app.after_request
    def remember(response: Response) -> Response:
        chosen = request.args.get("lang")
        if chosen in LANGUAGES:
            cookies.keep(response, "lang", chosen)
        return response
