"""Who may do what with the files of a case at the desk; the victim's side has its own space."""

from cyberdesk.core.access import STAFF

POLICY = {
    "evidence:read": STAFF,
    "evidence:add": STAFF,
}
