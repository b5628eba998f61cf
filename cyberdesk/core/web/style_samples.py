"""Invented content for the style page. No commune here exists."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

At = Callable[[float], datetime]

LONG = (
    "Rançongiciel sur l’ensemble du réseau, état civil, paie, cantine, facturation de l’eau "
    "et téléphonie arrêtés depuis dimanche soir"
)
ADVICE = (
    {"icon": "plug-off", "text": "Débranchez le réseau", "detail": "Câbles et Wi-Fi, partout."},
    {"icon": "power", "text": "N’éteignez rien", "detail": "La mémoire aidera l’enquête."},
    {"icon": "hand", "text": "Ne payez pas", "detail": "Ne répondez pas. Photographiez l’écran."},
)


def choices() -> list[dict[str, Any]]:
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


def events(at: At) -> list[dict[str, Any]]:
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


def messages(at: At) -> list[dict[str, Any]]:
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


def files(at: At) -> list[dict[str, Any]]:
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


def pictures(at: At) -> dict[str, Any]:
    """Return a playbook under way, a map, measures and the hours of an exercise."""
    return {
        "steps": _steps(),
        "edges": EDGES,
        "places": _places(),
        "measures": MEASURES,
        "hours": _hours(at),
    }


EDGES = (
    ("isolate", "call"),
    ("isolate", "photo"),
    ("call", "scope"),
    ("photo", "scope"),
    ("scope", "crisis", "> 5 postes"),
    ("scope", "contain", "sinon"),
    ("crisis", "backups"),
    ("contain", "backups"),
    ("backups", "peers"),
    ("backups", "cnil"),
    ("backups", "restore"),
    ("restore", "check"),
    ("check", "restore", "encore touché"),
    ("cnil", "close"),
    ("peers", "close"),
    ("check", "close", "sain"),
    ("isolate", "close", "fausse alerte"),
)
_STEPS = (
    ("isolate", "Débrancher le réseau, sans éteindre", "done"),
    ("call", "Rappeler et lever le doute", "done"),
    ("photo", "Photographier la demande de rançon", "skipped"),
    ("scope", "Compter les postes touchés", "done"),
    ("crisis", "Ouvrir une cellule de crise à la mairie", "done"),
    ("contain", "Isoler les postes", "todo"),
    ("backups", "Mettre les sauvegardes hors ligne", "now"),
    ("peers", "Prévenir l’intercommunalité", "late"),
    ("cnil", "Notifier la CNIL", "waiting"),
    ("restore", "Restaurer l’état civil", "todo"),
    ("check", "Vérifier les postes restaurés", "todo"),
    ("close", "Clore et tirer les leçons", "todo"),
)
MEASURES = (
    {
        "title": "Communes formées",
        "value": "312",
        "target": 400,
        "target_text": "400",
        "points": (("T1", 40), ("T2", 120), ("T3", 210), ("T4", 312)),
        "note": "Au 23 novembre, liste des présences",
    },
    {
        "title": "Rappel en moins de 30 min",
        "value": "87 %",
        "target": 90,
        "target_text": "90 %",
        "points": (("août", 71), ("sept.", 80), ("oct.", 92), ("nov.", 87)),
        "tone": "serious",
        "note": "11 déclarations ce matin",
    },
    {
        "title": "Boutons d’alerte posés",
        "value": "58",
        "target": 50,
        "target_text": "50",
        "points": (("T1", 5), ("T2", 22), ("T3", 49), ("T4", 58)),
        "tone": "good",
        "note": "Cible atteinte en octobre",
    },
)


def _steps() -> list[dict[str, str]]:
    return [{"id": i, "title": title, "state": state, "href": "#"} for i, title, state in _STEPS]


def _places() -> list[dict[str, Any]]:
    """Return forty places spread by the golden angle, a few of them touched."""
    tones = {3: "critical", 8: "severe", 13: "severe", 21: "serious"}
    return [
        {
            "lon": 5.9 + (n**0.5) * 0.22 * _turn(n, 1.0),
            "lat": 43.8 + (n**0.5) * 0.13 * _turn(n, 0.0),
            "label": f"Commune-Fictive-{n}",
            "weight": 90 if n in tones else 8 + n % 7,
            "tone": tones.get(n, "neutral"),
            "value": f"{120 * n + 40} hab.",
        }
        for n in range(1, 41)
    ]


def _turn(n: int, quarter: float) -> float:
    return math.sin(2.39996 * n + quarter * math.pi / 2)


def _hours(at: At) -> list[dict[str, Any]]:
    told = (
        (-170, "Salle 2", "Premier inject lu", "info"),
        (-150, "Mairie", "Réseau débranché", "good"),
        (-128, "Salle 2", "Fausse piste suivie 20 min", "serious"),
        (-95, "Prestataire", "Sauvegardes trouvées en ligne", "critical"),
        (-80, "Mairie", "Habitants prévenus", "good"),
        (-40, "Prestataire", "Sauvegardes coupées", "good"),
        (-12, "Salle 2", "Fin, tour de table", "info"),
    )
    return [{"at": at(m), "lane": who, "text": text, "tone": tone} for m, who, text, tone in told]
