"""The journal as a file that is verified anywhere, without a database.

One JSON object a line: first the checkpoints, then the entries in order. Bytes are base64; the
`header` is the leaf's own text; what was withheld is simply not there.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from cyberdesk.core.audit.leaf import commitment, commits_to
from cyberdesk.core.audit.verify import Stored, TamperedError, UncheckedError, Verdict, verify
from cyberdesk.core.crypto.signing import Verifier

FORMAT = "cyberdesk-journal/1"
Shown = tuple[bytes, str, bytes]  # salt, actor's name, payload as stored


def write_export(
    out: TextIO, *, size: int, notes: Sequence[str], entries: Iterable[Mapping[str, Any]]
) -> None:
    out.write(as_line({"format": FORMAT, "size": size, "checkpoints": list(notes)}))
    out.writelines(as_line(entry) for entry in entries)


def entry_as_json(seq: int, header: bytes, shown: Shown | None) -> dict[str, Any]:
    content: dict[str, Any] = {"seq": seq, "header": header.decode()}
    if shown:
        salt, name, payload = shown
        content |= {"salt": encode(salt), "name": name, "stored": encode(payload)}
    return content


def entry_from_json(content: Mapping[str, Any]) -> Stored:
    """Return the entry, with its fault if what is shown of it is not what its header commits to."""
    entry = Stored(int(content["seq"]), content["header"].encode())
    if "stored" in content:
        digest = commitment(decode(content["salt"]), content["name"], decode(content["stored"]))
        if not commits_to(entry.header, "payload", digest):
            entry.fault = "its payload or its actor's name was changed"
    return entry


def check_export(
    lines: Iterator[str], keys: Sequence[Verifier], witnessed: Sequence[str] = ()
) -> Verdict:
    """Verify an export by its lines. Raises TamperedError or UncheckedError."""
    opening = parse(next(lines, ""), "line 1")
    if opening.get("format") != FORMAT:
        raise UncheckedError(f"not an export of a journal ({FORMAT})")
    notes = [str(note) for note in opening.get("checkpoints", ())]
    verdict = verify(_entries(lines), [*notes, *witnessed], keys)
    if verdict.size != opening.get("size"):
        raise TamperedError(verdict.size, f"the export was of {opening.get('size')} entries")
    return verdict


def _entries(lines: Iterable[str]) -> Iterator[Stored]:
    for number, text in enumerate(lines, 2):
        content = parse(text, f"line {number}")
        try:
            yield entry_from_json(content)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UncheckedError(f"line {number} is not an entry: {error!r}") from None


def parse(text: str, where: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise UncheckedError(f"{where} is not a JSON object: the file is damaged or another's")
    return content


def as_line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
