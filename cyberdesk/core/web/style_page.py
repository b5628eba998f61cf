"""`/style`: every component with its states, on invented content, for builders and reviewers."""

from datetime import datetime, timedelta
from typing import Any

import segno
from flask import render_template
from markupsafe import Markup

from cyberdesk.core import clock
from cyberdesk.core.access import PUBLIC
from cyberdesk.core.web.doors import Door

door = Door("style", __name__)

LONG = (
    "Rançongiciel sur l’ensemble du réseau, état civil, paie, cantine, facturation de l’eau "
    "et téléphonie arrêtés depuis dimanche soir"
)
ADVICE = (
    {"icon": "plug-off", "text": "Débranchez le réseau", "detail": "Câbles et Wi-Fi, partout."},
    {"icon": "power", "text": "N’éteignez rien", "detail": "La mémoire aidera l’enquête."},
    {"icon": "hand", "text": "Ne payez pas", "detail": "Ne répondez pas. Photographiez l’écran."},
)


def at(minutes: float) -> datetime:
    """Return the instant that many minutes from now."""
    return clock.now() + timedelta(minutes=minutes)


def qr_svg(address: str) -> Markup:
    """Draw `address` as a QR code of plain SVG, with neither style nor script."""
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn by segno from shapes only


@door.get("/style", may=PUBLIC)
def page() -> str:
    return render()


def render() -> str:
    return render_template("style/page.html", **_content())


def _content() -> dict[str, Any]:
    return {
        "at": at,
        "long": LONG,
        "advice": ADVICE,
        "qr": qr_svg("https://cyberdesk.example/d/7K4-92M"),
        "choices": _choices(),
        "events": _events(),
        "messages": _messages(),
        "files": _files(),
        "page_href": lambda n: f"?page={n}",
    }


def _choices() -> list[dict[str, Any]]:
    return [
        {
            "value": "ransom",
            "label": "Un message demande de l’argent",
            "hint": "Fichiers illisibles, fond d’écran changé, compte à rebours",
        },
        {
            "value": "locked",
            "label": "Plus rien ne s’ouvre, sans message",
            "hint": "Logiciels métier, dossiers partagés, messagerie",
        },
        {"value": "mail", "label": "Des courriels partent sans nous"},
        {
            "value": "unknown",
            "label": "Je ne sais pas",
            "hint": "Dites-le simplement, on vous rappelle",
            "unknown": True,
        },
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {
            "at": at(-19),
            "text": "Question envoyée à la commune par SMS et courriel",
            "icon": "message-send",
            "by": "Camille Duroc",
        },
        {
            "at": at(-28),
            "text": "Indicateur ajouté",
            "detail": "paie-secure-login.example",
            "icon": "target",
            "tone": "serious",
            "href": "#",
        },
        {
            "at": at(-35),
            "text": "« Fait, c’est débranché, la photo est jointe »",
            "icon": "check",
            "tone": "good",
            "by": "la commune",
        },
        {
            "at": at(-50),
            "text": "Prise de connaissance datée",
            "icon": "flag",
            "by": "la secrétaire de mairie",
        },
    ]


def _messages() -> list[dict[str, Any]]:
    return [
        {
            "body": "Fait, c’est débranché. La photo est jointe.",
            "by": "Secrétariat de mairie",
            "at": at(-35),
            "channel": "page",
        },
        {
            "body": "Merci. Les sauvegardes sont-elles joignables depuis un poste touché ?",
            "by": "Camille Duroc",
            "at": at(-19),
            "mine": True,
            "channel": "sms",
            "state": "read",
        },
        {
            "body": "Le prestataire ne répond pas, rappeler à 09:00.",
            "by": "Équipe B",
            "at": at(-12),
            "note": True,
        },
        {
            "body": "Pouvez-vous nous rappeler ?",
            "by": "Camille Duroc",
            "at": at(-4),
            "mine": True,
            "channel": "mail",
            "state": "failed",
        },
    ]


def _files() -> list[dict[str, Any]]:
    return [
        {
            "name": "note-de-rancon.jpg",
            "size": 2_412_000,
            "kind": "image JPEG",
            "by": "la commune",
            "at": at(-34),
            "href": "#",
            "icon": "photo",
            "sha256": "9f2c1be07a55d0c4",
        },
        {"name": "journal-pare-feu-2026-11-22.log", "size": 48_120, "kind": "texte", "href": "#"},
    ]
