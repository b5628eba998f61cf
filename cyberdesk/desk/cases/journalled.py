"""How the journal calls what is done with cases."""

from cyberdesk.core.text import _

ACTS = {
    "case:open": _("Case opened"),
    "case:read": _("Case read"),
    "case:triaged": _("Severity computed anew"),
    "case:take": _("Case taken"),
    "case:hand-over": _("Case handed over"),
    "case:release": _("Case put back into the queue"),
    "case:escalate": _("Lead called for"),
    "case:answer-escalation": _("Answer of the lead"),
    "case:severity": _("Severity set by a person"),
    "case:severity-computed": _("Computed severity in force again"),
    "case:message": _("Message written"),
    "case:note": _("Note written for the desk"),
    "case:acknowledge": _("Message read, no answer needed"),
    "case:person-add": _("Contact added"),
    "case:person-change": _("Contact corrected"),
    "case:person-end": _("Contact taken off the list"),
    "case:call": _("Call noted"),
    "case:chronicle": _("Chronology added to"),
    "case:link": _("Case linked with another"),
    "case:unlink": _("Link between cases removed"),
    "case:merge": _("Case joined as a duplicate"),
    "case:unmerge": _("Case a duplicate no more"),
    "case:break-glass": _("Case opened in an emergency"),
    "case:close": _("Case closed"),
    "case:reopen": _("Case reopened"),
    "view:save": _("View of the queue saved"),
    "view:forget": _("View of the queue removed"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "cases": _("Case"),
    "case_messages": _("Message"),
    "case_people": _("Contact"),
    "case_links": _("Link between cases"),
    "case_glass_breaks": _("Emergency opening of a case"),
    "saved_views": _("View of the queue"),
}
