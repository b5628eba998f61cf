"""What every process of the house does first: web, worker, sweeper and command line alike."""

import gc

import structlog
from sqlalchemy.exc import SQLAlchemyError

from cyberdesk.core import letters, logs
from cyberdesk.core.access import breached, throttle
from cyberdesk.core.audit import checkpoints
from cyberdesk.core.audit.key_files import open_signer
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring_file import open_keyring
from cyberdesk.core.db import Database, database, use
from cyberdesk.core.egress import guard
from cyberdesk.core.events import events
from cyberdesk.core.files import blobs
from cyberdesk.core.jobs import bell, outbox
from cyberdesk.rooms import open_rooms
from cyberdesk.settings import Settings, read

_log = structlog.get_logger(__name__)
_settings: Settings | None = None


def start(settings: Settings | None = None, *, pool_size: int = 4) -> Settings:
    """Connect this process to its database and keys, open the rooms, return the settings."""
    global _settings  # noqa: PLW0603  # settings are read once in a process
    _settings = settings or read()
    logs.configure(plain=not _settings.production)
    use(Database(_settings.database_url, pool_size=pool_size))
    _open_secrets(_settings)
    blobs.use(blobs.Blobs(_settings.files))
    outbox.use(bell.Bell(_settings.redis_url).ring)
    throttle.use(throttle.Shared(_settings.redis_url))
    breached.use(_settings.breached_file)
    letters.use(letters.Letterhead(_settings.csirt_name, _settings.base_url, _settings.desk_mail))
    guard.use(guard.Rules.parse(_settings.egress_allow))
    _open_rooms()
    events.emit("process:started", settings=_settings)
    return _settings


def warm() -> None:
    """Load what the first case and the first job need, before this process forks others.

    They connect for themselves. A database that does not answer yet is loaded from later.
    """
    try:
        for room in open_rooms():
            if room.warm:
                room.warm()
    except SQLAlchemyError as error:
        _log.warning("the database does not answer yet", error=str(error))
    finally:
        database().close()
    gc.freeze()  # never looked at again, so that forked processes go on sharing it


def _open_rooms() -> None:
    """Open them without looking for garbage meanwhile: what they make lasts as long as we do.

    It is never looked at again, so that forked processes go on sharing its memory.
    """
    gc.disable()
    try:
        open_rooms()
        gc.freeze()
    finally:
        gc.enable()


def _open_secrets(settings: Settings) -> None:
    """Load the keys that live outside the database; a first start outside production makes them."""
    create = not settings.production
    vault.use(open_keyring(settings.keyring_file, text=settings.keyring, create=create))
    open_signer(settings.signing_key_file, host=settings.host, create=create)
    checkpoints.follow(settings.signing_key_file)


def settings() -> Settings:
    """Return the settings of this process."""
    if _settings is None:
        raise RuntimeError("the process has not started: call cyberdesk.process.start()")
    return _settings
