import pytest

from cyberdesk.core.crypto.secret_file import SecretError, write_secret
from cyberdesk.core.crypto.signing import KeyFormatError, Signer, Verifier

PUBLISHED = [  # verifier keys of Go's sumdb/note and of the C2SP signed-note example
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
]


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_verifier_keys_are_read_and_written_alike(text):
    assert str(Verifier.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        PUBLISHED[0].replace("c74f20a3", "c74f20a4"),
        PUBLISHED[0].replace("c74f20a3", "C74F20A3"),
        PUBLISHED[0].replace("Neumann", "Newman"),
        PUBLISHED[0].replace("+AR", "+AS"),
        PUBLISHED[0].replace("+AR", "+BR"),  # the type of a cosignature key
        PUBLISHED[0][:-4],
        PUBLISHED[0][:-1] + "X",
        PUBLISHED[0] + "=",
        " +c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_a_damaged_verifier_key_is_refused(text):
    with pytest.raises(KeyFormatError):
        Verifier.parse(text)


@pytest.mark.parametrize("name", ["", "two words", "plus+sign", "line\nbreak", "no\u00a0break"])
def test_a_name_that_a_signature_line_cannot_carry_is_refused(name):
    with pytest.raises(KeyFormatError):
        Signer.generate(name)


def test_a_signing_key_survives_its_file_and_does_not_print_itself(tmp_path):
    signer = Signer.generate("desk.example/journal")
    signer.write(tmp_path / "journal.key")
    loaded = Signer.load(tmp_path / "journal.key")
    assert loaded.verifier == signer.verifier
    assert signer.verifier.verifies(loaded.sign(b"m"), b"m")
    secret = (tmp_path / "journal.key").read_text().rpartition("+")[2].strip()
    assert secret not in repr(loaded)


def test_signatures_hold_for_their_message_and_key_only():
    signer = Signer.generate("a")
    signature = signer.sign(b"m")
    assert not signer.verifier.verifies(signature, b"n")
    assert not signer.verifier.verifies(signature[:-1], b"m")
    assert not Signer.generate("a").verifier.verifies(signature, b"m")


@pytest.mark.parametrize("text", ["", PUBLISHED[0], "PRIVATE+KEY+a+00000000+AQ=="])
def test_a_file_without_a_signing_key_is_named(tmp_path, text):
    write_secret(tmp_path / "journal.key", text)
    with pytest.raises(SecretError, match=r"journal\.key is not a signing key"):
        Signer.load(tmp_path / "journal.key")
