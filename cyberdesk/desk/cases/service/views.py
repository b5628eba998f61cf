"""Saved views of the queue: somebody's own filters, by name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, NotFoundError
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import SavedView
from cyberdesk.desk.cases.queue import Asked
from cyberdesk.desk.cases.service.wording import needed

MOST = 20


@allowed("case:list")
@recorded("view:save")
def save_view(actor: Actor, *, name: str, asked_for: Asked) -> SavedView:
    """Keep what is asked for under `name`; a known name is given the new filters."""
    assert actor.id
    held = {view.name: view for view in saved_views(actor)}
    name = needed("name", name)
    if name in held:
        held[name].query = asked_for.query()
        return held[name]
    if len(held) >= MOST:
        raise ConflictError(
            _("You keep %(count)s views already.", count=MOST), hint=_("Forget one of them first.")
        )
    view = SavedView(person_id=actor.id, name=name, query=asked_for.query(), created_at=clock.now())
    session().add(view)
    return view


@allowed("case:list")
@recorded("view:forget")
def forget_view(actor: Actor, *, view_id: UUID) -> None:
    view = session().scalar(
        select(SavedView).where(SavedView.id == view_id, SavedView.person_id == actor.id)
    )
    if view is None:
        raise NotFoundError
    session().delete(view)


@allowed("case:list")
def saved_views(actor: Actor) -> Sequence[SavedView]:
    """Return the actor's own views, by name."""
    wanted = select(SavedView).where(SavedView.person_id == actor.id).order_by(SavedView.name)
    return session().scalars(wanted).all()
