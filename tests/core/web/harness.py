"""The face alone, without database: a bare Flask app that draws the style page and sketches.

`.venv/bin/python -m tests.core.web.harness` serves it for a look.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader

import cyberdesk
from cyberdesk.core import clock, text
from cyberdesk.core.web import components, frame, headers, language, style_page
from cyberdesk.core.web.frame import Language, NavGroup, NavItem, Shell
from tests.core.web.far_end import far_end, found

NOW = datetime(2026, 11, 23, 7, 33, tzinfo=UTC)
PAGES = Path(__file__).parent / "pages"


def shell() -> Shell:
    return Shell(
        theme=request.args.get("theme", "auto"),
        navigation=_navigation,
        languages=tuple(
            Language(code, name, f"?lang={code}", current=code == text.language())
            for code, name in (("fr", "Français"), ("en", "English"))
        ),
        person="Camille Duroc",
        sign_out_href="/out",
        theme_href="/theme",
        path=request.path,
        call_number="0805036083",
        call_note="24 h/24",
        exercise=request.args.get("exercise"),
        demo="demo" in request.args,
        footer={"Accessibilité": "/a11y", "Vos données": "/privacy"},
    )


def _navigation() -> tuple[NavGroup, ...]:
    first = [("File", "inbox", 11), ("Mes dossiers", "folder", 4), ("Campagnes", "speakerphone", 1),
             ("Indicateurs", "target", None), ("Procédures", "route", None)]  # fmt: skip
    strands = [("Campus", "school"), ("Bornes d’appel", "phone"), ("Boutons d’alerte", "bell"),
               ("TIG jeunes", "gavel"), ("Référents sûreté", "shield"), ("Prévention", "heart-handshake"),
               ("Comité", "chart")]  # fmt: skip
    page = request.path.strip("/")
    return (
        NavGroup(
            [NavItem(n, "#", i, c, current=n == "File" and page != "case") for n, i, c in first]
        ),
        NavGroup([NavItem(n, "#", i) for n, i in strands], title="Programme"),
    )


def build() -> Flask:
    root = Path(cyberdesk.__file__).parent / "core" / "web"
    app = Flask("face", static_folder=root / "static", template_folder=root / "templates")
    app.secret_key = "only here"
    app.config["WTF_CSRF_ENABLED"] = False
    own = FileSystemLoader(PAGES)
    app.jinja_loader = ChoiceLoader([own, app.jinja_loader])  # type: ignore[list-item]
    CSRFProtect(app)
    language.install(app)
    headers.install(app, https=False)
    components.install(app, text.language)
    frame.install_shell(app, shell)
    app.before_request(lambda: text.speak(request.args.get("lang", "fr")))
    app.wsgi_app = _at_one_instant(app.wsgi_app)  # type: ignore[method-assign]
    app.register_blueprint(far_end)
    app.add_url_rule("/style", "style", style_page.render)
    app.add_url_rule("/<name>", "page", _page)
    return app


def _at_one_instant(serve: Any) -> Any:
    """Stop the clock for a request, and for it alone: other tests have the hour they live in."""

    def served(environ: Any, start_response: Any) -> Any:
        with clock.using(clock.still(NOW)):
            return serve(environ, start_response)

    return served


def _page(name: str) -> Any:
    return render_template(
        f"{name}.html", at=style_page.at, found=found(request.args.get("commune_text", ""))
    )


if __name__ == "__main__":
    build().run(port=int(sys.argv[1]) if len(sys.argv) > 1 else 8765, debug=True)
