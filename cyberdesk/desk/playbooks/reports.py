"""What is wrong with some files, for a terminal, for programs, and for whoever reads SARIF."""

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Any

from cyberdesk.core.text import language
from cyberdesk.desk.playbooks.language.findings import Finding
from cyberdesk.desk.playbooks.library import Checked

_SARIF = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_text(checked: Iterable[Checked]) -> str:
    """Return a line for each finding, and the content hash of each file that may be published."""
    return "".join(f"{line}\n" for one in checked for line in _lines(one))


def as_json(checked: Sequence[Checked]) -> str:
    files = [
        {
            "path": one.path,
            "hash": one.compiled.hash if one.compiled else None,
            "findings": [_told(finding) for finding in one.findings],
        }
        for one in checked
    ]
    return _written({"files": files})


def as_sarif(checked: Sequence[Checked]) -> str:
    """Return a SARIF 2.1.0 log, which code hosts show beside the lines."""
    codes = sorted({finding.code for one in checked for finding in one.findings})
    results = [_result(one.path, finding) for one in checked for finding in one.findings]
    driver = {
        "name": "cyberdesk playbook lint",
        "version": version("cyberdesk"),
        "rules": [{"id": code} for code in codes],
    }
    runs = [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}]
    return _written({"version": "2.1.0", "$schema": _SARIF, "runs": runs})


def _lines(one: Checked) -> Iterator[str]:
    for finding in one.findings:
        yield finding.line(one.path, language())
    if one.compiled:
        yield f"{one.path}: {one.compiled.hash}"


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "line": finding.place.line,
        "column": finding.place.column,
        "path": finding.place.path,
        "what": finding.what(language()),
        "mend": finding.mend(language()),
    }


def _result(path: str, finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": path}}
    if finding.place.line:  # SARIF counts from 1; what is about the whole file has no line
        place["region"] = {
            "startLine": finding.place.line,
            "startColumn": max(finding.place.column, 1),
        }
    return {
        "ruleId": finding.code,
        "level": str(finding.severity),
        "message": {"text": f"{finding.what(language())} {finding.mend(language())}"},
        "locations": [{"physicalLocation": place}],
    }


def _written(report: dict[str, Any]) -> str:
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"
