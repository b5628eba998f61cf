import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberdesk.core.crypto.aead import Key, Place, SealError, key_id_of, seal, unseal

KEY = Key.generate()
PLACE = Place("case_note", "0190", "body")


@given(st.binary(max_size=300))
def test_what_was_sealed_opens_in_its_place(plain):
    envelope = seal(plain, key=KEY, place=PLACE)
    assert unseal(envelope, key=KEY, place=PLACE) == plain
    assert key_id_of(envelope) == KEY.id
    assert len(envelope) == len(plain) + 45


def test_two_seals_of_the_same_value_differ():
    assert seal(b"yes", key=KEY, place=PLACE) != seal(b"yes", key=KEY, place=PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("case_notes", "0190", "body"),
        Place("case_note", "0191", "body"),
        Place("case_note", "0190", "title"),
        Place("case_note0190", "", "body"),  # the same letters, cut differently
    ],
)
def test_a_value_moved_elsewhere_does_not_open(elsewhere):
    with pytest.raises(SealError, match="moved"):
        unseal(seal(b"x", key=KEY, place=PLACE), key=KEY, place=elsewhere)


@given(st.integers(0, 76), st.integers(1, 255))
def test_no_changed_byte_opens(position, change):
    envelope = bytearray(seal(b"thirty-two bytes of plain text..", key=KEY, place=PLACE))
    envelope[position] ^= change
    with pytest.raises(SealError):
        unseal(bytes(envelope), key=KEY, place=PLACE)


@pytest.mark.parametrize("length", [0, 1, 17, 44])
def test_a_cut_envelope_is_refused(length):
    with pytest.raises(SealError, match="bytes long"):
        unseal(seal(b"", key=KEY, place=PLACE)[:length], key=KEY, place=PLACE)


def test_another_key_under_the_same_id_does_not_open():
    with pytest.raises(SealError):
        unseal(seal(b"x", key=KEY, place=PLACE), key=Key(KEY.id, b"k" * 32), place=PLACE)


def test_another_key_is_named():
    other = Key.generate()
    with pytest.raises(SealError, match=str(other.id)):
        unseal(seal(b"x", key=KEY, place=PLACE), key=other, place=PLACE)


def test_a_key_of_the_wrong_size_is_refused_and_no_key_prints_itself():
    with pytest.raises(ValueError, match="31 bytes"):
        Key(KEY.id, b"k" * 31)
    assert "kkkk" not in repr(Key(KEY.id, b"k" * 32))
