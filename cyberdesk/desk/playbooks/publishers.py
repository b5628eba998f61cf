"""Who signs playbooks: this house, with a key of its own, and those whose keys it knows.

The key of the house lies sealed in the database, so that every host signs alike and the backup
holds it. Signatures are CACAO's (JSS, CACAO 2.0 §10.15): see `exchange/signing.py`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.jose import KeyRefusedError, PrivateKey, read_private, read_public
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.ids import new_id
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks.exchange.signing import Checked, Known, Pen, sign, verify
from cyberdesk.desk.playbooks.models import PlaybookPublisher, PlaybookVersion
from cyberdesk.desk.playbooks.signee import signee


def signed(cacao: Mapping[str, Any]) -> dict[str, Any]:
    """Return this house's signature of a playbook; its key is made when there is none yet."""
    return sign(cacao, Pen(read_private(_present().private.encode()), signee(), clock.now()))


def checked(version: PlaybookVersion) -> list[Checked]:
    """Say what each signature of a version is worth here and now."""
    whole = {**version.cacao, "signatures": version.signatures}
    return verify(whole, at=clock.now(), known=known())


def known() -> list[Known]:
    """Return every key that is trusted here, ours first; our earlier ones as well."""
    wanted = select(PlaybookPublisher).where(
        PlaybookPublisher.ours | PlaybookPublisher.ended_at.is_(None)
    )
    order = (PlaybookPublisher.ours.desc(), PlaybookPublisher.added_at)
    with seeing(SYSTEM):
        rows = session().scalars(wanted.order_by(*order)).all()
    return [Known(row.name, read_public(row.public_key)) for row in rows]


def sign_unsigned() -> int:
    """Sign the published versions that nobody has signed; return how many there were."""
    wanted = select(PlaybookVersion).where(PlaybookVersion.signatures == [])
    with seeing(SYSTEM):
        found = session().scalars(wanted).all()
        for version in found:
            version.signatures = [signed(version.cacao)]
    return len(found)


@allowed("publisher:list")
def publishers(actor: Actor) -> list[PlaybookPublisher]:
    """Return every key, ours first, the newest first."""
    order = (PlaybookPublisher.ours.desc(), PlaybookPublisher.added_at.desc())
    with seeing(SYSTEM):
        return list(session().scalars(select(PlaybookPublisher).order_by(*order)))


@allowed("publisher:manage")
@recorded("publisher:trust")
def trust(actor: Actor, *, name: str, pem: str) -> PlaybookPublisher:
    """Know the key in `pem`, a public key or certificate, as `name`'s. Raises InvalidError."""
    try:
        key = read_public(pem)
    except KeyRefusedError:
        raise InvalidError(
            _("This is no public key that can be read."),
            fields={"pem": [_("Give a public key or certificate in PEM.")]},
        ) from None
    if not name.strip():
        raise InvalidError(_("Say whose key this is."), fields={"name": [_("missing")]})
    note(key=key.thumbprint)
    return _add(name.strip(), key.pem, by=actor.name)


@allowed("publisher:manage")
@recorded("publisher:distrust")
def distrust(actor: Actor, publisher: PlaybookPublisher) -> PlaybookPublisher:
    """Know a key no more: what it signed is signed by somebody unknown from now on."""
    if publisher.ours:
        raise InvalidError(_("The key of this house is renewed, not taken away."), fields={})
    with seeing(SYSTEM):
        publisher.ended_at = clock.now()
        session().flush()
    return publisher


@allowed("publisher:manage")
@recorded("publisher:renew")
def renew(actor: Actor) -> PlaybookPublisher:
    """Sign with a new key from now on; what the old one signed stays known."""
    with seeing(SYSTEM):
        before = _present()
        before.ended_at = clock.now()
        before.private = None
        session().flush()
    return _make(by=actor.name)


def _present() -> PlaybookPublisher:
    wanted = select(PlaybookPublisher).where(
        PlaybookPublisher.ours, PlaybookPublisher.ended_at.is_(None)
    )
    with seeing(SYSTEM):
        found = session().scalars(wanted).first()
    return found or _make(by="CyberDesk")


def _make(*, by: str) -> PlaybookPublisher:
    """Make a key of the house; when two processes do at once, the first one's is taken."""
    key = PrivateKey.generate()
    row = PlaybookPublisher(id=new_id(), key_id=vault.create_key("playbook"))
    row.private = key.pem
    values = {
        "id": row.id,
        "key_id": row.key_id,
        "name": signee(),
        "public_key": key.public.pem,
        "ours": True,
        "private_sealed": row.private_sealed,
        "added_at": clock.now(),
        "added_by": by,
    }
    with seeing(SYSTEM):
        session().flush()  # the key that seals it is written first
        session().execute(insert(PlaybookPublisher).values(values).on_conflict_do_nothing())
    return _present()


def _add(name: str, pem: str, *, by: str) -> PlaybookPublisher:
    row = PlaybookPublisher(
        id=new_id(),
        name=name,
        key_id=vault.create_key("playbook"),
        public_key=pem,
        added_at=clock.now(),
        added_by=by,
    )
    with seeing(SYSTEM):
        session().add(row)
        session().flush()
    return row


def bare(cacao: Mapping[str, Any]) -> dict[str, Any]:
    """Return the playbook without its signatures, as it is named by its hash."""
    return {key: held for key, held in cacao.items() if key != "signatures"}


def all_signatures(cacao: Mapping[str, Any]) -> list[Any]:
    """Return the signatures that a playbook came with, and this house's."""
    came: Iterable[Any] = cacao.get("signatures") or ()
    return [*came, signed(bare(cacao))]
