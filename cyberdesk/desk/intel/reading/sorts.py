"""The sorts of value that can be observed, and what each is in STIX 2.1."""

from dataclasses import dataclass
from enum import StrEnum

from cyberdesk.core.text import Text, _


class Sort(StrEnum):
    """What a value is. The STIX type follows from it; several sorts may share one."""

    IPV4 = "ipv4"  # an address or a range (CIDR)
    IPV6 = "ipv6"
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"
    SSDEEP = "ssdeep"
    TLSH = "tlsh"
    FILE = "file"
    PATH = "path"
    FOLDER = "folder"
    REGISTRY = "registry"
    PROCESS = "process"
    MUTEX = "mutex"
    ACCOUNT = "account"
    MAC = "mac"
    ASN = "asn"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a sort is named to people, its STIX type, and whether case counts in it."""

    title: Text
    stix: str
    folded: bool = False  # Windows does not tell upper from lower case: neither does the search


KINDS: dict[Sort, Kind] = {
    Sort.IPV4: Kind(_("IP address"), "ipv4-addr"),
    Sort.IPV6: Kind(_("IPv6 address"), "ipv6-addr"),
    Sort.DOMAIN: Kind(_("Domain name"), "domain-name"),
    Sort.URL: Kind(_("Web address"), "url"),
    Sort.EMAIL: Kind(_("E-mail address"), "email-addr", folded=True),
    Sort.MD5: Kind(_("MD5 of a file"), "file"),
    Sort.SHA1: Kind(_("SHA-1 of a file"), "file"),
    Sort.SHA256: Kind(_("SHA-256 of a file"), "file"),
    Sort.SHA512: Kind(_("SHA-512 of a file"), "file"),
    Sort.SSDEEP: Kind(_("Likeness of a file (ssdeep)"), "file"),
    Sort.TLSH: Kind(_("Likeness of a file (TLSH)"), "file"),
    Sort.FILE: Kind(_("File name"), "file", folded=True),
    Sort.PATH: Kind(_("File and its folder"), "file", folded=True),
    Sort.FOLDER: Kind(_("Folder"), "directory", folded=True),
    Sort.REGISTRY: Kind(_("Registry key"), "windows-registry-key", folded=True),
    Sort.PROCESS: Kind(_("Command line"), "process"),
    Sort.MUTEX: Kind(_("Mutex"), "mutex"),
    Sort.ACCOUNT: Kind(_("User account"), "user-account", folded=True),
    Sort.MAC: Kind(_("MAC address"), "mac-addr"),
    Sort.ASN: Kind(_("Network (AS number)"), "autonomous-system"),
}
# Names of the algorithms in STIX 2.1 §10.10 (hash-algorithm-ov), and how many hex digits each has.
ALGORITHMS: dict[Sort, tuple[str, int | None]] = {
    Sort.MD5: ("MD5", 32),
    Sort.SHA1: ("SHA-1", 40),
    Sort.SHA256: ("SHA-256", 64),
    Sort.SHA512: ("SHA-512", 128),
    Sort.SSDEEP: ("SSDEEP", None),
    Sort.TLSH: ("TLSH", None),
}
# What a value in these sorts is, is the reader's own word; nothing in it is an address.
AS_TYPED = frozenset({Sort.FILE, Sort.PATH, Sort.FOLDER, Sort.PROCESS, Sort.MUTEX, Sort.REGISTRY})


@dataclass(frozen=True, slots=True)
class Value:
    """An observable as it was read: `text` is what STIX carries, `remarks` what to look at."""

    sort: Sort
    text: str
    remarks: tuple[str, ...] = ()

    @property
    def searched(self) -> str:
        """The form by which the same value is found again, however its letters were typed."""
        return self.text.casefold() if KINDS[self.sort].folded else self.text
