import io

from cyberdesk.core.embedded.announcements import Announcements
from cyberdesk.core.embedded.console import Console


def test_messages_at_once_accounts_at_the_end_and_the_rest_as_it_is() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    announcements = Announcements(Console(out))
    for line in (
        '{"message": "The schema is at 0007"}',
        '{"account": {"who": "Responder", "sign in as": "rt@demo.example", "password": "one"}}',
        '{"account": {"who": "Mayor", "sign in as": "maire@demo.example"}}',
        "Traceback (most recent call last):",
        '["a", "list"]',
    ):
        announcements.hear(line)
    assert out.buffer.getvalue().decode().splitlines() == [
        "init       │ The schema is at 0007",
        "init       │ Traceback (most recent call last):",
        'init       │ ["a", "list"]',
    ]
    assert announcements.accounts_table() == [
        "Demo accounts",
        "  who        sign in as          password",
        "  Responder  rt@demo.example     one",
        "  Mayor      maire@demo.example",
        "",
    ]


def test_the_link_of_the_first_administrator_stands_in_the_welcome() -> None:
    announcements = Announcements(Console(io.StringIO()))
    assert announcements.first_steps() == []
    announcements.hear('{"first_administrator": "http://127.0.0.1:8000/invitation/x"}')
    assert "  http://127.0.0.1:8000/invitation/x" in announcements.first_steps()


def test_a_terminal_that_is_gone_stops_nothing() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console = Console(out)
    console.say("été")
    out.close()
    console.say("nobody reads this")
