"""The key that signs the journal, and the public keys before it: two files side by side."""

from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import structlog

from cyberdesk.core.crypto.secret_file import SecretError, read_secret, write_secret
from cyberdesk.core.crypto.signing import KeyFormatError, Signer, Verifier

_EARLIER = ".earlier"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Keys:
    signer: Signer
    earlier: tuple[Verifier, ...] = ()


class KeyFiles:
    """The keys as the files hold them now: a process that runs learns of a new one by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()
        self._keys = self._read()

    def present(self) -> Keys:
        """Return the keys; those read last where the files cannot be read for the moment."""
        try:
            if (stamp := self._stamp()) != self._seen:
                self._keys, self._seen = self._read(), stamp
        except (OSError, SecretError) as error:
            _log.warning("the journal's signing key cannot be read again", error=str(error))
        return self._keys

    def _stamp(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_ino, found.st_mtime_ns

    def _read(self) -> Keys:
        """Read the present key first: the one before it is written down before it goes."""
        signer = Signer.load(self._path)
        return Keys(signer, earlier_keys(self._path))


def open_signer(path: Path, *, host: str, create: bool = False) -> Signer:
    """Return the signer of this journal; with `create`, a first start makes it.

    Its name is the origin of the log: it has a random part, so that two are never the same.
    """
    if create and not path.exists():
        try:
            Signer.generate(f"{host or 'cyberdesk'}/journal/{token_hex(4)}").write(path)
        except SecretError:
            if not path.exists():
                raise
    return Signer.load(path)


def earlier_keys(path: Path) -> tuple[Verifier, ...]:
    """Return the public keys that signed before the one at `path`, oldest first.

    They stand beside it in a file of the same name that ends with `.earlier`, one a line.
    """
    kept = path.with_suffix(_EARLIER)
    lines = read_secret(kept).splitlines() if kept.exists() else []
    try:
        return tuple(Verifier.parse(line) for line in lines if line.strip())
    except KeyFormatError as error:
        raise SecretError(f"{kept} holds a line that is no public key: {error}") from None


def renew_signer(path: Path, *, host: str) -> Signer:
    """Put a new signing key in place of the one at `path`, whose public key is kept.

    The public key is written first: cut short, nothing that was signed is lost to verification.
    """
    old = Signer.load(path)
    keys = dict.fromkeys(str(one) for one in (*earlier_keys(path), old.verifier))
    write_secret(path.with_suffix(_EARLIER), "\n".join(keys), replace=True)
    new = Signer.generate(f"{host or 'cyberdesk'}/journal/{token_hex(4)}")
    new.write(path, replace=True)
    return new
