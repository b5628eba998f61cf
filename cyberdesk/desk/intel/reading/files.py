"""File names, paths, registry keys: what Windows and Unix call things."""

import re
from functools import cache
from pathlib import Path

from cyberdesk.desk.intel.reading.sorts import Sort, Value

_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_NAMED = re.compile(r".*\.([A-Za-z0-9]{1,10})")
_WINDOWS = re.compile(r'(?:[A-Za-z]:|%[A-Za-z]\w{1,30}%|\\\\[^\\/:*?"<>|\s]+)(?:\\[^\\/:*?"<>|]*)+')
_UNIX = re.compile(r"(?:~|\$HOME)?(?:/[^/\x00\s]+){2,}/?")
_HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
_KEY = re.compile(
    rf"(?:Registry::|Computer\\|Ordinateur\\)?({'|'.join((*_HIVES.values(), *_HIVES))}):?\\(.+)",
    re.IGNORECASE,
)
_LONGEST_FILE = 255


@cache
def endings() -> frozenset[str]:
    """Return the endings that make a bare word the name of a file."""
    lines = Path(__file__).with_name("endings.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def ending(text: str) -> str:
    """Return the ending of a name, in lower case, `` when it has none."""
    found = _NAMED.fullmatch(text)
    return found[1].lower() if found else ""


def file(text: str) -> Value | None:
    """Read anything that may be the name of a file."""
    if not text or len(text) > _LONGEST_FILE or _FORBIDDEN.search(text) or text.strip(". ") == "":
        return None
    return Value(Sort.FILE, text)


def path(text: str) -> Value | None:
    """Read a whole path: of a file, or of a folder when it ends with a separator."""
    if not _WINDOWS.fullmatch(text) and not _UNIX.fullmatch(text):
        return None
    if text.endswith(("\\", "/")):
        return folder(text)
    return Value(Sort.PATH, text)


def folder(text: str) -> Value | None:
    plain = text.rstrip("\\/") if len(text.rstrip("\\/")) > 2 else text  # noqa: PLR2004  # `C:\`
    return Value(Sort.FOLDER, plain) if plain and ("\\" in text or "/" in text) else None


def split(text: str) -> tuple[str, str]:
    """Return the folder and the name of a path that `path` has read."""
    cut = max(text.rfind("\\"), text.rfind("/"))
    return text[:cut] or text[: cut + 1], text[cut + 1 :]


def registry(text: str) -> Value | None:
    """Read a registry key, its hive spelled out (STIX 2.1 §6.16)."""
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    hive = found[1].upper()
    return Value(Sort.REGISTRY, f"{_HIVES.get(hive, hive)}\\{found[2]}")
