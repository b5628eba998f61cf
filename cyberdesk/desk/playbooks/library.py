"""Compiles files that call each other, each pinned to the others by content hash."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cyberdesk.desk.playbooks.gate import gate
from cyberdesk.desk.playbooks.language.cacao import playbook_id
from cyberdesk.desk.playbooks.language.compiled import Compiled, Pin, Resolve, nothing_pinned
from cyberdesk.desk.playbooks.language.findings import Finding, Findings, Place, PlaybookError
from cyberdesk.desk.playbooks.language.nodes import Fields, Scalar
from cyberdesk.desk.playbooks.language.read import compile_playbook, read_text


@dataclass(frozen=True, slots=True)
class Checked:
    """A file after compiling and the gate; `compiled` is None when it has errors.

    `draft` is what could be read all the same, to be mended.
    """

    path: str
    compiled: Compiled | None
    findings: tuple[Finding, ...]
    draft: Compiled | None = None

    @property
    def good(self) -> bool:
        return self.compiled is not None


def read_folder(folder: Path, *, actions: Collection[str] | None = None) -> list[Checked]:
    """Compile and gate every `*.yaml` below `folder`, in the order of their paths."""
    paths = sorted(folder.rglob("*.yaml"))
    return check_files(paths, actions=actions)


def check_files(paths: Iterable[Path], *, actions: Collection[str] | None = None) -> list[Checked]:
    return check_sources({str(path): path.read_bytes() for path in paths}, actions=actions)


def check_sources(
    sources: Mapping[str, str | bytes],
    *,
    actions: Collection[str] | None = None,
    resolve: Resolve = nothing_pinned,
) -> list[Checked]:
    """Compile and gate `sources` (text by path) together, so that they may call each other.

    What none of them is called is asked of `resolve`.
    """
    return _Library(sources, actions, resolve).all()


class _Library:
    def __init__(
        self,
        sources: Mapping[str, str | bytes],
        actions: Collection[str] | None,
        resolve: Resolve,
    ) -> None:
        self.sources, self.actions, self.resolve = sources, actions, resolve
        self.paths = {name: path for path, source in sources.items() for name in _names(source)}
        self.done: dict[str, Checked] = {}
        self.under_way: list[str] = []

    def all(self) -> list[Checked]:
        return [self._checked(path) for path in self.sources]

    def _checked(self, path: str) -> Checked:
        if path not in self.done:
            self.under_way.append(path)
            self.done[path] = self._compile(path)
            self.under_way.pop()
        return self.done[path]

    def _compile(self, path: str) -> Checked:
        try:
            compiled = compile_playbook(self.sources[path], self._pin)
        except PlaybookError as error:
            return Checked(path, None, tuple(error.findings))
        gated = gate(compiled, actions=self.actions)
        findings = (*compiled.findings, *gated)
        good = not (compiled.findings.errors or gated.errors)
        return Checked(path, compiled if good else None, findings, compiled)

    def _pin(self, name: str, modified: str | None = None) -> Pin | None:
        path = self.paths.get(name)
        if path is None:
            return self.resolve(name, modified)
        if path in self.under_way:
            raise _loop([*self.under_way[self.under_way.index(path) :], path])
        compiled = self._checked(path).compiled
        return Pin(compiled.hash, compiled.cacao["modified"]) if compiled else None


def _loop(paths: list[str]) -> PlaybookError:
    findings = Findings()
    findings.add("playbook-loop", Place(), names=" → ".join(Path(path).stem for path in paths))
    return PlaybookError(findings)


def _names(source: str | bytes) -> Iterator[str]:
    """Yield what others may call this playbook: our name, and CACAO's id."""
    try:
        node = read_text(source, Findings())
    except PlaybookError:
        return
    fields = node.fields if isinstance(node, Fields) else {}
    name, identifier = fields.get("playbook"), fields.get("id")
    if isinstance(name, Scalar):
        yield name.text
        yield playbook_id(name.text)
    elif isinstance(identifier, Scalar):
        yield identifier.text
