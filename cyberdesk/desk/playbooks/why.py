"""Why a run is waiting, as a sentence: "waits for the mayor's answer since 09:12"."""

from collections.abc import Callable
from datetime import datetime

from cyberdesk.core import clock
from cyberdesk.core.text import Text, _, bilingual, language
from cyberdesk.core.web.formatting import date_time
from cyberdesk.desk.cases.vocabulary import WAITS, said
from cyberdesk.desk.playbooks.engine import Reason, reasons
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf


def why_waiting(run: Run) -> list[str]:
    """Return one sentence for each thing that the run waits for, in the language of the moment."""
    return [str(sentence(reason)) for reason in reasons(shelf, run.state)]


def sentence(reason: Reason) -> Text:
    return _SENTENCES[reason.kind](reason)


def _who(reason: Reason) -> str:
    side = "responder" if reason.detail == "lead" else reason.detail
    return str(_("the lead")) if reason.detail == "lead" else said(WAITS, side)


def _at(moment: datetime) -> str:
    return date_time(moment, language())


def _facts(reason: Reason) -> dict[str, str]:
    return {
        "what": bilingual(reason.title),
        "who": _who(reason),
        "since": _at(reason.since),
        "until": _at(reason.until or clock.now()),
        "detail": reason.detail,
        "attempt": str(reason.attempt),
        "attempts": str(reason.attempts),
    }


def _task(reason: Reason) -> Text:
    if reason.late:
        return _("Late: waits for %(who)s since %(since)s: %(what)s", **_facts(reason))
    return _("Waits for %(who)s since %(since)s: %(what)s", **_facts(reason))


def _waiting(reason: Reason) -> Text:
    if reason.detail and reason.until:
        return _(
            "Waits for “%(detail)s” since %(since)s, until %(until)s at most", **_facts(reason)
        )
    if reason.detail:
        return _("Waits for “%(detail)s” since %(since)s", **_facts(reason))
    return _("Goes on by itself at %(until)s", **_facts(reason))


_SENTENCES: dict[str, Callable[[Reason], Text]] = {
    "open": _task,
    "confirm": lambda r: _(
        "Waits since %(since)s for a second person to confirm: %(what)s", **_facts(r)
    ),
    "approval": lambda r: _("Waits since %(since)s for %(who)s to approve: %(what)s", **_facts(r)),
    "review": lambda r: _(
        "Waits for %(who)s to decide how to go on, since %(since)s: %(what)s", **_facts(r)
    ),
    "deciding": lambda r: _(
        "Cannot be decided by what is known; waits for %(who)s since %(since)s: %(what)s",
        **_facts(r),
    ),
    "verify": lambda r: _(
        "Nobody knows whether it happened; waits since %(since)s for %(who)s to check: %(what)s",
        **_facts(r),
    ),
    "acting": lambda r: _("At work since %(since)s: %(what)s", **_facts(r)),
    "retrying": lambda r: _(
        "Next try at %(until)s (%(attempt)s of %(attempts)s): %(detail)s", **_facts(r)
    ),
    "delayed": lambda r: _("Begins at %(until)s: %(what)s", **_facts(r)),
    "waiting": _waiting,
    "paused": lambda r: _("Paused since %(since)s by %(detail)s", **_facts(r)),
}
