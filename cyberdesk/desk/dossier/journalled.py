"""How the journal calls what is done with dossiers."""

from cyberdesk.core.text import _

ACTS = {
    "dossier:print": _("Dossier printed"),
}
