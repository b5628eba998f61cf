"""An authenticator application and a security key, made of software."""

import base64
import hashlib
import json
import os
import re
import struct
import time

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def six_digits(key: str, *, steps: int = 0) -> str:
    """RFC 6238 for the pretty base-32 key shown on the page, `steps` half-minutes from now.

    The code of the step before is over as soon as the next begins: it waits when that is near.
    """
    if steps == -1 and time.time() % 30 > 27:
        time.sleep(30.1 - time.time() % 30)
    plain = re.sub(r"[\s-]", "", key)
    secret = base64.b32decode(plain + "=" * (-len(plain) % 8))
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    import hmac

    digest = hmac.digest(secret, counter, "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(said: str) -> bytes:
    return base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))


class SecurityKey:
    """Holds one resident credential (WebAuthn level 2 §6, attestation "none")."""

    def __init__(self, origin="http://localhost", *, verifies=True):
        self.origin, self.verifies = origin, verifies
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id, self.user, self.count = os.urandom(32), b"", 0

    def create(self, wish: dict) -> str:
        self.user = raw(wish["user"]["id"])
        point = self.secret.public_key().public_numbers()
        public = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        held = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(public)
        data = self._data(wish["rp"]["id"], 0x40) + held
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._client("webauthn.create", wish),
            attestationObject=attestation,
            transports=["usb"],
        )

    def get(self, wish: dict) -> str:
        data = self._data(wish["rpId"], 0)
        client = self._client("webauthn.get", wish)
        signed = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signed, userHandle=self.user
        )

    def _data(self, relying: str, flags: int) -> bytes:
        self.count += 1
        flags |= 0x05 if self.verifies else 0x01
        return hashlib.sha256(relying.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, wish: dict) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": wish["challenge"], "origin": self.origin}
        ).encode()

    def _answer(self, **response) -> str:
        said = {
            name: text(value) if isinstance(value, bytes) else value
            for name, value in response.items()
        }
        return json.dumps(
            {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": said}
        )
