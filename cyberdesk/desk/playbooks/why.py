"""Why a run is waiting, as a sentence: "waits for the mayor's answer since 09:12"."""

from collections.abc import Callable
from datetime import datetime

from cyberdesk.core import clock
from cyberdesk.core.text import Text, _, bilingual, language
from cyberdesk.core.web.formatting import near
from cyberdesk.desk.playbooks.engine import Reason, reasons
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.shown.failures import told

# Whose answer: French joins the article to the word, so each is written out.
ANSWERS: dict[str, Text] = {
    "commune": _("the town hall’s answer"),
    "provider": _("the provider’s answer"),
    "responder": _("our answer"),
    "lead": _("the lead’s answer"),
    "mayor": _("the mayor’s answer"),
    "dpo": _("the data protection officer’s answer"),
}


def why_waiting(run: Run) -> list[str]:
    """Return one sentence for each thing that the run waits for, in the language of the moment."""
    return [whole(reason) for reason in reasons(shelf, run.state)]


def whole(reason: Reason) -> str:
    """Return the sentence after the title of the step that waits."""
    title = bilingual(reason.title)
    if not title:
        return str(sentence(reason))
    return str(_("%(title)s: %(sentence)s", title=title, sentence=_small(str(sentence(reason)))))


def sentence(reason: Reason) -> Text:
    """Return the sentence alone, for where the step's title stands beside it."""
    return _SENTENCES[reason.kind](reason)


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _at(moment: datetime) -> str:
    return near(moment, language())


def _facts(reason: Reason) -> dict[str, str]:
    return {
        "answer": str(ANSWERS.get(reason.detail, reason.detail)),
        "since": _at(reason.since),
        "until": _at(reason.until or clock.now()),
        "detail": reason.detail,
        "attempt": str(reason.attempt),
        "attempts": str(reason.attempts),
    }


def _task(reason: Reason) -> Text:
    if reason.late:
        return _("Late: waits for %(answer)s since %(since)s", **_facts(reason))
    return _("Waits for %(answer)s since %(since)s", **_facts(reason))


def _waiting(reason: Reason) -> Text:
    if reason.detail and reason.until:
        return _(
            "Waits since %(since)s to hear that it has come in, until %(until)s at most",
            **_facts(reason),
        )
    if reason.detail:
        return _("Waits since %(since)s to hear that it has come in", **_facts(reason))
    return _("Goes on by itself at %(until)s", **_facts(reason))


def _retrying(reason: Reason) -> Text:
    if not (reason.detail or reason.code):
        return _("Next try at %(until)s (%(attempt)s of %(attempts)s)", **_facts(reason))
    return _(
        "Next try at %(until)s (%(attempt)s of %(attempts)s): %(detail)s",
        **_facts(reason) | _met(reason),
    )


def _met(reason: Reason) -> dict[str, str]:
    """Say what the last attempt met, in the reader's language."""
    met = told({"code": reason.code, "message": reason.detail})
    return {"detail": _small(met)}


def _paused(reason: Reason) -> Text:
    if not reason.detail:
        return _("Paused since %(since)s", **_facts(reason))
    return _("Paused since %(since)s by %(detail)s", **_facts(reason))


_SENTENCES: dict[str, Callable[[Reason], Text]] = {
    "open": _task,
    "confirm": lambda r: _("Waits since %(since)s for a second person to confirm", **_facts(r)),
    "approval": lambda r: _(
        "Needs agreement before it happens: waits for %(answer)s since %(since)s", **_facts(r)
    ),
    "review": lambda r: _(
        "How to go on is to be decided: waits for %(answer)s since %(since)s", **_facts(r)
    ),
    "deciding": lambda r: _(
        "What is known does not decide it: waits for %(answer)s since %(since)s", **_facts(r)
    ),
    "verify": lambda r: _(
        "Nobody knows whether it happened: waits since %(since)s for a person to check", **_facts(r)
    ),
    "acting": lambda r: _("At work since %(since)s", **_facts(r)),
    "retrying": _retrying,
    "delayed": lambda r: _("Begins at %(until)s", **_facts(r)),
    "waiting": _waiting,
    "joining": lambda r: _(
        "Another playbook of this case has begun it: waits for its end since %(since)s", **_facts(r)
    ),
    "paused": _paused,
}
