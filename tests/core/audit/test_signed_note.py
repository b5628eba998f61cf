"""Notes and keys against the published example of Go's sumdb/note, and against damage."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberdesk.core.audit.signed_note import Checkpoint, Note, NoteError, read_checkpoint
from cyberdesk.core.crypto.signing import Signer, Verifier

PETER_SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
PUBLISHED = f"{TEXT}\n{LINE}"

SIGNER = Signer.generate("desk.example/journal")
HEAD = bytes(range(32))
ROOT = base64.b64encode(HEAD).decode()
CHECKPOINT = Checkpoint("desk.example/journal", 20852163, HEAD)


def test_the_published_note_is_made_to_the_byte():
    assert str(Note(TEXT).signed(Signer.parse(PETER_SIGNER))) == PUBLISHED
    assert str(Signer.parse(PETER_SIGNER).verifier) == PETER


def test_the_published_note_verifies():
    peter = Verifier.parse(PETER)
    assert Note.parse(PUBLISHED).verify(Verifier.parse(ENOCH), peter) == (peter,)
    assert str(Note.parse(PUBLISHED)) == PUBLISHED


def test_a_note_signed_by_strangers_only_is_refused():
    with pytest.raises(NoteError, match="known key"):
        Note.parse(PUBLISHED).verify(Verifier.parse(ENOCH))


def test_one_false_signature_of_a_known_key_spoils_the_note():
    changed = PUBLISHED.replace("cryptography", "cryptographie")
    with pytest.raises(NoteError, match="false"):
        Note.parse(changed).verify(Verifier.parse(PETER))


def test_several_signers_are_all_found():
    witness = Signer.generate("witness.example")
    note = Note.parse(str(CHECKPOINT.sign(SIGNER, witness)))
    assert note.verify(witness.verifier, SIGNER.verifier) == (SIGNER.verifier, witness.verifier)


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        TEXT,
        TEXT + "\n",
        PUBLISHED[:-1],
        PUBLISHED + "\n",
        PUBLISHED + "trailing",
        PUBLISHED.replace("— ", "- "),
        PUBLISHED.replace("— PeterNeumann ", "— PeterNeumann"),
        PUBLISHED.replace("— PeterNeumann ", "—  "),
        PUBLISHED.replace("— PeterNeumann ", "— Peter+Neumann "),
        PUBLISHED.replace("nAM=", "nAM"),
        PUBLISHED.replace("nAM=", "nAN="),  # another spelling of the same bytes
        PUBLISHED.replace("\n", "\r\n"),
        TEXT + "\n— PeterNeumann x08gow==\n",
        "\n" + LINE,
        "a\x00b\n\n" + LINE,
        TEXT + "\n" + LINE * 101,
        "x" * 70000 + "\n\n" + LINE,
    ],
)
def test_a_malformed_note_is_refused(damaged):
    with pytest.raises(NoteError):
        Note.parse(damaged)


@given(st.text(max_size=200))
def test_any_text_parses_back_to_itself_or_is_refused(text):
    try:
        note = Note.parse(text + "\n\n" + LINE)
    except NoteError:
        return
    assert str(note) == text + "\n\n" + LINE


def test_a_checkpoint_survives_its_text():
    data = str(CHECKPOINT.sign(SIGNER))
    assert read_checkpoint(data, SIGNER.verifier) == CHECKPOINT
    assert data.startswith(f"desk.example/journal\n20852163\n{ROOT}\n\n— desk.example/journal ")


def test_another_logs_checkpoint_is_refused():
    foreign = Checkpoint("other.example", 1, HEAD).sign(SIGNER)
    with pytest.raises(NoteError, match=r"other\.example"):
        read_checkpoint(str(foreign), SIGNER.verifier)


@pytest.mark.parametrize(
    "body",
    [
        f"origin\n7\n{ROOT}",
        f"origin\n7\n{ROOT}\n\n",
        f"\n7\n{ROOT}\n",
        "origin\n7\n",
        f"origin\n07\n{ROOT}\n",
        f"origin\n-1\n{ROOT}\n",
        f"origin\n٧\n{ROOT}\n",
        f"origin\n{10**19}\n{ROOT}\n",
        f"origin\n7\n{ROOT[:-1]}\n",
        f"origin\n7\n{base64.b64encode(HEAD[:31]).decode()}\n",
        "origin\n7\nnot base64!\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(body):
    with pytest.raises(NoteError):
        Checkpoint.parse(body)


def test_extensions_are_kept():
    body = f"origin\n0\n{ROOT}\nsomething more\n"
    assert str(Checkpoint.parse(body)) == body
