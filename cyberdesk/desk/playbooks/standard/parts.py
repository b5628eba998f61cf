"""What steps and playbooks are made of: commands, agents, markings… (CACAO 2.0 §5 to §10)."""

import re

from cyberdesk.desk.playbooks.language.nodes import Fields, Node
from cyberdesk.desk.playbooks.language.reading import Reading
from cyberdesk.desk.playbooks.standard.rules import (
    IDENTIFIER,
    VARIABLE,
    Record,
    Rule,
    anything,
    base64_text,
    by_type,
    defined,
    flag,
    identifier,
    listing,
    loose,
    mapping,
    matching,
    nothing_or,
    one_of,
    text,
    timestamp,
    value_of,
    whole,
)

START_LINE = re.compile(
    r"(?P<method>[A-Z]{1,20}) (?P<target>[^\s\x00-\x1f\x7f]{1,2000}) HTTP/\d(\.\d)?\Z"
)
_TAGGED = re.compile(r"[a-zA-Z0-9_-]{0,250}\Z")
_DOTTED = re.compile(r".*\b\d{1,3}(\.\d{1,3}){3}$", re.DOTALL)
_COLONS = re.compile(r".*:.*", re.DOTALL)
_MAC = re.compile(r"[a-fA-F0-9]{2}(:[a-fA-F0-9]{2}){5}\Z")
_URL = re.compile(r"[^\s]{4,2000}\Z")

extensions = mapping(
    mapping(anything), IDENTIFIER, "extension-definition--UUID", least=1, clause="§8"
)
reference = Record(
    "external-reference",
    "§10",
    {
        "name": text,
        "description": text,
        "source": text,
        "url": text,
        "external_id": text,
        "reference_id": text,
    },
    frozenset({"name"}),
)


def _value(node: Fields, reading: Reading) -> None:
    """A string, or the object of a dictionary: the published schema forgets the second (§10.18)."""
    held = node.fields.get("value")
    dictionary = value_of(node.fields.get("type")) == "dictionary" and isinstance(held, Fields)
    if held is not None and not dictionary:
        nothing_or(text)(held, reading.into("value"))


variable = Record(
    "variable",
    "§10.18",
    {
        "type": text,
        "description": text,
        "value": anything,
        "constant": flag,
        "external": flag,
    },
    frozenset({"type"}),
    (_value,),
)


variables = mapping(variable, VARIABLE, "__name__", clause="§10.18")
arguments = listing(text, 1, "§4")

# -- commands (§5)

_command = Record(
    "command",
    "§5",
    {
        "type": text,
        "description": text,
        "version": text,
        "playbook_activity": text,
        "external_references": listing(reference),
    },
    frozenset({"type"}),
)


def _says_something(node: Fields, reading: Reading) -> None:
    if not {"command", "command_b64"} & node.fields.keys():
        reading.fault("cacao-no-command", node, type=value_of(node.fields.get("type")))


def _start_line(node: Fields, reading: Reading) -> None:
    line = value_of(node.fields.get("command"))
    if isinstance(line, str) and not START_LINE.match(line) and "__:value" not in line:
        reading.fault("start-line", node.fields["command"], line=line)


def _plain(name: str, clause: str) -> Record:
    both: dict[str, Rule] = {"command": text, "command_b64": base64_text}
    return _command.more(name, clause, (), (_says_something,), **both)


def _encoded(name: str, clause: str) -> Record:
    return _command.more(name, clause, ["command_b64"], command_b64=base64_text)


_headers = mapping(listing(text), clause="§5")
_COMMANDS = {
    "manual": _plain("manual", "§5"),
    "bash": _plain("bash", "§5"),
    "caldera-cmd": _plain("caldera-cmd", "§5"),
    "powershell": _plain("powershell", "§5"),
    "ssh": _plain("ssh", "§5"),
    "elastic": _encoded("elastic", "§5"),
    "jupyter": _encoded("jupyter", "§5"),
    "kestrel": _encoded("kestrel", "§5"),
    "sigma": _encoded("sigma", "§5"),
    "yara": _encoded("yara", "§5"),
    "http-api": _command.more(
        "http-api",
        "§5",
        ["command"],
        (_start_line,),
        command=text,
        headers=_headers,
        content=text,
        content_b64=base64_text,
    ),
    "openc2-http": _command.more(
        "openc2-http",
        "§5",
        ["command", "content_b64"],
        (_start_line,),
        command=text,
        headers=_headers,
        content_b64=base64_text,
    ),
}
command = by_type(_COMMANDS, loose(_command))

# -- agents and targets (§7)

