"""Who asks: the columns of the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import permissions
from cyberdesk.core.access.api_tokens import make_token, revoke_token
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.access.signin.sessions import open_session
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.web.sessions import SealedSessions
from tests.factories import actor_of

CSRF = "0" * 40

# By name: a role and where it is held. `north` and `south` are communes, `north-case` is the case
# of north, `desk:cyber` the desk of a strand.
PEOPLE: Mapping[str, tuple[str, str]] = {
    "member": ("member", "north"),
    "manager": ("manager", "north"),
    "mayor": ("mayor", "north"),
    "dpo": ("dpo", "north"),
    "neighbour": ("manager", "south"),
    "provider": ("provider", "north-case"),
    "provider-south": ("provider", "south-case"),
    "responder": ("responder", "desk:cyber"),
    "lead": ("lead", "desk:cyber"),
    "trainer": ("trainer", "desk:cyber"),
    "officer": ("officer", "desk:cyber"),
    "campus-lead": ("lead", "desk:campus"),
    "auditor": ("auditor", "desk:*"),
    "admin": ("admin", "desk:*"),
}
WEAK = {"responder-weak": "responder", "admin-weak": "admin"}  # without their second factor
LINKS = ("declarant", "declarant-south", "draft", "mayor-link", "provider-link")
TOKENS = ("token-responder", "token-narrow", "token-member", "token-ended")
CAST = ("nobody", *LINKS, *PEOPLE, *WEAK, *TOKENS)


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request bears to say who makes it."""

    session: Mapping[str, Any]
    way: str = ""  # the private link's token
    bearer: str = ""

    def headers(self, app: Flask) -> dict[str, str]:
        signer = SealedSessions().get_signing_serializer(app)
        assert signer
        cookies = {"session": signer.dumps(dict(self.session) | {"csrf_token": CSRF})}
        if self.way:
            cookies["dossier"] = self.way
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        return headers | ({"Authorization": f"Bearer {self.bearer}"} if self.bearer else {})


def credentials(people: Mapping[str, Person], links: Mapping[str, str]) -> dict[str, Credential]:
    """Return what everybody of the cast bears."""
    bare = Credential({})
    found = {"nobody": bare} | {who: Credential({}, way=links[who]) for who in LINKS}
    found |= {who: _signed_in(people[who], strong=True) for who in PEOPLE}
    found |= {who: _signed_in(people[same], strong=False) for who, same in WEAK.items()}
    every = {name for name in permissions.declared() if actor_of(people["responder"]).may(name)}
    theirs = {name for name in permissions.declared() if actor_of(people["member"]).may(name)}
    return found | {
        "token-responder": _token(people["responder"], every),
        "token-narrow": _token(people["responder"], {"case:take"}),
        "token-member": _token(people["member"], theirs),
        "token-ended": _token(people["responder"], every, ended=True),
    }


def _signed_in(person: Person, *, strong: bool) -> Credential:
    with atomic(SYSTEM) as session:
        held = select(Credentials.uniquifier).where(Credentials.person_id == person.id)
        uniquifier = session.scalar(held)
        token = open_session(person.id, strong=strong, device="test")
    fresh = clock.now().timestamp()
    return Credential({"sid": token, "_user_id": uniquifier, "fs_paa": fresh})


def _token(person: Person, scopes: set[str], *, ended: bool = False) -> Credential:
    actor, last = actor_of(person), clock.now() + timedelta(days=1)
    with atomic(actor.scope):
        row, text = make_token(actor, name="robot", scopes=scopes, expires_at=last)
        if ended:
            revoke_token(actor, row)
    return Credential({}, bearer=text)
