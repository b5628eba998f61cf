"""`ldap.*` against a real slapd: as OpenLDAP, and with the attributes of Active Directory."""

import pytest

from cyberdesk.core.connector import ConnectorError, Reason
from cyberdesk.core.db import atomic
from cyberdesk.core.egress import Rules, guard
from cyberdesk.desk.connectors import service
from tests.desk.connectors.directory import ADMIN, BASE, directory

ADA = f"uid=ada,ou=people,{BASE}"
BOB = f"uid=bob,ou=people,{BASE}"
WANDA = f"cn=wanda,ou=people,{BASE}"


@pytest.fixture(scope="module")
def slapd(tmp_path_factory):
    with directory(tmp_path_factory.mktemp("slapd")) as held:
        yield held


@pytest.fixture
def held(slapd, admin):
    guard.use(Rules.parse("127.0.0.1"))
    set_up(admin, slapd)
    yield slapd
    guard.use(Rules())


def set_up(admin, slapd, **changed):
    given = {
        "host": "127.0.0.1",
        "port": slapd.port,
        "kind": "openldap",
        "base": f"ou=people,{BASE}",
        "username": ADMIN,
        "password": "right",
        "spared": ["ROOT"],
        "authority": slapd.authority,
    } | changed
    with atomic(admin.scope):
        service.configure(admin, "ldap", given=given, enabled=True)


def active(admin, slapd, **changed):
    set_up(admin, slapd, kind="active_directory", filter="(objectClass=user)", **changed)


def ready(act, account, key="k", **more):
    return service.prepare(f"ldap.{act}", {"account": account}, key=key, **more)


def done(act, account, **more):
    return ready(act, account, **more).perform()


def failure(act, account, **more):
    with pytest.raises(ConnectorError) as caught:
        done(act, account, **more)
    return caught.value


def test_an_account_is_disabled_and_enabled_by_name_or_mail(held):
    assert ready("disable", "ada").check() is None
    assert done("disable", "ada") == {"dn": ADA, "account": "ada"}
    assert held.read(ADA, "pwdAccountLockedTime") == {"pwdAccountLockedTime": [b"000001010000Z"]}
    assert not held.lets_in(ADA, "old")
    assert ready("disable", "ada@example.org").check() == {"dn": ADA, "account": "ada"}
    assert done("disable", "ada")  # once more changes nothing
    assert ready("enable", "ada").check() is None
    assert done("enable", "ada@example.org")["dn"] == ADA
    assert held.lets_in(ADA, "old")
    assert ready("enable", "ada").check() == {"dn": ADA, "account": "ada"}


def test_a_password_is_replaced_by_one_that_nobody_is_told(held):
    assert ready("reset", "bob").check() is None
    output = done("reset", "bob")
    assert output == {"dn": BOB, "account": "bob"}
    assert not held.lets_in(BOB, "old")
    [first] = held.read(BOB, "userPassword")["userPassword"]
    assert ready("reset", "bob").check() == output
    assert ready("reset", "bob", key="another").check() is None
    done("reset", "bob", key="another")
    assert held.read(BOB, "userPassword")["userPassword"] != [first]


def test_groups_are_read(held, admin):
    assert done("groups", "ada")["groups"] == [f"cn=mayors,{BASE}"]
    assert done("groups", "bob")["groups"] == []


def test_active_directory_has_its_own_attributes(held, admin):
    active(admin, held)
    assert done("groups", "wanda")["groups"] == [f"cn=mayors,{BASE}"]
    assert ready("disable", "wanda").check() is None
    done("disable", "wanda")
    assert held.read(WANDA, "userAccountControl") == {"userAccountControl": [b"514"]}
    assert ready("disable", "wanda@ad.example.org").check()
    done("enable", "wanda")
    assert held.read(WANDA, "userAccountControl") == {"userAccountControl": [b"512"]}
    done("reset", "wanda")
    kept = held.read(WANDA, "unicodePwd", "pwdLastSet")
    quoted = kept["unicodePwd"][0].decode("utf-16-le")
    assert (quoted[0], quoted[-1], len(quoted)) == ('"', '"', 46)
    assert kept["pwdLastSet"] == [b"0"]
    active(admin, held, port=held.plain, security="starttls")
    assert failure("reset", "wanda").reason is Reason.SETTINGS


@pytest.mark.parametrize(
    "account",
    ["*", "a*", "ada)(uid=*", "*)(objectClass=*", "ada\\2a", "x)(|(uid=bob", "@", "ada@*"],
)
def test_what_is_named_cannot_leave_its_place_in_the_filter(held, account):
    error = failure("disable", account)
    assert (error.reason, "aucun" in str(error)) == (Reason.ANSWER, True)
    assert held.lets_in(ADA, "old")


def test_a_name_with_signs_of_filters_is_found_as_it_is(held):
    assert done("groups", "o*")["account"] == "o*"


def test_an_account_that_is_not_one_or_is_spared_is_left_alone(held, admin):
    assert "plusieurs" in str(failure("disable", "twin"))
    for act in ("disable", "enable", "reset"):
        assert failure(act, "root").reason is Reason.GUARDED
    set_up(admin, held, base=f"cn=mayors,{BASE}")
    assert "aucun" in str(failure("disable", "ada"))  # outside of the base
    set_up(admin, held, filter="(sn=bob)")
    assert "aucun" in str(failure("disable", "ada"))


def test_what_the_directory_forbids_is_told_and_was_not_done(held, admin):
    set_up(admin, held, username=ADA, password="old")
    error = failure("disable", "bob")
    assert (error.reason, error.done, error.again) == (Reason.LOGIN, False, False)


def test_nothing_is_done_in_an_exercise_or_a_rehearsal(held, admin):
    assert "exercice" in str(failure("disable", "ada", exercise=True))
    with atomic(admin.scope):
        shown = service.show(admin, "ldap", action="disable", given={"account": "a*"})
    wanted = "(&(objectClass=inetOrgPerson)(|(uid=a\\2a)))"
    assert shown == (
        f"search ou=people,{BASE}\n{wanted}\n\nmodify …\nreplace pwdAccountLockedTime: 000001010000Z"
    )


def tried(admin):
    with atomic(admin.scope):
        return service.test_connection(admin, "ldap")


def test_trying_it_says_what_is_wrong(held, admin):
    assert tried(admin).ok
    for changed, reason in (
        ({"port": held.plain, "security": "starttls"}, None),
        ({"password": "wrong"}, Reason.LOGIN),
        ({"base": "dc=nowhere"}, Reason.ANSWER),
        ({"authority": ""}, Reason.CERTIFICATE),
        ({"authority": "no PEM"}, Reason.SETTINGS),
        ({"host": "localhost"}, Reason.CERTIFICATE),
        ({"port": 1}, Reason.REFUSED),
    ):
        set_up(admin, held, **changed)
        tested = tried(admin)
        assert (tested.ok, None if tested.ok else tested.reason) == (reason is None, reason), (
            changed
        )
    set_up(admin, held)
    guard.use(Rules())
    assert tried(admin).reason is Reason.GUARDED
