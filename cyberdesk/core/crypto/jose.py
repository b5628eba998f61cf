"""Signatures with the algorithms of JOSE (RFC 7518, RFC 8037), and the keys they take, in PEM.

What is weak, secret on both sides or unknown is refused by name, before anything is computed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

_SHORTEST_RSA = 2048
_LONGEST_RSA = 16_384  # longer ones only cost time
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
_CURVES: dict[str, tuple[str, int]] = {
    "ES256": ("secp256r1", 32),
    "ES384": ("secp384r1", 48),
    "ES512": ("secp521r1", 66),
}
_EDWARDS = ("Ed25519", "Ed448")
ALGORITHMS = tuple(f"{family}{size}" for family in ("RS", "PS", "ES") for size in _HASHES)
ALGORITHMS = (*ALGORITHMS, *_EDWARDS)
_PEM = serialization.Encoding.PEM
_SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


class KeyRefusedError(ValueError):
    """A key that cannot be read, is too weak, or does not go with the algorithm."""

    def __init__(self, why: str, *facts: object) -> None:
        self.why = why  # unread, encrypted, weak, kind
        super().__init__(f"{why}: {', '.join(map(str, facts))}")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key, and the thumbprint of the certificate that it came in, when it did."""

    _key: Any = field(repr=False)
    certificate: str = ""

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the key's DER (SubjectPublicKeyInfo) in base64url: names it to people."""
        return base64url(_digest(self.der, hashes.SHA256()))

    @property
    def der(self) -> bytes:
        held: bytes = self._key.public_bytes(serialization.Encoding.DER, _SPKI)
        return held

    @property
    def pem(self) -> str:
        return str(self._key.public_bytes(_PEM, _SPKI).decode())

    @property
    def bare(self) -> str:
        """PEM without header, footer and breaks, as CACAO's `public_key` is written."""
        return base64.b64encode(self.der).decode()

    def verifies(self, algorithm: str, signature: bytes, message: bytes) -> bool:
        """Say whether `signature` is this key's. Raises KeyRefusedError for an unfit key."""
        _fit(self._key, algorithm)
        try:
            _verify(self._key, algorithm, signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key; it prints as nothing that could be used."""

    _key: Any = field(repr=False)

    @classmethod
    def generate(cls) -> PrivateKey:
        return cls(ed25519.Ed25519PrivateKey.generate())

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._key.public_key())

    @property
    def algorithm(self) -> str:
        """The algorithm that is usual for this key."""
        public = self._key.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            return "RS256"
        if isinstance(public, ec.EllipticCurvePublicKey):
            return next((a for a, (c, _) in _CURVES.items() if c == public.curve.name), "ES256")
        return "Ed448" if isinstance(public, ed448.Ed448PublicKey) else "Ed25519"

    @property
    def pem(self) -> str:
        form = serialization.PrivateFormat.PKCS8
        return str(self._key.private_bytes(_PEM, form, serialization.NoEncryption()).decode())

    def sign(self, algorithm: str, message: bytes) -> bytes:
        """Raises KeyRefusedError for a key that is weak or of another kind than `algorithm`."""
        _fit(self._key.public_key(), algorithm)
        signature: bytes
        if algorithm in _EDWARDS:
            signature = self._key.sign(message)
        elif algorithm in _CURVES:
            r, s = decode_dss_signature(self._key.sign(message, ec.ECDSA(_hash(algorithm))))
            size = _CURVES[algorithm][1]
            signature = r.to_bytes(size, "big") + s.to_bytes(size, "big")
        else:
            signature = self._key.sign(message, _padding(algorithm), _hash(algorithm))
        return signature


def read_private(pem: bytes, passphrase: str = "") -> PrivateKey:
    """Raises KeyRefusedError: `encrypted` when its passphrase is lacking, `unread` otherwise."""
    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() or None)
    except TypeError as error:
        raise KeyRefusedError("encrypted", error) from None
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefusedError("unread", error) from None
    return PrivateKey(key)


def read_public(text: str | bytes) -> PublicKey:
    """Return the key in a PEM (public key or certificate), or in its bare base64.

    Raises KeyRefusedError.
    """
    data = text.encode() if isinstance(text, str) else text
    try:
        if b"-----BEGIN CERTIFICATE-----" in data:
            return _certified(x509.load_pem_x509_certificate(data))
        if b"-----BEGIN" in data:
            return PublicKey(serialization.load_pem_public_key(data))
        der = base64.b64decode(b"".join(data.split()), validate=True)
        return PublicKey(serialization.load_der_public_key(der))
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise KeyRefusedError("unread", error) from None


def read_chain(chain: Sequence[str]) -> PublicKey:
    """Return the key of the first of these certificates (RFC 7517 §4.7), each issued by the next.

    Raises KeyRefusedError. Who is believed is not asked here.
    """
    try:
        read = [
            x509.load_der_x509_certificate(base64.b64decode(one, validate=True)) for one in chain
        ]
        for one, issuer in pairwise(read):
            one.verify_directly_issued_by(issuer)
        return _certified(read[0])
    except (ValueError, TypeError, IndexError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise KeyRefusedError("unread", error) from None


def digest(name: str, data: bytes) -> str | None:
    """Return the lower-case hexadecimal hash by its IANA name, None for one not known here."""
    family, _, size = name.partition("-")
    known = _HASHES.get(size) if family == "sha" else None
    return _digest(data, known).hex() if known else None


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Decode strictly: no padding, and the one spelling of its bytes. Raises ValueError."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64url(data) != text:
        raise ValueError("not canonical base64url")
    return data


def _certified(certificate: x509.Certificate) -> PublicKey:
    return PublicKey(certificate.public_key(), base64url(certificate.fingerprint(hashes.SHA256())))


def _fit(key: Any, algorithm: str) -> None:
    kinds: dict[str, Any] = {"Ed25519": ed25519.Ed25519PublicKey, "Ed448": ed448.Ed448PublicKey}
    if algorithm in _CURVES:
        if (
            not isinstance(key, ec.EllipticCurvePublicKey)
            or key.curve.name != _CURVES[algorithm][0]
        ):
            raise KeyRefusedError("kind", algorithm)
    elif algorithm in _EDWARDS:
        if not isinstance(key, kinds[algorithm]):
            raise KeyRefusedError("kind", algorithm)
    elif algorithm not in ALGORITHMS or not isinstance(key, rsa.RSAPublicKey):
        raise KeyRefusedError("kind", algorithm)
    elif not _SHORTEST_RSA <= key.key_size <= _LONGEST_RSA:
        raise KeyRefusedError("weak", f"RSA {key.key_size}")


def _verify(key: Any, algorithm: str, signature: bytes, message: bytes) -> None:
    if algorithm in _EDWARDS:
        key.verify(signature, message)
    elif algorithm in _CURVES:
        size = _CURVES[algorithm][1]
        if len(signature) != 2 * size:
            raise InvalidSignature
        r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(_hash(algorithm)))
    else:
        key.verify(signature, message, _padding(algorithm), _hash(algorithm))


def _padding(algorithm: str) -> padding.AsymmetricPadding:
    if algorithm.startswith("PS"):
        return padding.PSS(padding.MGF1(_hash(algorithm)), padding.PSS.DIGEST_LENGTH)
    return padding.PKCS1v15()


def _hash(algorithm: str) -> hashes.HashAlgorithm:
    return _HASHES[algorithm[2:]]


def _digest(data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    made = hashes.Hash(algorithm)
    made.update(data)
    return made.finalize()
