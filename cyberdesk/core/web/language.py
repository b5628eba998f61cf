"""The language of a page: the person's choice, a cookie, then the browser's wish."""

from flask import Flask, Response, request
from flask_babel import Babel

from cyberdesk.core.text import LANGUAGES, _, bilingual, language, plural
from cyberdesk.core.web import cookies


def install(app: Flask) -> None:
    Babel(app, locale_selector=language, default_timezone="Europe/Paris")
    app.jinja_env.globals.update(_=_, plural=plural, bilingual=bilingual, language=language)

    @app.after_request
    def remember(response: Response) -> Response:
        chosen = request.args.get("lang")
        if chosen in LANGUAGES:
            cookies.keep(response, "lang", chosen)
        return response
