"""How the journal calls what is done with accounts, rights and organisations."""

from cyberdesk.core.text import _

ACTS = {
    "token:make": _("Access for a program made"),
    "token:revoke": _("Access for a program revoked"),
    "password:list": _("List of known passwords imported"),
    "password:change": _("Password changed"),
    "password:ask": _("New password asked for"),
    "password:renew": _("Password chosen anew"),
    "directory:import": _("National directory imported"),
    "directory:load": _("Directory of the region loaded"),
    "role:give": _("Role given"),
    "role:end": _("Role ended"),
    "account:close": _("Account closed"),
    "account:reopen": _("Account reopened"),
    "account:reset": _("Means of signing in reset"),
    "account:change": _("Account changed"),
    "session:open": _("Signed in"),
    "session:refuse": _("Sign-in refused"),
    "session:end-all": _("Signed out everywhere"),
    "authenticator:add": _("Authenticator added"),
    "authenticator:remove": _("Authenticator removed"),
    "passkey:add": _("Passkey added"),
    "passkey:remove": _("Passkey removed"),
    "person:invite": _("Person invited"),
    "invitation:revoke": _("Invitation revoked"),
    "invitation:accept": _("Invitation accepted"),
    "administrator:first": _("First administrator made"),
    "organisation:add": _("Organisation added"),
    "organisation:change": _("Organisation changed"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "api_tokens": _("Access for a program"),
    "invitations": _("Invitation"),
    "memberships": _("Role"),
    "organisations": _("Organisation"),
    "people": _("Person"),
}
