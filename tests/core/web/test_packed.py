"""Built files are sent packed to whoever takes that, and as they are to the others."""

import gzip

import pytest

from cyberdesk.core.web.components import manifest


@pytest.fixture
def address() -> str:
    return f"/static/built/{manifest()['declare.css']}"


def test_packed_for_browsers(client, address):
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize(
    "name", ["../../settings.py", "built/../../../settings.py", "nothing.css", "built/"]
)
def test_nothing_else_is_reached(client, name):
    assert client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}).status_code == 404
