"""Compiles files that call each other, each pinned to the others by content hash."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cyberdesk.desk.playbooks.gate import gate
from cyberdesk.desk.playbooks.language.compile import Compiled, Pin, compile_playbook
from cyberdesk.desk.playbooks.language.findings import Finding, Findings, Place, PlaybookError
from cyberdesk.desk.playbooks.language.nodes import Fields, Scalar, read_nodes


@dataclass(frozen=True, slots=True)
class Checked:
    """A file after compiling and the gate; `compiled` is None when it has errors."""

    path: str
    compiled: Compiled | None
    findings: tuple[Finding, ...]

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
    sources: Mapping[str, str | bytes], *, actions: Collection[str] | None = None
) -> list[Checked]:
    """Compile and gate `sources` (text by path) together, so that they may call each other."""
    return _Library(sources, actions).all()


class _Library:
    def __init__(self, sources: Mapping[str, str | bytes], actions: Collection[str] | None) -> None:
        self.sources, self.actions = sources, actions
        self.paths = {name: path for path, source in sources.items() if (name := _name(source))}
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
        gated = gate(compiled.cacao, places=compiled.places, actions=self.actions)
        findings = (*compiled.findings, *gated)
        return Checked(path, None if gated.errors else compiled, findings)

    def _pin(self, name: str) -> Pin | None:
        path = self.paths.get(name)
        if path is None:
            return None
        if path in self.under_way:
            raise _loop([*self.under_way[self.under_way.index(path) :], path])
        compiled = self._checked(path).compiled
        return Pin(compiled.hash, compiled.cacao["modified"]) if compiled else None


def _loop(paths: list[str]) -> PlaybookError:
    findings = Findings()
    findings.add("playbook-loop", Place(), names=" → ".join(Path(path).stem for path in paths))
    return PlaybookError(findings)


def _name(source: str | bytes) -> str | None:
    try:
        node = read_nodes(source, Findings())
    except PlaybookError:
        return None
    name = node.fields.get("playbook") if isinstance(node, Fields) else None
    return name.text if isinstance(name, Scalar) else None
