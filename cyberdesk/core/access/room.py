"""The room of people, organisations and rights."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cyberdesk.core.access.journalled import ACTS, SUBJECTS
from cyberdesk.core.access.permissions import Role
from cyberdesk.core.access.policy import POLICY
from cyberdesk.core.room import Link, Room, Sweep
from cyberdesk.core.text import _


def _doors() -> Iterable[Any]:
    from cyberdesk.core.access.account.entry_views import door as entry
    from cyberdesk.core.access.account.token_views import door as tokens
    from cyberdesk.core.access.account.views import door as account
    from cyberdesk.core.access.api import door as api
    from cyberdesk.core.access.people.organisation_views import door as organisations
    from cyberdesk.core.access.people.views import door as people
    from cyberdesk.core.access.signin.doors import door as sign_in

    return sign_in, entry, account, tokens, people, organisations, api


def _prepare() -> None:
    from cyberdesk.core.access.directory import load_directory

    load_directory()


def _forget_answers() -> int:
    from cyberdesk.core.web.stored_answers import forget_old

    return forget_old()


def _tell_of_tokens() -> int:
    from cyberdesk.core.access.token_ends import tell

    return tell()


ROOM = Room(
    name="access",
    title=_("People and organisations"),
    journalled=ACTS | SUBJECTS,
    policy=POLICY,
    doors=_doors,
    navigation=(
        Link(_("People"), "people.index", "users", "person:list", order=80, begins=(Role.ADMIN,)),
        Link(_("Invitations"), "people.invitations", "send", "person:invite", order=81),
        Link(
            _("Organisations"), "organisations.index", "building", "organisation:manage", order=82
        ),
    ),
    prepare=_prepare,
    sweeps=(
        Sweep("access:answers", timedelta(hours=1), _forget_answers),
        Sweep("access:tokens", timedelta(hours=6), _tell_of_tokens),
    ),
)
