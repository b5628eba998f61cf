"""A case that was declared, worked on and closed, and the papers that come of it."""

import io

import pytest
from pypdf import PdfReader

from cyberdesk.core import clock
from cyberdesk.core.audit import checkpoints
from cyberdesk.core.crypto.signing import Signer
from cyberdesk.desk.cases import service as cases
from tests.desk.cases.conftest import at_desk, ending, world  # noqa: F401
from tests.desk.intel.conftest import add, browser, case, case_id, values  # noqa: F401

LETTER = """\
Madame le Maire,

Le rançongiciel n’a chiffré que deux postes.

Ce qui a été fait :
- réseau coupé à 7 h 10
- postes réinstallés

Ce qu’il reste à faire :

Activer la double vérification."""


@pytest.fixture(autouse=True)
def _signer():
    checkpoints.use(Signer.generate("desk.example/journal"))
    yield
    checkpoints.use(None)


@pytest.fixture
def full(world, case_id):  # noqa: F811
    """A case with messages, a note of the desk, observables, and its ending."""
    add(world.responder, case_id)
    with at_desk(world.member, case_id) as found:
        cases.write(world.member, found, body="Les écrans sont bloqués depuis lundi.")
    with at_desk(world.responder, case_id) as found:
        cases.add_note(world.responder, found, body="Assureur injoignable.")
        cases.chronicle(world.responder, found, at=clock.now(), words="Un courriel piégé.")
        cases.close_case(world.responder, found, **ending(letter=LETTER))
    return case_id


def read(pdf: bytes) -> PdfReader:
    assert pdf.startswith(b"%PDF-")
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(pdf).pages)
