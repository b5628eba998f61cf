"""The words of the room: where an observable came from, and what to look at in one."""

from collections.abc import Mapping

from cyberdesk.core.text import Text, _

PERSON = "person"
SOURCES: Mapping[str, Text] = {
    PERSON: _("typed by a person"),
    "task": _("answer to a task"),
    "message": _("message"),
    "file": _("file"),
    "machine": _("another system"),
}
REMARKS: Mapping[str, Text] = {
    "internal": _("Says something of the inside of the victim's network."),
    "credentials": _("Holds a user name or a password."),
    "accents": _("Has accented letters; shown as browsers show it."),
    "foreign-letters": _("Has letters that only look Latin: a name that imitates another one."),
    "hidden-removed": _("Signs without ink were taken out."),
    "hidden-kept": _("Signs without ink are part of the name, and written out here."),
    "port-left-out": _("The port was left out."),
    "scheme-assumed": _("Read as http, since nothing was said."),
    "wildcard": _("Stands for all its sub-domains."),
    "or-domain": _("Could be a domain as well: choose if it is one."),
    "twice": _("Comes more than once here."),
}
