"""`python -m cyberdesk.desk.playbooks.lint FILE…`: findings by line, 1 when there are errors."""

import sys
from collections.abc import Iterable
from pathlib import Path

from cyberdesk.desk.playbooks.library import Checked, check_files


def lint(paths: Iterable[str], language: str = "fr") -> tuple[list[str], bool]:
    """Return the lines to show and whether every file may be published."""
    checked = check_files(map(Path, paths))
    return [line for one in checked for line in _lines(one, language)], all(c.good for c in checked)


def _lines(checked: Checked, language: str) -> list[str]:
    lines = [finding.line(checked.path, language) for finding in checked.findings]
    if checked.compiled:
        lines.append(f"{checked.path}: {checked.compiled.hash}")
    return lines


def main(arguments: list[str]) -> int:
    english = "--en" in arguments
    lines, good = lint([a for a in arguments if a != "--en"], "en" if english else "fr")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
