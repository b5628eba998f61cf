"""No route and no right changes unnoticed."""

from tests.house import lists

REFRESH = "if this is meant, run: .venv/bin/python -m tests.house.lists, and look at the difference"


def changed(kept: str, found: str) -> list[str]:
    before, after = kept.splitlines(), found.splitlines()
    gone = [f"- {line}" for line in before if line not in after]
    return gone + [f"+ {line}" for line in after if line not in before]


def test_every_route_is_listed_with_its_permission(app):
    assert changed(lists.ROUTES.read_text(), lists.routes(app)) == [], REFRESH


def test_the_truth_table_of_permissions_is_as_listed(app):
    assert changed(lists.PERMISSIONS.read_text(), lists.table()) == [], REFRESH


def test_the_administrator_has_no_right_over_cases_and_what_they_hold():
    """Compartment C3 (trust.md): the platform's administrator has none of it."""
    protected = ("case:", "declaration:", "message:", "file:", "observable:", "evidence:")
    rows = [line.split(",") for line in lists.PERMISSIONS.read_text().splitlines()]
    column = rows[0].index("admin")
    theirs = [row[0] for row in rows[1:] if row[column] and row[0].startswith(protected)]
    assert theirs == []
