"""Signatures of playbooks: any change is found, what only surrounds them is not one."""

import base64
import copy
import json
import random
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from cyberdesk.core.crypto.jose import (
    ALGORITHMS,
    KeyRefusedError,
    PrivateKey,
    from_base64url,
    read_private,
    read_public,
)
from cyberdesk.desk.playbooks.canonical import canonical
from cyberdesk.desk.playbooks.exchange.signing import (
    Checked,
    Known,
    Pen,
    Verdict,
    countersign,
    sign,
    verify,
)
from tests.desk.playbooks.written import compiled

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
STEPS = """\
first: {task: {fr: Un, en: One}, who: commune, ask: {n: {label: {fr: N, en: N}, type: integer}}}
second: {if: n > 3, then: next, else: next}
"""
# The worked example that OASIS published for RS256: its public key and its signature.
_OASIS_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAptKZyFPStvmOlb0WihOBhlHUr6wFDHC+tW7hJAudfTQ5mHZQ"
    "pB8PoMz07udZA+dG8dhUIPkmXlp1TgREeYTHdhxhuf0y/GhbpZv5JPYHx3watO+HWO2qYkjRMEcrWhPMdaVkS/Xe/lia"
    "Mcow4jYoWaFm8VobeYsyVD2bWWdyl4joTEETm1Z47RnnfR15kVhVudVrDzEFmM4nXV/6dmIg184RJE4httwBFxR8qZCQ"
    "CwTiJmsoyJxfUR0Gs4ePKc5sB0NTkmFZc5klQSitd67RJn2ldhbqE7EpDl4XlIt+UyLJm1guCBltia8Agke7dXuhpB7h"
    "Q6LJwY4EjzthkJ8IPwIDAQAB"
)
_OASIS_VALUE = (
    "gXyPW--uUKvGXRh_oDC7IYlx13hGmkiQw6XX3YX_V_i4Y39OPilf0q0qf46aO3IrvG-5_fgeQ3dIunmizYneaVJKjsXo"
    "-gkJczvGDehlTjS7MBUIGyD9DRd41DnaxWWwzU-T4sZCur664_3J0C-WRCDgZxiB_ItFpeSnPJ8rR8GRFO6M9YS-ejEG"
    "Jl-sd_hfZUqjZOE_S_UWp_Fd9QYlP2cWDvGH8vFhx2ek9KovEob5Bh2LX_Gaf7t237B34wKeN4B8aqapyTh3Q8v_Z61b"
    "DTNLyi6ZA8zcrUOgCVLVMx_EFizx31WIDZrePsSpX4bfRurcvRyvNNVdWLaS96JYog"
)
_OASIS: dict[str, Any] = {
    "type": "playbook",
    "spec_version": "cacao-2.0",
    "id": "playbook--a0777575-5c4c-4710-9f01-15776103837f",
    "name": "Playbook 1",
    "created_by": "identity--5abe695c-7bd5-4c31-8824-2528696cdbf1",
    "created": "2022-05-18T11:31:31.319Z",
    "modified": "2022-05-18T11:31:31.319Z",
    "signatures": [
        {
            "type": "jss",
            "id": "jss--af892292-c4b4-47eb-9be6-4897ff4b9388",
            "created_by": "identity--5abe695c-7bd5-4c31-8824-2528696cdbf1",
            "created": "2023-01-10T17:39:31.319Z",
            "modified": "2023-01-10T17:39:31.319Z",
            "signee": "ACME Cyber Company",
            "valid_from": "2023-01-10T17:39:31.319Z",
            "valid_until": "2023-06-10T17:39:31.319Z",
            "related_to": "playbook--a0777575-5c4c-4710-9f01-15776103837f",
            "related_version": "2022-05-18T11:31:31.319Z",
            "hash_algorithm": "sha-256",
            "algorithm": "RS256",
            "public_key": _OASIS_KEY,
            "value": _OASIS_VALUE,
        }
    ],
}


@cache
def key_for(algorithm: str) -> PrivateKey:
    if algorithm[:2] in ("RS", "PS"):
        return _rsa()
    made: Any = {
        "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "ES512": lambda: ec.generate_private_key(ec.SECP521R1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
        "Ed448": ed448.Ed448PrivateKey.generate,
    }[algorithm]()
    return PrivateKey(made)


@cache
def _rsa(size: int = 2048) -> PrivateKey:
    return PrivateKey(rsa.generate_private_key(65537, size))


def playbook() -> dict[str, Any]:
    return copy.deepcopy(_playbook())


@cache
def _playbook() -> dict[str, Any]:
    return compiled(STEPS).cacao


def pen(algorithm: str = "Ed25519", **more: Any) -> Pen:
    return Pen(key_for(algorithm), "Région", AT, algorithm, **more)


