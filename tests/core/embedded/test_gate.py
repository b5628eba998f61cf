"""A gate holds back who came early and lets pass who comes late."""

import subprocess
import sys

from cyberdesk.core.embedded.gate import Gate

_CODE = (
    "import sys; from cyberdesk.core.embedded.gate import wait_at; "
    "print('here', flush=True); wait_at(int(sys.argv[1])); print('through', flush=True)"
)


def waiting(gate: Gate) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _CODE, str(gate.handle)]
    return subprocess.Popen(command, pass_fds=[gate.handle], stdout=subprocess.PIPE, text=True)


def test_who_came_early_goes_on_once_it_is_open_and_who_comes_late_at_once():
    with Gate() as gate:
        early = waiting(gate)
        assert early.stdout.readline() == "here\n"
        assert early.poll() is None
        gate.open()
        assert early.communicate(timeout=20)[0] == "through\n"
        assert waiting(gate).communicate(timeout=20)[0] == "here\nthrough\n"


def test_who_waits_does_not_wait_for_one_who_is_gone():
    with Gate() as gate:
        left = waiting(gate)
    assert left.communicate(timeout=20)[0] == "here\nthrough\n"
