"""The words of the room: where an observable came from, and what to look at in one."""

from collections.abc import Mapping

from cyberdesk.core.text import Text, _

PERSON = "person"
SOURCES: Mapping[str, Text] = {
    PERSON: _("typed by a person"),
    "task": _("answer to a task"),
    "message": _("message"),
    "file": _("file"),
    "declaration": _("declaration"),
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
# What the objects of a bundle are called by people; the others keep their STIX name.
OBJECTS: Mapping[str, Text] = {
    "identity": _("Centre and victim"),
    "incident": _("Incident"),
    "event": _("Events of the attack"),
    "impact": _("Impacts"),
    "task": _("Tasks of the answer"),
    "indicator": _("Indicators"),
    "sighting": _("Sightings"),
    "observed-data": _("Observations"),
    "note": _("Notes"),
    "relationship": _("Relations"),
    "marking-definition": _("Markings"),
    "ipv4-addr": _("IP addresses"),
    "ipv6-addr": _("IPv6 addresses"),
    "domain-name": _("Domain names"),
    "url": _("Web addresses"),
    "email-addr": _("E-mail addresses"),
    "file": _("Files"),
    "directory": _("Folders"),
    "windows-registry-key": _("Registry keys"),
    "process": _("Command lines"),
    "mutex": _("Mutexes"),
    "user-account": _("User accounts"),
    "mac-addr": _("MAC addresses"),
    "autonomous-system": _("Networks (AS numbers)"),
}
