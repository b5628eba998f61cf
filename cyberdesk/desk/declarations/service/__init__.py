"""The acts on a declaration, as others call them: `service.start(actor, …)`."""

from cyberdesk.desk.declarations.service.answering import Saved, form_of, save
from cyberdesk.desk.declarations.service.attaching import (
    attach,
    attach_to_case,
    detach,
    files_of_case,
    files_of_declaration,
    open_file,
)
from cyberdesk.desk.declarations.service.declaring import Declared, Wanted, declare, made
from cyberdesk.desk.declarations.service.loading import access_declaration, access_told
from cyberdesk.desk.declarations.service.returning import come_back, new_code_for
from cyberdesk.desk.declarations.service.sending import send
from cyberdesk.desk.declarations.service.sharing import (
    SHARED,
    end_share,
    readers_in_part,
    share,
    ways_of,
)
from cyberdesk.desk.declarations.service.starting import Started, start

__all__ = [
    "SHARED",
    "Declared",
    "Saved",
    "Started",
    "Wanted",
    "access_declaration",
    "access_told",
    "attach",
    "attach_to_case",
    "come_back",
    "declare",
    "detach",
    "end_share",
    "files_of_case",
    "files_of_declaration",
    "form_of",
    "made",
    "new_code_for",
    "open_file",
    "readers_in_part",
    "save",
    "send",
    "share",
    "start",
    "ways_of",
]
