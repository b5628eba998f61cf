"""`cyberdesk passwords`: the operator's list of breached passwords."""

import gzip
from hashlib import sha1

from cyberdesk.core.access import breached

STOLEN = ["violon arrosoir trompette", "tambour bassine orange"]


def test_a_packed_collection_is_taken_in_and_counted(command, database, server_folder, tmp_path):
    hashes = sorted(sha1(word.encode(), usedforsecurity=False).hexdigest() for word in STOLEN)
    source = tmp_path / "stolen.gz"
    source.write_bytes(gzip.compress("".join(f"{one}:7\n" for one in hashes).encode()))
    before = command("passwords", "status", "--data", server_folder)
    assert "There is no list" in before.output
    taken = command("passwords", "import", "--data", server_folder, source)
    assert "2 breached passwords are refused from now on" in taken.output
    assert all(breached.known(word) for word in STOLEN)
    assert "2 breached passwords" in command("passwords", "status", "--data", server_folder).output
    refused = command("passwords", "import", "--data", server_folder, __file__)
    assert refused.exit_code == 1
    assert "ligne 1" in refused.output
    breached.use(None)
