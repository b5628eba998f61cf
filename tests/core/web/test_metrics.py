"""Numbers for those who watch the house, and nothing for anybody else."""

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.jobs import outbox


def test_this_machine_reads_numbers(client):
    with atomic():
        outbox.send("test:metrics")
    client.get("/healthz")
    text = client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text
    assert "cyberdesk_deliveries_due 1.0" in text
    assert 'endpoint="health.alive"' in text


@pytest.mark.parametrize("address", ["10.1.2.3", "203.0.113.9"])
def test_others_find_nothing(client, address):
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 404


def test_with_a_token_only_its_holder_reads(client, app):
    gauges, _none = app.extensions["cyberdesk.metrics"]
    app.extensions["cyberdesk.metrics"] = (gauges, "a-long-token")
    try:
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 404
        given = {"Authorization": "Bearer a-long-token"}
        assert client.get("/metrics", headers=given).status_code == 200
    finally:
        app.extensions["cyberdesk.metrics"] = (gauges, "")
