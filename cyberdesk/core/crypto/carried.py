"""What a browser carries for us: sealed, so that whoever reads its cookies reads nothing in them.

The key is made from a pepper, so it is renewed with the keyring; what a former pepper sealed still
opens. AES-256-GCM holds it together: no signature is needed beside it.
"""

import base64
import binascii
import hmac

from cyberdesk.core.crypto.aead import Key, Place, SealError, key_id_of, seal, unseal
from cyberdesk.core.crypto.keyring import KeySet, UnknownKeyError

_PURPOSE = b"carried by a browser"


def seal_carried(text: str, *, what: str, peppers: KeySet) -> str:
    """Return `text` sealed, fit for a cookie; what was sealed as another `what` does not open."""
    sealed = seal(text.encode(), key=_key(peppers.current), place=_place(what))
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def open_carried(sealed: str, *, what: str, peppers: KeySet) -> str | None:
    """Return what was sealed, or None for anything else, however it came about."""
    try:
        envelope = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        pepper = peppers.get(key_id_of(envelope))
        return unseal(envelope, key=_key(pepper), place=_place(what)).decode()
    except (SealError, UnknownKeyError, binascii.Error, ValueError):
        return None


def _key(pepper: Key) -> Key:
    return Key(pepper.id, hmac.digest(pepper.secret, _PURPOSE, "sha256"))


def _place(what: str) -> Place:
    return Place("cookies", "", what)
