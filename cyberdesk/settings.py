"""Settings, read from the environment once, when a process starts; unsafe ones refuse the start."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from cyberdesk.core.crypto.secret_file import SecretError, read_secret, write_secret

_ON = {"1", "true", "yes", "on"}
_SHORTEST_SECRET = 32
_MAIL_FROM = "CyberDesk <ne-pas-repondre@cyberdesk.invalid>"
_NIS2 = ("unconfirmed", "in-force")
_CSIRT_NAME = "Centre d’urgence cyber"


class UnsafeSettingsError(RuntimeError):
    """A setting is missing or too weak; the message names it and says what to put there."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides. `docs/operators/settings.md` lists every variable."""

    data: Path
    database_url: str
    redis_url: str
    owner_url: str  # migrates; the same as database_url unless the two roles are kept apart
    base_url: str  # the public address, without a closing slash
    secret_key: str  # signs cookies and CSRF tokens
    files: Path
    keyring: str = field(default="", repr=False)  # the keyring itself, instead of its file
    keyring_file: Path = Path("data/secrets/keyring.json")
    signing_key_file: Path = Path("data/secrets/journal.key")  # signs the journal's checkpoints
    breached_file: Path = Path("data/breached.hashes")  # see core/access/breached.py
    smtp_url: str = ""
    mail_from: str = _MAIL_FROM
    desk_mail: str = ""  # mailbox of the people on duty
    witnesses: tuple[str, ...] = ()  # mailboxes, or "webhook": who keeps the journal's checkpoints
    egress_allow: str = ""  # private networks that connectors may reach
    connectors_dir: Path | None = None  # connectors of the operator's own, each in a folder
    production: bool = False
    demo: bool = False
    trusted_proxies: int = 0
    metrics_token: str = ""  # without one, /metrics answers to this machine only
    csirt_name: str = _CSIRT_NAME
    nis2_status: str = "unconfirmed"  # or "in-force"; see strands/cyber/data/obligations.yaml

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that `environment` holds.

    Raises UnsafeSettingsError where production would run with a missing or default secret.
    """

    def get(name: str, default: str = "") -> str:
        return environment.get(f"CYBERDESK_{name}", default).strip()

    data = Path(get("DATA_DIR", "data")).expanduser().absolute()
    production = get("PRODUCTION").lower() in _ON
    database_url = _needed("DATABASE_URL", get("DATABASE_URL"))
    settings = Settings(
        data=data,
        database_url=database_url,
        redis_url=_needed("REDIS_URL", get("REDIS_URL")),
        owner_url=get("OWNER_DATABASE_URL") or database_url,
        base_url=get("BASE_URL", f"http://127.0.0.1:{get('PORT', '8000')}").rstrip("/"),
        secret_key=_secret("SECRET_KEY", get("SECRET_KEY"), data, production=production),
        files=Path(get("FILES_DIR") or data / "files"),
        keyring=get("KEYRING"),
        keyring_file=Path(get("KEYRING_FILE") or data / "secrets" / "keyring.json"),
        signing_key_file=Path(get("SIGNING_KEY_FILE") or data / "secrets" / "journal.key"),
        breached_file=Path(get("BREACHED_FILE") or data / "breached.hashes"),
        smtp_url=get("SMTP_URL"),
        mail_from=get("MAIL_FROM") or _MAIL_FROM,
        desk_mail=get("DESK_MAIL"),
        witnesses=_witnesses(get("WITNESSES")),
        egress_allow=_networks(get("EGRESS_ALLOW")),
        connectors_dir=_folder("CONNECTORS_DIR", get("CONNECTORS_DIR")),
        production=production,
        demo=get("DEMO").lower() in _ON,
        trusted_proxies=_count("TRUSTED_PROXIES", get("TRUSTED_PROXIES") or "0"),
        metrics_token=get("METRICS_TOKEN"),
        csirt_name=get("CSIRT_NAME") or _CSIRT_NAME,
        nis2_status=_one_of("NIS2_STATUS", get("NIS2_STATUS") or _NIS2[0], _NIS2),
    )
    _refuse_unsafe(settings)
    return settings


def _witnesses(given: str) -> tuple[str, ...]:
    """Return who is named, each once. Raises UnsafeSettingsError on what is no witness."""
    named = tuple(dict.fromkeys(filter(None, map(str.strip, given.split(",")))))
    for one in named:
        name, at, domain = one.partition("@")
        mailbox = name and at and domain and not any(sign.isspace() or sign in "<>" for sign in one)
        if one != "webhook" and not mailbox:
            raise UnsafeSettingsError(
                f"CYBERDESK_WITNESSES names {one!r}: give mail addresses, or the word webhook, "
                "with commas between them"
            )
    return named


def _networks(given: str) -> str:
    """Return the networks as given. Raises UnsafeSettingsError on what is none."""
    for one in given.replace(",", " ").split():
        try:
            ip_network(one)
        except ValueError as error:
            raise UnsafeSettingsError(
                f"CYBERDESK_EGRESS_ALLOW: {error}; give networks such as 10.1.0.0/16, "
                "with commas between them"
            ) from None
    return given


def _folder(name: str, given: str) -> Path | None:
    if not given:
        return None
    folder = Path(given).expanduser().absolute()
    if not folder.is_dir():
        raise UnsafeSettingsError(f"CYBERDESK_{name} is {given!r}: there is no such folder")
    return folder


def _count(name: str, given: str) -> int:
    if given.isascii() and given.isdecimal():
        return int(given)
    raise UnsafeSettingsError(f"CYBERDESK_{name} is {given!r}: give a number, 0 for none")


def _one_of(name: str, given: str, known: tuple[str, ...]) -> str:
    if given in known:
        return given
    raise UnsafeSettingsError(f"CYBERDESK_{name} is {given!r}: give {' or '.join(known)}")


def _needed(name: str, value: str) -> str:
    if value:
        return value
    raise UnsafeSettingsError(
        f"CYBERDESK_{name} is not set. `cyberdesk up` starts an embedded server and sets it; "
        "a single process needs the address of yours."
    )


def _secret(name: str, given: str, data: Path, *, production: bool) -> str:
    """Return the secret given, or outside production the one kept in the data folder."""
    if given or production:
        return given
    kept = data / "secrets" / name.lower()
    if not kept.exists():
        with contextlib.suppress(SecretError):  # another process was first: its secret is taken
            write_secret(kept, os.urandom(32).hex())
    return read_secret(kept)


def _refuse_open_lines(settings: Settings) -> None:
    """Refuse a database or queue on another machine that is not reached over verified TLS."""
    for name, url in (
        ("DATABASE_URL", settings.database_url),
        ("OWNER_DATABASE_URL", settings.owner_url),
    ):
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        hosts = (parts.hostname or asked.get("host", "")).split(",")
        if any(map(_elsewhere, hosts)) and asked.get("sslmode") != "verify-full":
            raise UnsafeSettingsError(
                f"CYBERDESK_{name} leads to another machine: add ?sslmode=verify-full "
                "(and sslrootcert=FILE for an authority of your own)"
            )
    queue = urlsplit(settings.redis_url)
    if _elsewhere(queue.hostname or "") and queue.scheme != "rediss":
        raise UnsafeSettingsError(
            "CYBERDESK_REDIS_URL leads to another machine: use rediss://, over TLS"
        )


def _elsewhere(host: str) -> bool:
    """A socket, this machine, and a name without a dot (a container beside) are not elsewhere."""
    if "/" in host or "%2f" in host.lower():
        return False
    with contextlib.suppress(ValueError):
        return not ip_address(host).is_loopback
    return "." in host


def _refuse_unsafe(settings: Settings) -> None:
    if not settings.production:
        return
    if len(settings.secret_key) < _SHORTEST_SECRET:
        raise UnsafeSettingsError(
            "CYBERDESK_SECRET_KEY must be set in production, with at least 32 characters: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    if not settings.secure_cookies:
        raise UnsafeSettingsError(
            "CYBERDESK_BASE_URL must be the public https:// address in production"
        )
    _refuse_open_lines(settings)
    if settings.demo:
        raise UnsafeSettingsError("the demo does not run in production: unset CYBERDESK_DEMO")
