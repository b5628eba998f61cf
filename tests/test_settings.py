"""Production starts with real secrets over https, or not at all."""

import pytest

from cyberdesk.settings import UnsafeSettingsError, read

SAFE = {
    "CYBERDESK_PRODUCTION": "1",
    "CYBERDESK_DATABASE_URL": "postgresql://app@db/desk",
    "CYBERDESK_REDIS_URL": "redis://queue",
    "CYBERDESK_SECRET_KEY": "k" * 40,
    "CYBERDESK_BASE_URL": "https://desk.example",
}


def test_what_is_safe_starts(tmp_path):
    found = read(SAFE | {"CYBERDESK_DATA_DIR": str(tmp_path)})
    assert found.secure_cookies
    assert found.host == "desk.example"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"CYBERDESK_SECRET_KEY": ""}, "SECRET_KEY"),
        ({"CYBERDESK_SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"CYBERDESK_BASE_URL": "http://desk.example"}, "BASE_URL"),
        ({"CYBERDESK_DEMO": "1"}, "demo"),
        ({"CYBERDESK_TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES is 'one': give a number"),
        ({"CYBERDESK_EGRESS_ALLOW": "10.1.0.0/16, lan"}, "EGRESS_ALLOW: 'lan'"),
        ({"CYBERDESK_EGRESS_ALLOW": "10.1.0.7/16"}, "has host bits set"),
        ({"CYBERDESK_CONNECTORS_DIR": "/nowhere/at/all"}, "there is no such folder"),
        ({"CYBERDESK_NIS2_STATUS": "yes"}, "give unconfirmed or in-force"),
        ({"CYBERDESK_DATABASE_URL": ""}, "DATABASE_URL"),
        ({"CYBERDESK_DATABASE_URL": "postgresql://app@pg.example.org/desk"}, "verify-full"),
        ({"CYBERDESK_DATABASE_URL": "postgresql://app@10.0.0.7/desk"}, "verify-full"),
        (
            {"CYBERDESK_DATABASE_URL": "postgresql://app@/desk?host=db,pg.example.org"},
            "verify-full",
        ),
        (
            {"CYBERDESK_DATABASE_URL": "postgresql://app@pg.example.org/desk?sslmode=require"},
            "verify-full",
        ),
        ({"CYBERDESK_OWNER_DATABASE_URL": "postgresql://o@pg.example.org/desk"}, "OWNER_DATABASE"),
        ({"CYBERDESK_REDIS_URL": "redis://queue.example.org"}, "rediss"),
    ],
)
def test_what_is_unsafe_does_not(tmp_path, changed, named):
    with pytest.raises(UnsafeSettingsError, match=named):
        read(SAFE | {"CYBERDESK_DATA_DIR": str(tmp_path)} | changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"CYBERDESK_DATABASE_URL": "postgresql://a@pg.example.org/desk?sslmode=verify-full"},
        {"CYBERDESK_DATABASE_URL": "postgresql://a@/desk?host=/run/postgresql"},
        {"CYBERDESK_DATABASE_URL": "postgresql://a@%2Frun%2Fpg.d/desk"},
        {"CYBERDESK_DATABASE_URL": "postgresql://a@127.0.0.1/desk"},
        {"CYBERDESK_DATABASE_URL": "postgresql://a@[::1]/desk"},
        {"CYBERDESK_REDIS_URL": "rediss://queue.example.org"},
        {"CYBERDESK_REDIS_URL": "unix:///run/valkey.d/socket"},
    ],
)
def test_this_machine_and_verified_lines_are_safe(tmp_path, changed):
    read(SAFE | {"CYBERDESK_DATA_DIR": str(tmp_path)} | changed)


def test_no_secret_is_made_up_in_production(tmp_path):
    with pytest.raises(UnsafeSettingsError):
        read(SAFE | {"CYBERDESK_DATA_DIR": str(tmp_path), "CYBERDESK_SECRET_KEY": ""})
    assert list(tmp_path.rglob("*")) == []
