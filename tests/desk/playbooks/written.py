"""Playbooks for the tests, written as authors write them."""

import re
from pathlib import Path
from textwrap import dedent, indent

from cyberdesk.desk.playbooks.language.compiled import Compiled
from cyberdesk.desk.playbooks.language.read import compile_playbook

ROOT = Path(__file__).resolve().parents[3]

HEAD = """\
playbook: {name}
title: {{fr: Essai, en: Trial}}
summary: {{fr: Essai, en: Trial}}
purpose: [mitigation]
created: 2026-11-22
modified: 2026-11-22
markings: TLP:CLEAR
retention: 1y
sources: [{{title: essai, verified_on: 2026-11-22}}]
"""
EXCEPTION = """\
exception:
  take_over: {task: {fr: Reprendre, en: Take over}, who: lead}
"""


def playbook(steps: str, *, name: str = "trial", more: str = "", exception: bool = True) -> str:
    """Return a whole playbook around `steps`; `more` are further keys of the head."""
    body = "steps:\n" + indent(dedent(steps), "  ")
    return HEAD.format(name=name) + dedent(more) + body + "\n" + (EXCEPTION if exception else "")


def compiled(steps: str, **more: str) -> Compiled:
    return compile_playbook(playbook(steps, **more))


def documented() -> str:
    """Return the worked example of the language's page."""
    page = (ROOT / "docs/developers/playbook-language.md").read_text()
    found = re.search(r"```yaml\n(playbook: .*?)```", page, re.DOTALL)
    assert found, "the page lost its example"
    return found.group(1)


def line_of(text: str, part: str) -> int:
    """Return the line, from 1, on which `part` first stands."""
    return text[: text.index(part)].count("\n") + 1
