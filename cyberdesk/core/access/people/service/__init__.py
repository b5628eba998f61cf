"""The only writer of people, roles, invitations and organisations."""

from cyberdesk.core.access.people.service.accounts import (
    access_membership,
    access_person,
    change_profile,
    close_account,
    end_membership,
    find_people,
    give_role,
    reopen_account,
    reset_means,
    roles_of,
    sign_out_everywhere,
)
from cyberdesk.core.access.people.service.invitations import (
    Newcomer,
    access_invitation,
    find_invitation,
    invite,
    invite_first_administrator,
    join,
    open_invitations,
    revoke,
)
from cyberdesk.core.access.people.service.organisations import (
    access_organisation,
    add_organisation,
    change_organisation,
)
from cyberdesk.core.access.people.service.renewal import (
    ask_new_password,
    find_renewal,
    renew_password,
)

__all__ = [
    "Newcomer",
    "access_invitation",
    "access_membership",
    "access_organisation",
    "access_person",
    "add_organisation",
    "ask_new_password",
    "change_organisation",
    "change_profile",
    "close_account",
    "end_membership",
    "find_invitation",
    "find_people",
    "find_renewal",
    "give_role",
    "invite",
    "invite_first_administrator",
    "join",
    "open_invitations",
    "renew_password",
    "reopen_account",
    "reset_means",
    "revoke",
    "roles_of",
    "sign_out_everywhere",
]