def signed(algorithm: str = "Ed25519", **more: Any) -> dict[str, Any]:
    made = playbook()
    return made | {"signatures": [sign(made, pen(algorithm, **more))]}


def only(document: dict[str, Any], *known: Known, at: datetime = AT) -> Checked:
    (checked,) = verify(document, at=at, known=known)
    return checked


def digest_of(document: dict[str, Any], signature: dict[str, Any]) -> bytes:
    """What is signed, put together here a second time."""
    import hashlib

    bare = {k: v for k, v in signature.items() if k != "value"}
    return hashlib.sha256(canonical({**document, "signatures": [bare]})).hexdigest().encode()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_library_finds_the_signature_good(algorithm: str) -> None:
    document = signed(algorithm)
    (signature,) = document["signatures"]
    pem = key_for(algorithm).public.pem
    kind: Any = RSAKey if algorithm[0] in "RP" else ECKey if algorithm[:2] == "ES" else OKPKey
    other = JWSRegistry.algorithms[algorithm]
    value = from_base64url(signature["value"])
    assert other.verify(digest_of(document, signature), value, kind.import_key(pem))
    checked = only(document, Known("Centre voisin", read_public(pem)))
    assert (checked.verdict, checked.known, checked.trusted) == ("good", "Centre voisin", True)
    stranger = only(document)
    assert (stranger.good, stranger.trusted, stranger.signee) == (True, False, "Région")


def test_openssl_finds_it_good(tmp_path: Path) -> None:
    document = signed("RS256")
    (signature,) = document["signatures"]
    for name, content in (
        ("key.pem", key_for("RS256").public.pem.encode()),
        ("value", from_base64url(signature["value"])),
        ("text", digest_of(document, signature)),
    ):
        (tmp_path / name).write_bytes(content)
    line = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "value", "text"]
    said = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.stdout == "Verified OK\n", said.stderr


def test_the_published_example_holds_and_is_out_of_its_time() -> None:
    within = datetime(2023, 2, 1, tzinfo=UTC)
    assert only(_OASIS, at=within).verdict is Verdict.GOOD
    after = only(_OASIS)
    assert (after.verdict, after.why) == (Verdict.EXPIRED, "2023-06-10T17:39:31.319Z")
    before = only(_OASIS, at=datetime(2023, 1, 1, tzinfo=UTC))
    assert (before.verdict, before.why) == (Verdict.EXPIRED, "not-yet")


def test_any_one_change_is_found() -> None:
    """Each leaf changed, each field taken out, each list turned: one at a time."""
    document = signed()
    count = 0
    for changed in _changes(document, random.Random(3)):
        assert not only(changed).good, changed
        count += 1
    assert count > 300, "the example lost what is to be changed"


