"""Accounts of a directory over LDAPv3 (RFC 4511): disabled, enabled, given another password.

ldap3 takes a moment to load: it is imported when something is done, never for a page.
"""

import base64
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from cyberdesk.sdk import Connector, ConnectorError, Input, Reason, Tested, action, both, trust

_DISABLED = 0x2  # userAccountControl, ACCOUNTDISABLE
_LOCKED = "000001010000Z"  # pwdAccountLockedTime: until an administrator says otherwise
_LATER = {51, 52}  # busy, unavailable
_CHANGED, _NO_SUCH = 16, 32  # noSuchAttribute, noSuchObject
_WRONG_LOGIN, _FORBIDDEN = 49, 50
_MOST_GROUPS = 500

Changes = Mapping[str, Sequence[tuple[str, Sequence[Any]]]]


@dataclass(frozen=True, slots=True)
class Entry:
    dn: str
    name: str
    control: int | None  # userAccountControl
    locked: bool
    groups: tuple[str, ...]

    @property
    def disabled(self) -> bool:
        return bool(self.control & _DISABLED) if self.control is not None else self.locked

    @property
    def told(self) -> dict[str, Any]:
        return {"dn": self.dn, "account": self.name}


class Ldap(Connector):
    def test_connection(self) -> Tested:
        """Sign in and look at the search base. Nothing is changed."""
        base = self.context.settings["base"]
        with self._open() as server:
            server.search(base, "(objectClass=*)", search_scope="BASE", attributes=["1.1"])
            self._refuse(server, base)
        return Tested(ok=True, said=f"{self._host}: {base}")

    @action("disable")
    def disable(self, given: Input) -> Mapping[str, Any]:
        with self._open() as server:
            entry = self._spared(self._found(server, given))
            if not entry.disabled:
                self._change(server, entry, self._disabling(entry, disabled=True))
        return entry.told

    @action("check_disable")
    def check_disable(self, given: Input) -> Mapping[str, Any]:
        with self._open() as server:
            entry = self._found(server, given)
        return entry.told if entry.disabled else {}

    @action("enable")
    def enable(self, given: Input) -> Mapping[str, Any]:
        with self._open() as server:
            entry = self._spared(self._found(server, given))
            if entry.disabled:
                self._change(server, entry, self._disabling(entry, disabled=False))
        return entry.told

    @action("check_enable")
    def check_enable(self, given: Input) -> Mapping[str, Any]:
        with self._open() as server:
            entry = self._found(server, given)
        return {} if entry.disabled else entry.told

    @action("reset")
    def reset(self, given: Input) -> Mapping[str, Any]:
        """Give the account a password that nobody learns."""
        if self._active and self.context.settings.get("security", "tls") != "tls":
            raise ConnectorError(
                both(
                    "Active Directory takes a password over TLS from the start alone (port 636)",
                    "Active Directory n’accepte un mot de passe qu’en TLS dès le début (port 636)",
                ),
                again=False,
                reason=Reason.SETTINGS,
            )
        with self._open() as server:
            entry = self._spared(self._found(server, given))
            password = self._password(entry)
            if self._active:
                quoted = f'"{password}"'.encode("utf-16-le")
                changes = {"unicodePwd": _to(quoted), "pwdLastSet": _to("0")}
            else:
                changes = {"userPassword": _to(password)}
            self._change(server, entry, changes)
        return entry.told

    @action("check_reset")
    def check_reset(self, given: Input) -> Mapping[str, Any]:
        with self._open() as server:
            entry = self._found(server, given)
        try:
            with self._open(entry.dn, self._password(entry)):
                return entry.told
        except ConnectorError as error:
            # 773: the password is right, and must be changed at the next sign-in.
            if error.reason is Reason.LOGIN:
                return entry.told if "data 773" in error.hint else {}
            raise

    @action("groups")
    def groups(self, given: Input) -> Mapping[str, Any]:
        with self._open() as server:
            entry = self._found(server, given)
            groups = list(entry.groups) or self._holding(server, entry)
        return {**entry.told, "groups": sorted(groups)[:_MOST_GROUPS]}

    @action("show_disable")
    def show_disable(self, given: Input) -> Mapping[str, Any]:
        change = "userAccountControl: | 2" if self._active else f"pwdAccountLockedTime: {_LOCKED}"
        return self._shown(given, f"replace {change}")

    @action("show_enable")
    def show_enable(self, given: Input) -> Mapping[str, Any]:
        change = "replace userAccountControl: & ~2" if self._active else ""
        return self._shown(given, change or "delete pwdAccountLockedTime")

    @action("show_reset")
    def show_reset(self, given: Input) -> Mapping[str, Any]:
        change = "unicodePwd: …\nreplace pwdLastSet: 0" if self._active else "userPassword: …"
        return self._shown(given, f"replace {change}")

    @action("show_groups")
    def show_groups(self, given: Input) -> Mapping[str, Any]:
        return self._shown(given, "")

    def _shown(self, given: Input, change: str) -> Mapping[str, Any]:
        asked = f"search {self.context.settings['base']}\n{self._filter(given['account'])}"
        return {"text": f"{asked}\n\nmodify …\n{change}" if change else asked}

    @property
    def _active(self) -> bool:
        return bool(self.context.settings["kind"] == "active_directory")

    @property
    def _host(self) -> str:
        return f"{self.context.settings['host']}:{self.context.settings['port']}"

    @property
    def _user_attribute(self) -> str:
        return self.context.settings.get("user_attribute") or (
            "sAMAccountName" if self._active else "uid"
        )

    def _filter(self, account: str) -> str:
        """Return the search filter of an account; what was named cannot leave its place in it."""
        from ldap3.utils.conv import escape_filter_chars

        kinds = "(&(objectClass=user)(!(objectClass=computer)))"
        every = kinds if self._active else "(objectClass=inetOrgPerson)"
        wanted = escape_filter_chars(account)
        names = [self._user_attribute]
        if "@" in account:
            names = ["mail", "userPrincipalName"] if self._active else ["mail"]
        either = "".join(f"({name}={wanted})" for name in names)
        return f"(&{self.context.settings.get('filter') or every}(|{either}))"

    def _found(self, server: Any, given: Input) -> Entry:
        account, name = given["account"], self._user_attribute
        held = ["userAccountControl", "memberOf"] if self._active else ["pwdAccountLockedTime"]
        server.search(
            self.context.settings["base"],
            self._filter(account),
            search_scope="SUBTREE",
            attributes=[name, *held],
            size_limit=2,
        )
        found = [one for one in server.response or () if one["type"] == "searchResEntry"]
        if len(found) != 1:
            if not found:
                self._refuse(server, account, but={0, 4})
            said = ("more than one", "plusieurs") if found else ("none", "aucun")
            raise ConnectorError(
                both(
                    f"the directory must have one account {account}: it has {said[0]}",
                    f"l’annuaire doit avoir un compte {account} : il en a {said[1]}",
                ),
                again=False,
                reason=Reason.ANSWER,
            )
        return self._read(found[0])

    def _read(self, found: Mapping[str, Any]) -> Entry:
        raw = {name.lower(): list(held) for name, held in found["raw_attributes"].items()}

        def values(name: str) -> list[str]:
            return [one.decode(errors="replace") for one in raw.get(name.lower(), ())]

        control = values("userAccountControl")
        return Entry(
            dn=found["dn"],
            name=next(iter(values(self._user_attribute)), ""),
            control=int(control[0]) if control else (0 if self._active else None),
            locked=bool(values("pwdAccountLockedTime")),
            groups=tuple(values("memberOf")),
        )

    def _spared(self, entry: Entry) -> Entry:
        spared = {one.casefold() for one in self.context.settings.get("spared", ())}
        ours = self.context.settings["username"].casefold()
        if entry.name.casefold() in spared or entry.dn.casefold() == ours:
            raise ConnectorError(
                both(
                    f"{entry.name} is an account that is never touched",
                    f"{entry.name} est un compte auquel on ne touche jamais",
                ),
                again=False,
                reason=Reason.GUARDED,
            )
        return entry

    def _disabling(self, entry: Entry, *, disabled: bool) -> Changes:
        if not self._active:
            return {"pwdAccountLockedTime": _to(_LOCKED) if disabled else _to()}
        old = entry.control or 0
        new = old | _DISABLED if disabled else old & ~_DISABLED
        # Not replaced: it fails when somebody else changed it since we read it.
        return {"userAccountControl": [("MODIFY_DELETE", [str(old)]), ("MODIFY_ADD", [str(new)])]}

    def _holding(self, server: Any, entry: Entry) -> list[str]:
        """Return the groups that name the account: OpenLDAP need not say it in the entry."""
        from ldap3.utils.conv import escape_filter_chars

        dn, name = escape_filter_chars(entry.dn), escape_filter_chars(entry.name)
        wanted = f"(|(member={dn})(uniqueMember={dn})(memberUid={name}))"
        top = ",".join(
            part for part in self.context.settings["base"].split(",") if _is_domain(part)
        )
        server.search(
            top or self.context.settings["base"], wanted, search_scope="SUBTREE", attributes=["1.1"]
        )
        return [one["dn"] for one in server.response or () if one["type"] == "searchResEntry"]

    def _password(self, entry: Entry) -> str:
        """Return the same password for each attempt at this effect; nobody else can make it."""
        secret = hashlib.sha256(self.context.secrets["password"].encode()).digest()
        made = hashlib.blake2b(f"{self.context.key}|{entry.dn}".encode(), key=secret)
        return "Aa1-" + base64.urlsafe_b64encode(made.digest()[:30]).decode()

    def _change(self, server: Any, entry: Entry, changes: Changes) -> None:
        from ldap3.core.exceptions import LDAPException

        try:
            server.modify(entry.dn, changes)
        except (LDAPException, OSError) as error:
            raise ConnectorError(f"{self._host}: {error}", done=None) from error
        self._refuse(server, entry.dn)

    def _refuse(self, server: Any, about: str, *, but: Sequence[int] | set[int] = (0,)) -> None:
        """Raise what the last answer comes to, unless it is one of `but`."""
        code, told = server.result["result"], server.result
        if code in but:
            return
        said = f"{self._host}: {about}: {told['description']} {told['message']}".strip()
        if code in {_CHANGED, _NO_SUCH}:
            hint = both(
                "It is not there, or somebody else changed it meanwhile.",
                "Elle n’existe pas, ou quelqu’un l’a changée entre-temps.",
            )
            raise ConnectorError(said, hint=hint, again=code == _CHANGED, reason=Reason.ANSWER)
        reason = Reason.LOGIN if code in {_WRONG_LOGIN, _FORBIDDEN} else Reason.ANSWER
        raise ConnectorError(said, again=code in _LATER, reason=reason)

    @contextmanager
    def _open(self, user: str = "", password: str = "") -> Iterator[Any]:
        """Sign in over TLS. Whatever fails here, nothing was changed."""
        from ldap3.core.exceptions import LDAPException

        user = user or self.context.settings["username"]
        server = self._connection(user, password or self.context.secrets["password"])
        try:
            try:
                server.open(read_server_info=False)
                if not server.server.ssl:
                    server.start_tls(read_server_info=False)
                signed_in = server.bind(read_server_info=False)
            except (LDAPException, OSError) as error:
                raise ConnectorError(f"{self._host}: {error}") from _cause(error)
            if not signed_in and server.result["result"] == _WRONG_LOGIN:
                raise ConnectorError(
                    both(
                        f"{self._host} refuses the account or its password",
                        f"{self._host} refuse le compte ou son mot de passe",
                    ),
                    hint=str(server.result["message"]),
                    again=False,
                    reason=Reason.LOGIN,
                )
            self._refuse(server, user)
            try:
                yield server
            except (LDAPException, OSError) as error:
                raise ConnectorError(f"{self._host}: {error}") from error
        finally:
            with suppress(LDAPException, OSError):
                server.unbind()

    def _connection(self, user: str, password: str) -> Any:
        import ldap3

        settings, seconds = self.context.settings, self.context.seconds
        host, port = settings["host"], settings["port"]
        address = self.context.egress.address(host, port)
        try:
            trusted = trust(settings.get("authority", ""))
        except ValueError as error:
            raise ConnectorError(
                both(f"the authority cannot be read: {error}", f"autorité illisible : {error}"),
                again=False,
                reason=Reason.SETTINGS,
            ) from error

        class Trusting(ldap3.Tls):  # type: ignore[misc]
            """Connected to the judged address; the certificate must bear the server's name."""

            def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
                del do_handshake
                connection.socket = trusted.wrap_socket(connection.socket, server_hostname=host)

        begins = settings.get("security", "tls") == "tls"
        server = ldap3.Server(
            address, port, use_ssl=begins, tls=Trusting(), connect_timeout=seconds
        )
        return ldap3.Connection(
            server,
            user,
            password,
            authentication=ldap3.SIMPLE,
            auto_referrals=False,  # a directory must not send our password elsewhere
            check_names=False,
            receive_timeout=math.ceil(seconds),  # it takes whole seconds alone
        )


def _to(*values: Any) -> list[tuple[str, Sequence[Any]]]:
    return [("MODIFY_REPLACE", list(values))]


def _is_domain(part: str) -> bool:
    return part.strip().lower().startswith(("dc=", "o="))


def _cause(error: BaseException) -> BaseException:
    """Return what lies below: ldap3 tells of a refused connection or certificate in words alone."""
    said = str(error).lower()
    if "certificate" in said:
        import ssl

        return ssl.SSLCertVerificationError(str(error))
    if "refused" in said:
        return ConnectionRefusedError(str(error))
    if "timed out" in said or "timeout" in said:
        return TimeoutError(str(error))
    return error
