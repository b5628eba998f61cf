"""Writes a CACAO playbook as a text that reads back equal: JSON, or YAML for people to mend."""

import json
import re
from typing import Any

import yaml

from cyberdesk.desk.playbooks.canonical import canonical
from cyberdesk.desk.playbooks.language.findings import Findings, Place, PlaybookError
from cyberdesk.desk.playbooks.language.nodes import HIDDEN, Scalar, plain
from cyberdesk.desk.playbooks.language.read import read_text

_WIDTH = 100
_LONGEST_NUMBER = 20  # signs that are still read as one, without an exponent
_BREAKS = re.compile("[\r\x85\u2028\u2029]")  # end a line in one version of YAML, not in the other


class UnfaithfulError(ValueError):
    """What would be written does not read back as it was: nothing was written."""


def as_json(cacao: dict[str, Any]) -> str:
    return _faithful(json.dumps(cacao, ensure_ascii=False, indent=2) + "\n", cacao)


def as_yaml(cacao: dict[str, Any]) -> str:
    """Raises UnfaithfulError for what cannot be said in YAML as this house reads it."""
    text = yaml.dump(
        cacao, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH, indent=2
    )
    # A sign that hides stands only in double quotes here, where it can be named instead.
    return _faithful(HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text), cacao)


def _faithful(text: str, cacao: dict[str, Any]) -> str:
    findings = Findings()
    try:
        same = canonical(plain(read_text(text, findings))) == canonical(cacao)
    except (PlaybookError, ValueError) as error:
        raise UnfaithfulError(str(error)) from error
    if not same or findings.errors:
        raise UnfaithfulError("; ".join(one.what("en") for one in findings.errors))
    return text


class _Dumper(yaml.SafeDumper):
    """Quotes whatever one of the two YAML versions would read as something else than text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # what comes twice is written twice
        return True


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if HIDDEN.search(text) or _BREAKS.search(text) or Scalar(Place(), text).value != text:
        style = '"'
    else:
        style = "|" if "\n" in text else ""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style or None)


_Dumper.add_representer(str, _string)


def _double(dumper: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    short = repr(number)
    text = short if len(short) < _LONGEST_NUMBER and "e" not in short else f"{number:.16e}"
    return dumper.represent_scalar("tag:yaml.org,2002:float", text)


_Dumper.add_representer(float, _double)
