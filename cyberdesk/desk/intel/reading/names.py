"""Mail addresses, accounts, hashes, hardware addresses: everything that has one fixed form."""

import re

from cyberdesk.desk.intel.reading import hosts
from cyberdesk.desk.intel.reading.sorts import ALGORITHMS, Sort, Value

# RFC 5322 §3.2.3 atoms, with dots between them; quoted local parts are nobody's address.
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LONGEST_LOCAL = 64
_HEX = re.compile(r"[0-9a-fA-F]+")
_SSDEEP = re.compile(r"\d{1,10}:[A-Za-z0-9/+]{6,}:[A-Za-z0-9/+]{6,}")
_TLSH = re.compile(r"(?:T1)?[0-9A-Fa-f]{70}")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}")
_WINDOWS_ACCOUNT = re.compile(r"[A-Z][A-Z0-9-]{0,14}\\[\w.$-]{1,64}", re.ASCII)
_OBJECT = re.compile(r"(?:Global|Local)\\[^\\]{1,255}")
_AS = re.compile(r"(?:ASN?)?\s?(\d{1,10})", re.IGNORECASE)
_LONGEST, _LONGEST_SSDEEP = 1024, 128
_LAST_AS = 2**32 - 1


def email(text: str) -> Value | None:
    local, at, name = text.removeprefix("mailto:").rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    held = hosts.domain(name)
    if held is None or "wildcard" in held.remarks:
        return None
    return Value(Sort.EMAIL, f"{local}@{held.text}", held.remarks)


def digest(text: str) -> Value | None:
    """Read a hash; its length says which."""
    if not _HEX.fullmatch(text) or len(set(text)) < 4:  # noqa: PLR2004  # 000…0 is a blank
        return None
    for sort, (_name, length) in ALGORITHMS.items():
        if len(text) == length:
            return Value(sort, text.lower())
    return None


def ssdeep(text: str) -> Value | None:
    short = len(text) <= _LONGEST_SSDEEP
    return Value(Sort.SSDEEP, text) if short and _SSDEEP.fullmatch(text) else None


def tlsh(text: str) -> Value | None:
    # STIX keeps the form without the version that newer tools write before it.
    return Value(Sort.TLSH, text.upper()[-70:]) if _TLSH.fullmatch(text) else None


def mac(text: str) -> Value | None:
    if not _MAC.fullmatch(text):
        return None
    return Value(Sort.MAC, text.lower().replace("-", ":"), ("internal",))


def windows_account(text: str) -> Value | None:
    return account(text) if _WINDOWS_ACCOUNT.fullmatch(text) else None


def account(text: str) -> Value | None:
    return Value(Sort.ACCOUNT, text, ("internal",)) if 0 < len(text) <= _LONGEST else None


def windows_object(text: str) -> Value | None:
    return mutex(text) if _OBJECT.fullmatch(text) else None


def mutex(text: str) -> Value | None:
    return Value(Sort.MUTEX, text) if 0 < len(text) <= _LONGEST else None


def process(text: str) -> Value | None:
    return Value(Sort.PROCESS, text) if text else None


def network(text: str) -> Value | None:
    found = _AS.fullmatch(text)
    if found is None or not 0 < int(found[1]) <= _LAST_AS:
        return None
    return Value(Sort.ASN, str(int(found[1])))
