"""A file from elsewhere becomes a text to mend: read leniently, without its secrets."""

import json
from dataclasses import dataclass

from cyberdesk.desk.playbooks.exchange.secrets import Taken, take_out
from cyberdesk.desk.playbooks.language.compiled import STANDARD, Compiled
from cyberdesk.desk.playbooks.language.findings import Finding, Findings, Place
from cyberdesk.desk.playbooks.language.read import compile_playbook


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought in: its text, as it came where it held no secret; what was taken out."""

    source: str
    compiled: Compiled
    taken: tuple[Taken, ...]

    @property
    def told(self) -> list[Finding]:
        """Return a finding for each secret taken out."""
        findings = Findings()
        for one in self.taken:
            place = Place(path=one.where)
            key = one.where.partition(".")[2]
            findings.add("secret-taken-out", place, key=key, reference=one.reference)
        return list(findings)


def bring_in(content: str | bytes) -> Brought:
    """Return a playbook of elsewhere as a draft's text. Raises PlaybookError."""
    compiled = compile_playbook(content)
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    if compiled.notation != STANDARD:
        return Brought(text, compiled, ())
    clean, taken = take_out(compiled.cacao)
    if taken:
        text = json.dumps(clean, ensure_ascii=False, indent=2) + "\n"
        compiled = compile_playbook(text)
    return Brought(text, compiled, tuple(taken))
