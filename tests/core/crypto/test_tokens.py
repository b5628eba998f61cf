import hmac

from cyberdesk.core.crypto.aead import Key
from cyberdesk.core.crypto.keyring import KeySet
from cyberdesk.core.crypto.tokens import matches, new_token, token_hash, token_hashes

PEPPERS = KeySet(Key.generate(), {})


def test_a_token_matches_its_own_hash_only():
    token = new_token()
    stored = token_hash(token, purpose="api", peppers=PEPPERS)
    assert matches(token, stored, purpose="api", peppers=PEPPERS)
    assert not matches(new_token(), stored, purpose="api", peppers=PEPPERS)
    assert not matches(token, stored, purpose="magic link", peppers=PEPPERS)
    assert not matches(token, stored, purpose="api", peppers=KeySet(Key.generate(), {}))
    assert not matches(token, b"", purpose="api", peppers=PEPPERS)


def test_the_hash_is_hmac_sha256_under_the_pepper():
    expected = hmac.digest(PEPPERS.current.secret, b"api\x00s\xc3\xa9same", "sha256")
    assert token_hash("sésame", purpose="api", peppers=PEPPERS) == expected


def test_tokens_outlive_a_change_of_pepper():
    token = new_token()
    stored = token_hash(token, purpose="api", peppers=PEPPERS)
    renewed = PEPPERS.renewed()
    assert matches(token, stored, purpose="api", peppers=renewed)
    assert stored in token_hashes(token, purpose="api", peppers=renewed)
    assert token_hash(token, purpose="api", peppers=renewed) != stored


def test_tokens_are_long_and_never_the_same():
    drawn = {new_token() for _ in range(100)}
    assert len(drawn) == 100
    assert all(len(token) == 43 for token in drawn)
