"""`create_app(settings)`: the order in which the web application is built, nothing else."""

from flask import Flask

from cyberdesk import process
from cyberdesk.core.web import application, doors, health, language
from cyberdesk.rooms import open_rooms
from cyberdesk.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application; refuses to start on unsafe settings or an undeclared route."""
    settings = process.start(settings)
    app = application.build("cyberdesk", _config(settings), https=settings.secure_cookies)
    language.install(app)
    app.register_blueprint(health.door)
    for room in open_rooms():
        for door in room.doors() if room.doors else ():
            app.register_blueprint(door)
    doors.refuse_undeclared(app)
    return app


def _config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "CYBERDESK": settings,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure_cookies else "session",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # a declaration never times out
        "MAX_CONTENT_LENGTH": 1 << 20,
    }
