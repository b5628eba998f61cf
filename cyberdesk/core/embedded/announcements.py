"""What `cyberdesk init` has to say: one JSON object a line.

`{"message": "The schema is at 0007"}` is shown at once. `{"account": {"who": …, "password": …}}` is
kept for the welcome, a row each, its names as columns; so is `{"first_administrator": "https://…"}`,
the link that opens the house once. Any other line is shown as it is.
"""

import json

from cyberdesk.core.embedded.console import Console


class Announcements:
    def __init__(self, console: Console) -> None:
        self._console = console
        self.accounts: list[dict[str, str]] = []
        self.first_administrator = ""

    def hear(self, line: str) -> None:
        said = _read(line)
        if isinstance(account := said.get("account"), dict):
            self._keep({str(name): str(value) for name, value in account.items()})
        elif isinstance(link := said.get("first_administrator"), str):
            self.first_administrator = link
        else:
            self._console.line("init", str(said.get("message") or line))

    def _keep(self, account: dict[str, str]) -> None:
        if account not in self.accounts:  # it may be begun anew, and says all again
            self.accounts.append(account)

    def first_steps(self) -> list[str]:
        """Lines for whoever opens an empty house, or none once it has an administrator."""
        if not self.first_administrator:
            return []
        return [
            "Nobody has an account yet. The first administrator signs up here, once, within a day:",
            f"  {self._console.strong(self.first_administrator)}",
            "",
        ]

    def accounts_table(self) -> list[str]:
        """Lines with the columns of the first account, or none where there is no account."""
        if not self.accounts:
            return []
        columns = list(self.accounts[0])
        rows = [columns, *([row.get(name, "") for name in columns] for row in self.accounts)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        ]
        return ["Demo accounts", *(f"  {line.rstrip()}" for line in lines), ""]


def _read(line: str) -> dict[str, object]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
