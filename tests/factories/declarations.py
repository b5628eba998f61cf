"""Declarations: begun, answered, sent, as the person in the town hall would."""

from dataclasses import dataclass
from uuid import UUID

from cyberdesk.core.access import ANONYMOUS, Actor
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import atomic
from cyberdesk.core.hygiene import clean_form
from cyberdesk.desk.declarations import service, ways
from tests.factories.people import make_organisation

RANSOMWARE = {
    "sees": {"sees": ["ransom_note", "nothing_opens"]},
    "reach": {"callback_phone": ["06 12 34 56 78"], "callback_name": ["Nadia Prévost"]},
    "ransom": {"ransom_shows": ["note"], "ransom_theft": ["yes"], "ransom_reply": ["no"]},
    "blocked": {"blocked_what": ["everything"], "backups": ["network"]},
    "scope": {"machines": ["all"], "servers": ["yes"], "spreading": ["yes"]},
    "services": {"services": ["civil_status", "payroll"], "people_at_risk": ["no"]},
    "data": {"data": ["residents"], "data_people": ["hundreds"]},
    "dates": {"since": ["last_night"], "known_since": ["this_morning"]},
    "done": {"done": ["unplugged"]},
    "support": {"it_support": ["provider"], "insured": ["yes"], "words": ["Merci de rappeler."]},
}
SHORT = {"sees": {"sees": ["unknown"]}, "reach": {"callback_phone__unknown": ["1"]}}


@dataclass(frozen=True)
class Begun:
    """A declaration under way and who holds its link."""

    id: UUID
    reference: str
    code: str
    token: str
    actor: Actor


def begin(organisation: Organisation | None = None, *, typed_name: str = "", **more) -> Begun:
    """Begin a declaration for `organisation`, a new commune when none is given."""
    if organisation is None and not typed_name:
        organisation = make_organisation()
    with atomic():
        started = service.start(
            more.pop("by", ANONYMOUS),
            strand="cyber",
            organisation=organisation,
            typed_name=typed_name,
            **more,
        )
        declaration = started.declaration
        found = Begun(declaration.id, declaration.reference, started.code, started.token, ANONYMOUS)
    return renew(found)


def renew(begun: Begun) -> Begun:
    """The same person at their next request: reaching their case once it is open."""
    with atomic():
        actor = ways.actor_of(begun.token)
    assert actor is not None
    return Begun(begun.id, begun.reference, begun.code, begun.token, actor)


def answer(begun: Begun, screens: dict[str, dict[str, list[str]]]) -> None:
    for page, fields in screens.items():
        with atomic(begun.actor.scope):
            declaration = service.access_declaration(begun.actor)
            saved = service.save(begun.actor, declaration, page, clean_form(fields))
        assert saved.ok, saved.reading.errors


def send(begun: Begun) -> UUID:
    """Send it and return the id of its case."""
    with atomic(begun.actor.scope):
        return service.send(begun.actor, service.access_declaration(begun.actor)).id


def make_declaration(
    organisation: Organisation | None = None, screens: dict | None = None, **more
) -> tuple[Begun, UUID]:
    """A declaration that was answered and sent; its declarant, and the id of its case."""
    begun = begin(organisation, **more)
    answer(begun, screens or RANSOMWARE)
    case_id = send(begun)
    return renew(begun), case_id
