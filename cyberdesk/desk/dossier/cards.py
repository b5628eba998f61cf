"""The dossier among the acts of a case, and its letters beside how it ended."""

from flask import render_template, url_for
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import CaseAction, CasePanel


def papers(actor: Actor, case: Case) -> Markup | None:
    """Draw what can be printed, once there is a letter."""
    endings = cases.endings(actor, case)
    if not endings:
        return None
    page = render_template("dossier/panel.html", case=case, endings=endings)
    return Markup(page)  # noqa: S704  # made by our own autoescaped template


def _address(case: Case) -> str:
    return url_for("dossier.dossier", reference=case.reference)


PANEL = CasePanel("papers", _("Papers"), papers, "side", 15, "dossier:print")
ACTION = CaseAction("dossier", _("Dossier as PDF"), "pdf", _address, may="dossier:print", order=75)
