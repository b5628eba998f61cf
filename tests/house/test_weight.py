"""What a process loads before it begins: each of them pays for it, in time and in memory."""

import subprocess
import sys

WEB = {"flask", "flask_security", "jinja2", "spectree", "webauthn", "werkzeug", "wtforms"}


def loaded_by(code: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


def test_to_know_all_rooms_and_tables_nobody_loads_what_pages_are_made_of():
    loaded = loaded_by("from cyberdesk.rooms import rooms; rooms()")
    assert "cyberdesk.core.web.models" in loaded
    assert loaded & WEB == set()


def test_what_the_sweeper_does_every_hour_needs_none_of_it_either():
    loaded = loaded_by("import cyberdesk.core.web.stored_answers")
    assert loaded & WEB == set()
