"""`create_app(settings)`: the order in which the web application is built, nothing else."""

from flask import Flask

from cyberdesk import entrance, process
from cyberdesk.core.jobs.gauges import JOBS
from cyberdesk.core.room import Gauge, Link
from cyberdesk.core.text import Text, _
from cyberdesk.core.text import language as spoken
from cyberdesk.core.web import (
    application,
    components,
    doors,
    frame,
    health,
    language,
    metrics,
    style_page,
)
from cyberdesk.core.web.api import published
from cyberdesk.rooms import open_rooms, rooms
from cyberdesk.settings import Settings
from cyberdesk.strand import Strand


def preload() -> None:
    """Import all that the application is made of, without touching settings or database."""
    for room in rooms():
        if room.doors:
            list(room.doors())


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application; refuses to start on unsafe settings or an undeclared route."""
    settings = process.start(settings)
    app = application.build(
        "cyberdesk",
        _config(settings),
        https=settings.secure_cookies,
        proxies=settings.trusted_proxies,
        host=settings.host if settings.secure_cookies else "",
    )
    language.install(app)
    components.install(app, spoken)
    frame.install(app, _ways(settings))
    app.register_blueprint(health.door)
    metrics.install(app, _gauges(), settings.metrics_token)
    if not settings.production:
        app.register_blueprint(style_page.door)
    app.register_blueprint(published.door)
    app.register_blueprint(entrance.door)
    if settings.demo:
        from cyberdesk.core.access.signin import demo

        app.register_blueprint(demo.door)
    for room in open_rooms():
        for door in room.doors() if room.doors else ():
            app.register_blueprint(door)
    doors.refuse_undeclared(app)
    return app


def _gauges() -> list[Gauge]:
    return [*JOBS, *(gauge for room in open_rooms() for gauge in room.gauges)]


def _ways(settings: Settings) -> frame.Ways:
    """The navigation: what all strands share, then the strands of the programme."""
    shared = [
        link for room in open_rooms() if not isinstance(room, Strand) for link in room.navigation
    ]
    strands = [
        link for room in open_rooms() if isinstance(room, Strand) for link in room.navigation
    ]
    groups: list[tuple[Text | None, list[Link]]] = [
        (None, sorted(shared, key=lambda link: link.order)),
        (_("Programme"), sorted(strands, key=lambda link: link.order)),
    ]
    return frame.Ways(groups, demo=settings.demo)


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
