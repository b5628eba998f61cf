"""Telling whoever made a token that it ends, while there is time to make another."""

from datetime import timedelta

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.models import ApiToken, Person
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.letters import write

BEFORE = timedelta(days=14)


def tell() -> int:
    """Write one letter for each token that ends within BEFORE; return how many there are."""
    now = clock.now()
    ending = (
        select(ApiToken, Person)
        .join(Person, Person.id == ApiToken.person_id)
        .where(ApiToken.revoked_at.is_(None), Person.active)
        .where(ApiToken.expires_at > now, ApiToken.expires_at <= now + BEFORE)
    )
    with atomic(SYSTEM) as session:
        found = session.execute(ending).all()
        for token, person in found:
            write(
                "token-ends",
                to=person.email,
                language=person.language,
                dedup=f"token-ends:{token.id}",
                name=token.name,
                ends=token.expires_at.isoformat(),
            )
    return len(found)
