"""What the pages say of actions and secrets."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from cyberdesk.core.connector import Manifest, Repeat
from cyberdesk.core.text import Text, _, language
from cyberdesk.core.web.formatting import date_time
from cyberdesk.desk.connectors.models import ConnectorSetup


class About(NamedTuple):
    """A class of action: its word, its tone, and what it means when an answer is lost."""

    word: Text
    tone: str
    icon: str
    meaning: Text


CLASSES: Mapping[Repeat, About] = {
    Repeat.IDEMPOTENT: About(
        _("may be repeated"),
        "good",
        "refresh",
        _(
            "When its answer is lost, it is sent again: the other side knows it by its number "
            "and acts once."
        ),
    ),
    Repeat.CHECKABLE: About(
        _("asks before repeating"),
        "info",
        "question",
        _("When its answer is lost, the other side is asked first whether it was done."),
    ),
    Repeat.UNSAFE: About(
        _("never repeated by itself"),
        "serious",
        "hand",
        _(
            "When its answer is lost, nobody can know whether it was done: a person looks and "
            "says so. It is not sent a second time."
        ),
    ),
}


# What became of what a source brought, by the outcome that its keeper says.
FOUND: Mapping[str, Text] = {
    "message": _("Put into the thread of their case"),
    "case": _("New declarations"),
    "known": _("Taken in before"),
    "automatic": _("Written by machines, left unread"),
    "too-many": _("Too many of one sender, left unread"),
    "failed": _("Could not be kept, left unread"),
}


def secrets_told(manifest: Manifest, setup: ConnectorSetup | None) -> dict[str, Text]:
    """Return, for each secret field, since when it is set and by whom; never what it is."""
    known = setup.secrets_set if setup else {}
    return {name: _told(known.get(name)) for name in manifest.secrets}


def _told(stamp: Mapping[str, str] | None) -> Text:
    if stamp is None:
        return _("Not set.")
    day = date_time(datetime.fromisoformat(stamp["at"]), language())
    if not stamp["by"]:
        return _("Set on %(day)s from the environment. Leave empty to keep it.", day=day)
    return _("Set on %(day)s by %(name)s. Leave empty to keep it.", day=day, name=stamp["by"])