def _changes(document: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    for path in _paths(document):
        for do in (_other, _without):
            changed = copy.deepcopy(document)
            holder = changed
            for part in path[:-1]:
                holder = holder[part]
            if path == ("signatures",) or (path == ("signatures", 0) and do is _without):
                continue  # that is a playbook without signatures: it claims nothing
            do(holder, path[-1], dice)
            if changed != document:
                yield changed


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for part in value if isinstance(value, dict) else range(len(value)):
            yield (*above, part)
            yield from _paths(value[part], (*above, part))


def _other(holder: Any, part: Any, dice: random.Random) -> None:
    held = holder[part]
    match held:
        case str():
            at = dice.randrange(len(held) + 1)
            holder[part] = held[:at] + "x" + held[at:]
        case bool():
            holder[part] = not held
        case int() | float():
            holder[part] = held + 1
        case list():
            holder[part] = held[::-1] if len(held) > 1 else [*held, "x"]
        case dict():
            holder[part] = {**held, "added": 1}
        case None:
            holder[part] = ""


def _without(holder: Any, part: Any, _dice: random.Random) -> None:
    del holder[part]


def test_other_signatures_and_the_order_of_keys_change_nothing() -> None:
    document = signed()
    document["signatures"].insert(0, sign(document, pen("ES256")))
    document["signatures"][1] = countersign(document["signatures"][1], pen("RS256"))
    again = json.loads(json.dumps(dict(reversed(document.items())), indent=4, ensure_ascii=True))
    again["signatures"] = [dict(reversed(one.items())) for one in again["signatures"]]
    found = verify(again, at=AT)
    assert [one.verdict for one in found] == ["good", "good"]
    assert found[1].countersigned is not None
    assert found[1].countersigned.good


def test_a_countersignature_is_held_to_the_signature_that_it_stands_in() -> None:
    document = signed()
    (signature,) = document["signatures"]
    made = countersign(signature, replace(pen("PS384"), signee="Agence"))
    document["signatures"] = [made]
    whole = only(document, Known("Agence", key_for("PS384").public))
    assert whole.countersigned is not None
    assert (whole.countersigned.signee, whole.countersigned.trusted) == ("Agence", True)
    again = sign(document, replace(pen(), signee="Another"))
    document["signatures"] = [again | {"signature": made["signature"]}]
    moved = only(document)
    assert moved.good
    assert moved.countersigned is not None
    assert moved.countersigned.verdict is Verdict.BROKEN


def test_a_signature_taken_back_is_revoked_only_by_whoever_made_it() -> None:
    document = signed()
    (signature,) = document["signatures"]
    document["signatures"] = [signature | {"revoked": True}]
    assert only(document).verdict is Verdict.BROKEN
    maker = pen()
    begun = {**maker.begin(document["id"], document["modified"]), "revoked": True}
    document["signatures"] = [maker.end(begun, {**document, "signatures": [begun]})]
    assert only(document).verdict is Verdict.REVOKED


def test_of_another_version() -> None:
    document = signed()
    document["modified"] = "2030-01-01T00:00:00.000Z"
    assert only(document).verdict is Verdict.OTHER_VERSION


@pytest.mark.parametrize(
    ("algorithm", "why"),
    [
        ("HS256", "shared-secret"),
        ("XMSS-SHA2_10_256", "hash-based"),
        ("LMS_SHA256_M32_H5", "hash-based"),
        ("none", "algorithm"),
        ("EdDSA", "algorithm"),
    ],
)
def test_what_is_not_taken_is_named(algorithm: str, why: str) -> None:
    document = signed()
    document["signatures"][0]["algorithm"] = algorithm
    checked = only(document)
    assert (checked.verdict, checked.why) == (Verdict.UNSUPPORTED, why)
    with pytest.raises(KeyRefusedError):
        sign(playbook(), Pen(key_for("Ed25519"), "x", AT, algorithm))


def test_a_weak_key_neither_signs_nor_is_believed() -> None:
    weak = _rsa(1024)
    with pytest.raises(KeyRefusedError, match="weak"):
        sign(playbook(), Pen(weak, "x", AT))
    document = signed("RS256")
    document["signatures"][0]["public_key"] = weak.public.bare
    assert only(document).why == "weak"


def test_a_key_of_another_kind_is_no_key_of_this_algorithm() -> None:
    document = signed("ES256")
    document["signatures"][0]["public_key"] = key_for("ES384").public.bare
    checked = only(document)
    assert (checked.verdict, checked.why) == (Verdict.BROKEN, "kind")


def test_keys_in_certificates_by_thumbprint_and_by_address() -> None:
    key = key_for("ES256")
    own = serialization.load_pem_private_key(key.pem.encode(), None)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Région")])
    builder = x509.CertificateBuilder(name, name, own.public_key(), 7, AT, AT + timedelta(days=9))
    certificate = builder.sign(own, hashes.SHA256())  # type: ignore[arg-type]
    der = certificate.public_bytes(serialization.Encoding.DER)
    chain = {"public_cert_chain": [base64.b64encode(der).decode()] * 2}
    assert only(_named(chain)).good  # issued by itself
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    known = Known("Région", read_public(pem))
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(hashes.SHA256())).rstrip(b"=")
    by_thumbprint = _named({"thumbprint": thumbprint.decode()})
    assert only(by_thumbprint, known).trusted
    assert only(by_thumbprint).verdict is Verdict.NO_KEY
    by_address = only(_named({"cert_url": "https://keys.example/a.pem"}), known)
    assert (by_address.verdict, by_address.why) == (Verdict.NO_KEY, "cert_url")


def _named(where: dict[str, Any]) -> dict[str, Any]:
    """Return a playbook whose signature says in this way where its key is."""
    document, maker = playbook(), pen("ES256")
    begun = maker.begin(document["id"], document["modified"])
    del begun["public_key"]
    begun |= where
    return document | {"signatures": [maker.end(begun, {**document, "signatures": [begun]})]}


@pytest.mark.parametrize("junk", [None, 7, "x", [], {}, {"type": "jss"}, {"algorithm": []}])
def test_junk_is_broken(junk: Any) -> None:
    assert only(playbook() | {"signatures": [junk]}).verdict is Verdict.BROKEN


def test_a_private_key_is_read_with_its_passphrase_and_tells_nothing() -> None:
    own = ed25519.Ed25519PrivateKey.generate()
    locked = own.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"three words long"),
    )
    with pytest.raises(KeyRefusedError, match="encrypted"):
        read_private(locked)
    assert read_private(locked, "three words long").public.der
    with pytest.raises(KeyRefusedError, match="unread"):
        read_private(locked, "other")
    assert repr(read_private(locked, "three words long")) == "PrivateKey()"
