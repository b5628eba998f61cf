"""Signatures of playbooks: JSON Signature Scheme in CACAO 2.0 §10.15, made and verified.

What is signed: the playbook with this one signature, without its `value`, canonical (RFC 8785),
hashed, in lower-case hexadecimal; over that text goes the JOSE algorithm. A countersignature is
made the same way over the signature that it stands in, `value` and all, and so over the playbook.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from cyberdesk.core.crypto.jose import (
    ALGORITHMS,
    KeyRefusedError,
    PrivateKey,
    PublicKey,
    base64url,
    digest,
    from_base64url,
    read_chain,
    read_public,
)
from cyberdesk.desk.playbooks.canonical import canonical

Cacao = Mapping[str, Any]
_HASH = "sha-256"
_SECRET_ON_BOTH_SIDES = ("HS256", "HS384", "HS512")
_HASH_BASED = ("XMSS", "LMS")
_DEEPEST = 8  # countersignatures of countersignatures


class Verdict(StrEnum):
    """What came of verifying a signature. Only `good` may be relied on."""

    GOOD = "good"
    BROKEN = "broken"  # something was changed, or it never was a signature
    OTHER_VERSION = "other-version"
    REVOKED = "revoked"
    EXPIRED = "expired"  # or not valid yet
    UNSUPPORTED = "unsupported"
    NO_KEY = "no-key"  # the key is only named, and not known here


@dataclass(frozen=True, slots=True)
class Known:
    """A key that this house knows, and whose it is."""

    name: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class Checked:
    """A signature and what is to be thought of it.

    `signee` is what the signature says of itself; `known` is the name under which its key is
    known here, empty when it is not: it is only self-asserted then. `why` is a stable word for
    what is wrong: an algorithm's fault, a date, the name of what could not be read.
    """

    id: str
    signee: str
    verdict: Verdict
    why: str = ""
    key: str = ""  # thumbprint
    known: str = ""
    countersigned: "Checked | None" = None

    @property
    def good(self) -> bool:
        return self.verdict is Verdict.GOOD

    @property
    def trusted(self) -> bool:
        return self.good and bool(self.known)


@dataclass(frozen=True, slots=True)
class Pen:
    """Who signs, with which key, from when on and for how long."""

    key: PrivateKey
    signee: str
    at: datetime
    algorithm: str = ""  # the key's usual one
    lasts: timedelta | None = None

    def begin(self, related_to: str, related_version: str) -> dict[str, Any]:
        """Return a signature without its value. Raises KeyRefusedError."""
        algorithm, at = self.algorithm or self.key.algorithm, _stamp(self.at)
        if unsupported(algorithm):
            raise KeyRefusedError("kind", algorithm)
        ends = {"valid_from": at, "valid_until": _stamp(self.at + self.lasts)} if self.lasts else {}
        return {
            "type": "jss",
            "id": f"jss--{uuid4()}",
            "created": at,
            "modified": at,
            "signee": self.signee,
            **ends,
            "related_to": related_to,
            "related_version": related_version,
            "hash_algorithm": _HASH,
            "algorithm": algorithm,
            "public_key": self.key.public.bare,
        }

    def end(self, begun: dict[str, Any], signed: Cacao) -> dict[str, Any]:
        made = self.key.sign(begun["algorithm"], _text(signed, begun["hash_algorithm"]))
        return begun | {"value": base64url(made)}


def sign(playbook: Cacao, pen: Pen) -> dict[str, Any]:
    """Return a signature of `playbook`, to be added to its `signatures`. Raises KeyRefusedError."""
    begun = pen.begin(playbook["id"], playbook["modified"])
    return pen.end(begun, _with(playbook, begun))


def countersign(signature: Cacao, pen: Pen) -> dict[str, Any]:
    """Return `signature` with a signature of it inside. Raises KeyRefusedError."""
    begun = pen.begin(signature["related_to"], signature["related_version"])
    return {**signature, "signature": pen.end(begun, {**signature, "signature": begun})}


def verify(playbook: Cacao, *, at: datetime, known: Iterable[Known] = ()) -> list[Checked]:
    """Say of each signature that `playbook` bears what it is worth at the instant `at`.

    No address is visited: a key that is only named is looked for among those known.
    """
    every = playbook.get("signatures") or []
    keys = tuple(known)
    return [_verify(one, playbook, at, keys) for one in every if isinstance(every, list)]


def unsupported(algorithm: str) -> str:
    """Return why an algorithm is not taken, empty for one that is."""
    if algorithm in ALGORITHMS:
        return ""
    if algorithm in _SECRET_ON_BOTH_SIDES:
        return "shared-secret"
    return "hash-based" if algorithm.startswith(_HASH_BASED) else "algorithm"


def _with(playbook: Cacao, signature: Cacao) -> dict[str, Any]:
    """Return the playbook as it is signed: with this one signature, bare of what came after it."""
    bare = {k: v for k, v in signature.items() if k not in ("value", "signature")}
    return {**playbook, "signatures": [bare]}


def _text(signed: Cacao, hash_algorithm: str) -> bytes:
    made = digest(hash_algorithm, canonical(signed))
    if made is None:
        raise LookupError(hash_algorithm)
    return made.encode()


def _verify(one: Any, playbook: Cacao, at: datetime, known: Sequence[Known]) -> Checked:
    if not isinstance(one, Mapping):
        return Checked("", "", Verdict.BROKEN, "form")
    related = playbook.get("id"), playbook.get("modified")
    checked = _judge(one, lambda: _with(playbook, one), related, at, known)
    return replace(checked, countersigned=_counter(one, related, at, known, _DEEPEST))


def _counter(
    outer: Cacao, related: tuple[Any, Any], at: datetime, known: Sequence[Known], deepest: int
) -> Checked | None:
    one = outer.get("signature")
    if one is None:
        return None
    if not isinstance(one, Mapping) or not deepest:
        return Checked("", "", Verdict.BROKEN, "form")
    bare = {k: v for k, v in one.items() if k not in ("value", "signature")}
    checked = _judge(one, lambda: {**outer, "signature": bare}, related, at, known)
    return replace(checked, countersigned=_counter(one, related, at, known, deepest - 1))


def _judge(
    one: Cacao, signed: Any, related: tuple[Any, Any], at: datetime, known: Sequence[Known]
) -> Checked:
    checked = Checked(str(one.get("id", "")), str(one.get("signee", "")), Verdict.BROKEN)
    refused, why = _refused(one, related)
    if refused:
        return replace(checked, verdict=refused, why=why)
    try:
        key, name = _key_of(one, known)
        checked = replace(checked, key=key.thumbprint)
        text = _text(signed(), str(one.get("hash_algorithm", "")))
        if key.verifies(one["algorithm"], from_base64url(one["value"]), text):
            verdict, why = _standing(one, at)
            return replace(checked, known=name, verdict=verdict, why=why)
    except (LookupError, ValueError) as error:
        verdict, why = _failed(error)
        return replace(checked, verdict=verdict, why=why)
    return checked


def _refused(one: Cacao, related: tuple[Any, Any]) -> tuple[Verdict | None, str]:
    """Say what is wrong before anything is computed."""
    algorithm = one.get("algorithm")
    if one.get("type") != "jss" or {str} != {type(algorithm), type(one.get("value"))}:
        return Verdict.BROKEN, "form"
    if (one.get("related_to"), one.get("related_version")) != related:
        return Verdict.OTHER_VERSION, ""
    why = unsupported(str(algorithm))
    return (Verdict.UNSUPPORTED, why) if why else (None, "")


def _failed(error: Exception) -> tuple[Verdict, str]:
    if isinstance(error, KeyRefusedError):
        weak = error.why == "weak"
        return (Verdict.UNSUPPORTED if weak else Verdict.BROKEN), error.why
    if isinstance(error, LookupError):
        found = str(error.args[0])
        return (Verdict.NO_KEY, found) if found in _NAMED_ONLY else (Verdict.UNSUPPORTED, "hash")
    return Verdict.BROKEN, "form"


_NAMED_ONLY = ("thumbprint", "cert_url")


def _key_of(one: Cacao, known: Sequence[Known]) -> tuple[PublicKey, str]:
    """Return the key and the name it is known by. Raises LookupError for one only named."""
    if isinstance(one.get("public_key"), str):
        key = read_public(one["public_key"])
    elif isinstance(one.get("public_cert_chain"), list):
        key = read_chain(one["public_cert_chain"])
    else:
        wanted = one.get("thumbprint")
        for held in known:
            if wanted in (held.key.thumbprint, held.key.certificate or None):
                return held.key, held.name
        raise LookupError("thumbprint" if wanted else "cert_url")
    return key, next((held.name for held in known if held.key.der == key.der), "")


def _standing(one: Cacao, at: datetime) -> tuple[Verdict, str]:
    """A signature that holds may still be taken back, or out of its time."""
    if one.get("revoked") is True:
        return Verdict.REVOKED, ""
    try:
        begins, ends = (_instant(one.get(name)) for name in ("valid_from", "valid_until"))
    except (TypeError, ValueError):
        return Verdict.BROKEN, "form"
    if begins and at < begins:
        return Verdict.EXPIRED, "not-yet"
    if ends and at >= ends:
        return Verdict.EXPIRED, str(one["valid_until"])
    return Verdict.GOOD, ""


def _instant(text: Any) -> datetime | None:
    found = datetime.fromisoformat(text) if text is not None else None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def each(checked: Iterable[Checked]) -> Iterator[Checked]:
    """Yield signatures and, after each, those that countersign it."""
    for one in checked:
        yield one
        if one.countersigned is not None:
            yield from each([one.countersigned])
