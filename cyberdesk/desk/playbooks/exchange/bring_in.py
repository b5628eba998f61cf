"""A file from elsewhere becomes a text to mend: read leniently, without its secrets."""

import json
from dataclasses import dataclass

from cyberdesk.desk.playbooks.exchange.secrets import Taken, take_out
from cyberdesk.desk.playbooks.language.findings import Finding, Findings, Place, PlaybookError
from cyberdesk.desk.playbooks.language.nodes import Fields, decoded
from cyberdesk.desk.playbooks.language.read import compile_playbook, read_text
from cyberdesk.desk.playbooks.standard import is_cacao


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought in: its text, as it came where it held no secret; what was taken out."""

    source: str
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
    """Return a playbook of elsewhere as a draft's text.

    Raises PlaybookError when there is nothing in it to mend: no text, no YAML or JSON, no
    playbook, or CACAO of another version.
    """
    findings = Findings()
    text = decoded(content, findings)
    node = read_text(text, findings)
    if not is_cacao(node):
        if not (isinstance(node, Fields) and _OURS & node.fields.keys()):
            findings.add("not-a-playbook", node.place)
            raise PlaybookError(findings)
        return Brought(text, ())
    compiled = compile_playbook(text)
    clean, taken = take_out(compiled.cacao)
    if taken:
        text = json.dumps(clean, ensure_ascii=False, indent=2) + "\n"
    return Brought(text, tuple(taken))


_OURS = {"playbook", "steps"}  # either says that it is meant to be one in our notation
