"""`ssh.run` against a real OpenSSH server, and the list of what may be run."""

import asyncio
import shlex
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import asyncssh
import pytest

from cyberdesk.core.connector import ConnectorError, Reason, Repeat
from cyberdesk.core.db import atomic
from cyberdesk.core.egress import Rules, guard
from cyberdesk.core.errors import InvalidError
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import catalogue, command_action
from tests.desk.connectors.ssh_server import ssh_server

COMMANDS = [
    "echo hello",
    "printf '%s|' <text> <ip>",
    "ls <path>",
    "sh -c 'echo out; echo oops >&2; exit <number>'",
    "echo a && echo b | tr b c",
    "sleep 30",
    "kill -9 $$",
    "yes",
    "printf %s --user=<name>",
]


@pytest.fixture(scope="module")
def sshd(tmp_path_factory):
    with ssh_server(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture
def reached():
    guard.use(Rules.parse("127.0.0.1"))
    yield
    guard.use(Rules())


@pytest.fixture
def box(sshd, admin, reached):
    set_up(admin, hosts=[sshd.line], key=sshd.key)
    return sshd


def set_up(admin, **given):
    with atomic(admin.scope):
        service.configure(
            admin,
            "ssh",
            given={"commands": COMMANDS, "repeatable": ["date -u"], **given},
            enabled=True,
        )


def ready(box, command, seconds=None, exercise=False, **given):
    target = {"type": "ssh", "address": {"ipv4": ["127.0.0.1"]}, "port": str(box.port)}
    given = {"command": command, "target": target, **given}
    made = service.prepare("ssh.run", given, key="k", exercise=exercise)
    if seconds:
        object.__setattr__(made.context, "seconds", seconds)
    return made


def failure(made):
    with pytest.raises(ConnectorError) as caught:
        made.perform()
    return caught.value


def test_a_command_runs_and_its_recording_is_what_comes_back(box):
    assert (command_action("ssh"), command_action("bash")) == ("ssh.run", "ssh.run")
    output = dict(ready(box, "echo hello").perform())
    assert output.pop("seconds") < 20
    assert output.pop("began").endswith("+00:00")
    assert output == {
        "status": 0,
        "signal": "",
        "stdout": "hello\n",
        "stderr": "",
        "truncated": False,
        "host": f"{box.user}@127.0.0.1:{box.port}",
        "command": "echo hello",
    }


def test_what_fills_a_place_is_one_argument_whatever_it_holds(box, tmp_path):
    trap = f"a b; touch {tmp_path}/trap $(touch {tmp_path}/trap) `touch {tmp_path}/trap` '\"|&"
    output = ready(box, f"printf '%s|' {shlex.quote(trap)} 192.0.2.7").perform()
    assert output["stdout"] == f"{trap}|192.0.2.7|"
    assert list(tmp_path.iterdir()) == []
    assert ready(box, "printf %s --user=ada.l").perform()["stdout"] == "--user=ada.l"


def test_a_line_without_places_keeps_the_shell_of_whoever_allowed_it(box):
    assert ready(box, "echo a && echo b | tr b c\n").perform()["stdout"] == "a\nc\n"


def test_an_exit_status_is_a_failure_whose_recording_is_kept(box):
    error = failure(ready(box, "sh -c 'echo out; echo oops >&2; exit 3'"))
    assert (error.done, error.again) == (True, False)
    assert "terminé par 3. oops" in str(error)
    assert (error.output["status"], error.output["stdout"]) == (3, "out\n")
    assert "KILL" in str(failure(ready(box, "kill -9 $$")))


def test_a_command_that_does_not_end_in_time_is_unknown(box):
    error = failure(ready(box, "sleep 30", seconds=0.7))
    assert error.done is None
    assert "on n’a pas vu la commande finir" in str(error)
    assert failure(ready(box, "yes", seconds=0.7)).done is None


def test_a_long_output_is_cut(box, admin):
    set_up(admin, hosts=[box.line], key=box.key, commands=["head -c 300000 /dev/zero"])
    output = ready(box, "head -c 300000 /dev/zero").perform()
    assert (len(output["stdout"]), output["truncated"]) == (65_536, True)


def test_another_host_key_is_never_trusted(box, admin):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    set_up(admin, hosts=[f"{box.user}@127.0.0.1:{box.port} {other}"], key=box.key)
    error = failure(ready(box, "echo hello"))
    assert (error.reason, error.done) == (Reason.CERTIFICATE, False)


def test_another_key_or_password_is_not_let_in(box, admin):
    other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    set_up(admin, hosts=[box.line], key=other)
    assert failure(ready(box, "echo hello")).reason is Reason.LOGIN
    locked = (
        asyncssh.generate_private_key("ssh-ed25519")
        .export_private_key("pkcs8-pem", passphrase="x")
        .decode()
    )
    for unfit in ("-----BEGIN NOTHING-----", locked):
        set_up(admin, hosts=[box.line], key=unfit)
        assert failure(ready(box, "echo hello")).reason is Reason.SETTINGS
    set_up(admin, hosts=[box.line.rpartition(" ")[0] + " AAAA"], key=box.key)
    assert failure(ready(box, "echo hello")).reason is Reason.SETTINGS
    set_up(admin, hosts=[box.line], key=box.key)
    for user in (box.user, "another"):
        told = {"type": "user-auth", "username": user, "password": "hush-hush"}
        error = failure(ready(box, "echo hello", authentication=told))
        assert (error.reason, "hush-hush" in str(error)) == (Reason.LOGIN, False)


def test_a_password_lets_in_where_the_host_takes_it(admin, reached):
    """By a server of asyncssh: OpenSSH would need an account with a password on this machine."""

    class Passwords(asyncssh.SSHServer):
        def begin_auth(self, username):
            return True

        def password_auth_supported(self):
            return True

        def validate_password(self, username, password):
            return (username, password) == ("soc", "right")

    async def serve():
        key = asyncssh.generate_private_key("ssh-ed25519")
        async with asyncssh.listen(
            "127.0.0.1", 0, server_factory=Passwords, server_host_keys=[key], process_factory=greet
        ) as server:
            port = server.get_port()
            line = f"soc@127.0.0.1:{port} {key.export_public_key().decode().strip()}"
            return await asyncio.to_thread(try_it, line, port)

    def greet(process):
        process.stdout.write(f"you asked for {process.command}")
        process.exit(0)

    def try_it(line, port):
        set_up(admin, hosts=[line], key="unused")
        box = type("Box", (), {"port": port})
        told = {"type": "user-auth", "username": "soc", "password": "right"}
        return ready(box, "echo hello", authentication=told).perform()

    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may have a loop in this thread
        output = apart.submit(asyncio.run, serve()).result()
    assert output["stdout"] == "you asked for echo hello"


def test_nobody_listens_and_inner_networks_are_not_reached(box, admin):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    set_up(admin, hosts=[f"soc@127.0.0.1:{port} {box.host_key}"], key=box.key)
    away = type("Box", (), {"port": port})
    error = failure(ready(away, "echo hello"))
    assert (error.done, error.again) == (False, True)
    guard.use(Rules())
    assert "Internet public" in str(failure(ready(away, "echo hello")))


def test_only_hosts_that_were_set_up(box):
    for target in ({}, {"address": {"dname": ["other.example.org"]}}, {"address": {}}):
        assert failure(ready(box, "echo hello", target=target)).reason is Reason.GUARDED


def test_nothing_runs_in_an_exercise_or_a_rehearsal(box, admin):
    assert "exercice" in str(failure(ready(box, "echo hello", exercise=True)))
    target = {"address": {"ipv4": ["127.0.0.1"]}, "port": str(box.port)}
    with atomic(admin.scope):
        given = {"command": "ls /tmp", "target": target}
        shown = service.show(admin, "ssh", action="run", given=given)
        with pytest.raises(InvalidError, match="n’est pas permise"):
            service.show(admin, "ssh", action="run", given=given | {"command": "rm -rf /"})
    assert shown == f"{box.user}@127.0.0.1:{box.port}$ ls /tmp"


def test_trying_it_signs_in_and_runs_nothing(box, admin):
    with atomic(admin.scope):
        tested = service.test_connection(admin, "ssh")
    assert (tested.ok, tested.said) == (True, f"{box.user}@127.0.0.1:{box.port}")


def test_the_class_is_unsafe_but_for_what_may_be_run_twice(box):
    assert ready(box, "date -u").repeat is Repeat.IDEMPOTENT
    assert ready(box, "echo hello").repeat is Repeat.UNSAFE


def allowed(text, lines):
    catalogue()["ssh"].kind()
    return sys.modules["cyberdesk_connector_ssh"].allowed(text, lines)


@pytest.mark.parametrize(
    ("text", "line", "sent"),
    [
        ("ip route", "ip route", "ip route"),
        ("ping -c 1 '192.0.2.7'", "ping -c <number> <ip>", "ping -c 1 192.0.2.7"),
        ("block 2001:db8::/32", "block <network>", "block 2001:db8::/32"),
        ("block x=2001:db8::1/y", "block x=<ip>/<name>", "block x=2001:db8::1/y"),
        ("say 'a $(b)'", "say <text>", "say 'a $(b)'"),
        ("echo $HOME ada", "echo $HOME <name>", "echo '$HOME' ada"),
    ],
)
def test_what_a_line_allows(text, line, sent):
    assert allowed(text, [line]) == sent


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ip route; reboot", "ip route"),
        ("ip  route", "ip route"),
        ("ip", "ip route"),
        ("ping 192.0.2.7; reboot", "ping <ip>"),
        ("ping 192.0.2.7 -f", "ping <ip>"),
        ("ping 999.0.2.7", "ping <ip>"),
        ("block 192.0.2.7/24", "block <network>"),
        ("stop -f", "stop <text>"),
        ("stop --now", "stop <name>"),
        ("stop a b", "stop <name>"),
        ("stop a\nreboot", "stop <text>"),
        ("stop a\x00b", "stop <text>"),
        ("stop 'a", "stop <text>"),
        ("stop ''", "stop <text>"),
        ("cat /etc/../root/x", "cat <path>"),
        ("cat etc", "cat <path>"),
        ("stop <name>", "stop <name>"),
        ("stop a", "start <name>"),
        ("stop a", "stop '<name>"),
        ("", "<text>"),
    ],
)
def test_what_a_line_does_not_allow(text, line):
    assert allowed(text, [line]) is None


@pytest.mark.parametrize(
    "line",
    [
        "fw.example.org ssh-ed25519 AAAA",
        "soc@fw.example.org",
        "soc@fw.example.org:ssh ssh-ed25519 AAAA",
        "soc@fw.example.org ssh-dss AAAA",
        "-oProxyCommand=x@fw ssh-ed25519 AAAA",
        "soc@fw.example.org ssh-ed25519 AAAA ssh-rsa BBBB",
    ],
)
def test_a_host_without_user_or_pinned_key_is_told_beside_its_field(admin, line):
    with pytest.raises(InvalidError) as caught:
        set_up(admin, hosts=[line], key="k")
    assert set(caught.value.fields) == {"hosts.0"}
