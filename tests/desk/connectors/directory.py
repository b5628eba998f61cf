"""A real directory on loopback: OpenLDAP's slapd with TLS, ppolicy and attributes of Active Directory."""

import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import ldap3
import pytest

from tests.debian import SLAPD
from tests.desk.connectors.post_office import certificate

BASE = "dc=example,dc=org"
ADMIN = f"cn=admin,{BASE}"
CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.96 NAME 'pwdLastSet' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.90 NAME 'unicodePwd'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.2.102 NAME 'memberOf' EQUALITY distinguishedNameMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP organizationalPerson STRUCTURAL
  MAY ( sAMAccountName $ userPrincipalName $ userAccountControl $ pwdLastSet $ unicodePwd $ memberOf ) )
pidfile {folder}/pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
TLSCACertificateFile {folder}/office.pem
TLSCertificateFile {folder}/office.pem
TLSCertificateKeyFile {folder}/office.key
database mdb
suffix {base}
rootdn {admin}
rootpw right
directory {folder}/data
overlay ppolicy
ppolicy_default cn=policy,{base}
access to attrs=userPassword by anonymous auth
access to * by users read
"""


class Directory(NamedTuple):
    port: int  # TLS from the start
    plain: int  # STARTTLS
    authority: str

    def open(self, user=ADMIN, password="right"):
        return ldap3.Connection(
            ldap3.Server("127.0.0.1", self.plain, get_info=ldap3.NONE),
            user,
            password,
            check_names=False,
        )

    def read(self, dn, *names):
        with self.open() as server:
            server.search(dn, "(objectClass=*)", search_scope="BASE", attributes=list(names))
            held = server.response[0]["raw_attributes"]
        return {name: list(held.get(name, [])) for name in names}

    def lets_in(self, dn, password) -> bool:
        return self.open(dn, password).bind()


@contextmanager
def directory(folder: Path):
    found = SLAPD.find() or pytest.fail(SLAPD.missing)
    certificate(folder)
    (folder / "data").mkdir()
    (folder / "config").write_text(CONFIG.format(folder=folder, base=BASE, admin=ADMIN))
    ports = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as free:
            ports.append(free.getsockname()[1])
    port, plain = ports
    where = f"ldaps://127.0.0.1:{port} ldap://127.0.0.1:{plain}"
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [found, "-f", folder / "config", "-h", where, "-d", "none"], stderr=log
        )
    try:
        _wait(plain, running, folder / "log")
        made = Directory(port, plain, (folder / "office.pem").read_text())
        with made.open() as server:
            _people(server)
        yield made
    finally:
        running.terminate()
        running.wait(10)


def _people(server):
    def add(dn, kinds, **held):
        assert server.add(f"{dn},{BASE}" if dn else BASE, kinds, held), server.result

    add("", ["dcObject", "organization"], o="Example", dc="example")
    rule = {"sn": "policy", "pwdAttribute": "userPassword", "pwdLockout": "TRUE"}
    add("cn=policy", ["person", "pwdPolicy"], **rule)
    add("ou=people", ["organizationalUnit"])
    for name in ("ada", "bob", "root", "o*"):
        shown = {"cn": name, "sn": name, "mail": f"{name}@example.org", "userPassword": "old"}
        add(f"uid={name},ou=people", ["inetOrgPerson"], **shown)
    add("cn=twin,ou=people", ["inetOrgPerson"], sn="x", uid="twin", mail="twin@example.org")
    add("cn=twin2,ou=people", ["inetOrgPerson"], sn="x", uid="twin", mail="twin@example.org")
    add("cn=mayors", ["groupOfNames"], member=f"uid=ada,ou=people,{BASE}")
    add(
        "cn=wanda,ou=people",
        ["user"],
        sn="w",
        sAMAccountName="wanda",
        userPrincipalName="wanda@ad.example.org",
        userAccountControl="512",
        memberOf=f"cn=mayors,{BASE}",
    )


def _wait(port, running, log: Path) -> None:
    for _ in range(100):
        if running.poll() is not None:
            break
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"slapd does not start: {log.read_text()}")
