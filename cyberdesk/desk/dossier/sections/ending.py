"""How it ended, each time: what was found, and what the commune was told."""

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case, CaseEnding
from cyberdesk.desk.cases.vocabulary import OUTCOMES, said, vocabulary_of
from cyberdesk.desk.dossier.parts import Entry, Facts, Part, Section, moment
from cyberdesk.desk.dossier.sections.chapters import Chapter


def endings(actor: Actor, case: Case) -> Section:
    """The desk reads what was found; the commune reads its letter, as it was sent."""
    works = actor.may("case:desk", case.place())
    told: list[Part] = []
    for one in reversed(cases.endings(actor, case)):
        if works:
            told.append(_found(one))
        told.append(Entry(_("Letter to the commune"), moment(one.at), one.letter))
    return Section(_("How it ended"), told)


def _found(one: CaseEnding) -> Facts:
    words, found = vocabulary_of(one.case.strand), one.found
    causes = [said(words.causes, code) for code in one.causes]
    damages = [words.damage(code) for code in one.damages]
    return Facts(
        [
            (_("Closed"), f"{moment(one.at)}, {one.author_name}"),
            (_("Outcome"), said(OUTCOMES, one.outcome)),
            (_("What was found"), said(words.determinations, one.determination)),
            (
                _("Cause"),
                _joined(causes, "cause", found),
            ),
            (_("Damage"), _joined(damages, "damage", found)),
            (_("Lessons"), found.get("lessons")),
            (_("Reopened"), moment(one.reopened_at)),
        ]
    )


def _joined(codes: list[str], name: str, found: dict[str, str]) -> str:
    return "\n".join(held for held in (", ".join(codes), found.get(name, "")) if held)


CHAPTERS = (Chapter("endings", 80, "case:read", endings),)