_PLACE = (
    "name description building_details network_details region country administrative_area city "
    "street_address postal_code latitude longitude precision"
)
_place = Record("civic-location", "§10", dict.fromkeys(_PLACE.split(), text))
_tagged = mapping(text, _TAGGED, "a-z, 0-9, _, -", clause="§10")
_contact = Record("contact", "§10", {"email": _tagged, "phone": _tagged, "contact_details": text})
_agent = Record(
    "agent-target",
    "§7",
    {
        "type": text,
        "name": text,
        "description": text,
        "location": _place,
        "agent_target_extensions": extensions,
    },
    frozenset({"type", "name"}),
)
_ADDRESSES = {
    "url": listing(matching(_URL, "URL", "§7")),
    "dname": listing(text),
    "ipv4": listing(matching(_DOTTED, "IPv4", "§7")),
    "ipv6": listing(matching(_COLONS, "IPv6", "§7")),
    "l2mac": listing(matching(_MAC, "00:00:5e:00:53:01", "§7")),
    "vlan": listing(whole(0, 4095, "§7")),
}
_machine: dict[str, Rule] = {
    "address": Record("address", "§7", _ADDRESSES),
    "port": text,
    "authentication_info": identifier,
    "category": listing(text, 1, "§7"),
}
_AGENTS = {
    "group": _agent.more("group", "§7", contact=_contact),
    "individual": _agent.more("individual", "§7", contact=_contact),
    "organization": _agent.more("organization", "§7", contact=_contact),
    "location": _agent.more("location", "§7", logical=listing(text, 1)),
    "sector": _agent.more("sector", "§7", ["sector"], sector=text),
    "security-category": _agent.more(
        "security-category", "§7", ["category"], category=listing(text, 1)
    ),
    **{
        kind: _agent.more(kind, "§7", ["address"], **_machine)
        for kind in ("http-api", "linux", "net-address", "ssh")
    },
}
agents = defined(_AGENTS, loose(_agent), "§7")

# -- authentication information (§6)

_authentication = Record(
    "authentication-info",
    "§6",
    {
        "type": text,
        "name": text,
        "description": text,
        "authentication_info_extensions": extensions,
        "kms": flag,
        "kms_key_identifier": text,
    },
    frozenset({"type"}),
)
# The published schema wants the secret fields of oauth2 even where a key store holds them; the
# text of §6 says that they must not be populated then.
_ACCESS = {
    "http-basic": _authentication.more("http-basic", "§6", user_id=text, password=text),
    "oauth2": _authentication.more("oauth2", "§6", oauth_header=text, token=text),
    "user-auth": _authentication.more("user-auth", "§6", username=text, password=text),
}
accesses = defined(_ACCESS, _authentication, "§6")

# -- data markings (§9)

_marking = Record(
    "data-marking",
    "§9",
    {
        "type": one_of("marking-statement", "marking-tlp", "marking-iep", clause="§9"),
        "id": identifier,
        "name": text,
        "description": text,
        "created_by": identifier,
        "created": timestamp,
        "modified": timestamp,
        "revoked": flag,
        "valid_from": timestamp,
        "valid_until": timestamp,
        "labels": listing(text, 1),
        "external_references": listing(reference, 1),
        "marking_extensions": extensions,
    },
    frozenset({"type", "id", "created_by", "created"}),
)
_LEVELS = ("TLP:RED", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:GREEN", "TLP:CLEAR")
_IEP = (
    "description",
    "tlp",
    "encrypt_in_transit",
    "permitted_actions",
    "affected_party_notifications",
    "attribution",
    "unmodified_resale",
)
_MARKINGS = {
    "marking-statement": _marking.more("marking-statement", "§9", ["statement"], statement=text),
    "marking-tlp": _marking.more(
        "marking-tlp", "§9", ["tlpv2_level"], tlpv2_level=one_of(*_LEVELS, clause="§9")
    ),
    "marking-iep": _marking.more(
        "marking-iep",
        "§9",
        [*_IEP, "name", "iep_version", "start_date", "end_date", "external_references"],
        iep_version=whole(),
        start_date=timestamp,
        end_date=nothing_or(timestamp),
        **{**dict.fromkeys(_IEP, text), "external_references": listing(text)},
    ),
}
markings = defined(_MARKINGS, _marking, "§9", least=0)

# -- extension definitions (§8)

extension_definitions = mapping(
    Record(
        "extension-definition",
        "§8",
        {
            "type": one_of("extension-definition", clause="§8"),
            "name": text,
            "description": text,
            "created_by": identifier,
            "schema": text,
            "version": text,
            "external_references": listing(reference),
        },
        frozenset({"type", "name", "created_by", "schema", "version"}),
    ),
    IDENTIFIER,
    "extension-definition--UUID",
    clause="§8",
)

# -- signatures (§10.15)


def _signature(node: Node, reading: Reading) -> None:
    signature(node, reading)  # a countersignature is one as well


def _one_key(node: Fields, reading: Reading) -> None:
    given = [key for key in _KEYS if key in node.fields]
    if len(given) != 1:
        expected = f"1 × {', '.join(_KEYS)}"
        reading.fault("cacao-kind", node, key="signature", expected=expected, clause="§10.15")


_KEYS = ("public_key", "public_cert_chain", "cert_url", "thumbprint")
signature = Record(
    "jss",
    "§10.15",
    {
        "type": one_of("jss", clause="§10.15"),
        **dict.fromkeys(("id", "created_by", "related_to"), identifier),
        **dict.fromkeys(
            ("created", "modified", "valid_from", "valid_until", "related_version"), timestamp
        ),
        "revoked": flag,
        **dict.fromkeys(("signee", "hash_algorithm", "algorithm", "value"), text),
        **dict.fromkeys(("public_key", "cert_url", "thumbprint"), text),
        "public_cert_chain": listing(text, 1),
        "signature": _signature,
    },
    frozenset(
        {
            "type",
            "id",
            "created",
            "modified",
            "signee",
            "related_to",
            "related_version",
            "hash_algorithm",
            "algorithm",
            "value",
        }
    ),
    (_one_key,),
)
