"""Which connectors are installed: those shipped, those of a folder, those of other packages."""

import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from cyberdesk.core.command import command_input
from cyberdesk.core.connector import ActionManifest, Connector, Listens, Manifest, Repeat
from cyberdesk.desk.connectors.schemas import check_schema

_GROUP = "cyberdesk.connectors"  # an entry point names a folder-like package
_own: Path | None = None


class ManifestError(ValueError):
    """A manifest is wrong; the message names the file and says what to mend."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A connector found in `folder`. Its code is imported when it first acts."""

    manifest: Manifest
    folder: Path

    def kind(self) -> type[Connector]:
        module = _module(self.manifest.name, self.folder)
        found = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Connector) and value is not Connector
        ]
        if len(found) != 1:
            raise ManifestError(f"{self.folder}/connector.py must hold one subclass of Connector")
        return found[0]

    def varies(self, action: str) -> bool:
        """Say whether the connector tells the class of `action` for each input (`repeat_…`)."""
        held = vars(self.kind()).values()
        return any(getattr(one, "action_name", "") == f"repeat_{action}" for one in held)


@cache
def catalogue() -> Mapping[str, Installed]:
    """Return every installed connector by name.

    A name given twice is refused, and a type of command that two actions carry out.
    """
    found: dict[str, Installed] = {}
    for folder in _folders():
        manifest = read_manifest(folder / "manifest.yaml")
        if manifest.name in found:
            raise ManifestError(
                f"{folder} and {found[manifest.name].folder} both call themselves {manifest.name}"
            )
        found[manifest.name] = Installed(manifest, folder)
    offers = [kind for kind, _action in _commands(found)]
    if twice := {kind for kind in offers if offers.count(kind) > 1}:
        by = [action for kind, action in _commands(found) if kind in twice]
        raise ManifestError(f"{' and '.join(by)} both carry out {', '.join(sorted(twice))}")
    return found


def command_action(kind: str) -> str | None:
    """Return the action that carries out CACAO commands of this type, or None: "ssh.run"."""
    return dict(_commands(catalogue())).get(kind)


def _commands(found: Mapping[str, Installed]) -> list[tuple[str, str]]:
    return [
        (kind, f"{name}.{action.name}")
        for name, installed in found.items()
        for action in installed.manifest.actions.values()
        for kind in sorted(action.commands)
    ]


def look_in(folder: Path | None) -> None:
    """Take in the connectors of `folder`, each in a folder of its own, besides all others."""
    global _own  # noqa: PLW0603  # one folder per process, from the settings
    if folder != _own:
        _own = folder
        catalogue.cache_clear()


def shipped() -> Path:
    """Return the folder of the connectors that come with the house."""
    package = Path(str(files("cyberdesk")))
    inside = package / "_shipped" / "integrations"
    return inside if inside.is_dir() else package.parent / "integrations"


def _folders() -> Iterator[Path]:
    for manifest in sorted(shipped().glob("*/manifest.yaml")):
        yield manifest.parent
    if _own is not None:
        for manifest in sorted(_own.glob("*/manifest.yaml")):
            yield manifest.parent
    for entry in sorted(entry_points(group=_GROUP), key=lambda entry: entry.name):
        module = entry.load()
        yield Path(str(module.__file__)).parent


def read_manifest(path: Path) -> Manifest:
    """Read and check a manifest. Raises ManifestError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _manifest(data)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ManifestError(f"{path}: {error}") from error


def _manifest(data: dict[str, Any]) -> Manifest:
    unknown = set(data) - Manifest.KEYS
    if unknown:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    settings = _schema(data["settings"])
    secrets = frozenset(data.get("secrets", ()))
    if missing := secrets - set(settings["properties"]):
        raise ValueError(f"secrets that are no settings: {', '.join(sorted(missing))}")
    return Manifest(
        name=data["name"],
        version=str(data["version"]),
        title=data["title"],
        summary=data["summary"],
        settings=settings,
        secrets=secrets,
        actions={name: _action(name, told) for name, told in data["actions"].items()},
        listens=_listens(data.get("listens")),
    )


def _listens(told: Any) -> Listens | None:
    if told is None:
        return None
    every, brings = told["every"], told["brings"]
    if not isinstance(every, int) or every < 1 or not isinstance(brings, str):
        raise ValueError("listens: give every, in seconds, and the media type that it brings")
    return Listens(every, brings)


def _action(name: str, told: dict[str, Any]) -> ActionManifest:
    if unknown := set(told) - ActionManifest.KEYS:
        raise ValueError(f"{name}: unknown keys: {', '.join(sorted(unknown))}")
    commands = _types(name, told.get("commands", []))
    if bool(commands) == ("input" in told):
        raise ValueError(f"{name}: give input, or commands, whose input is always the same")
    return ActionManifest(
        name=name,
        title=told["title"],
        repeat=Repeat(told["repeat"]),
        input=_schema(command_input(told.get("examples", {})) if commands else told["input"]),
        output=_schema(told.get("output", {"properties": {}})),
        commands=commands,
    )


def _types(name: str, told: Any) -> frozenset[str]:
    if not isinstance(told, list) or not all(isinstance(one, str) and one for one in told):
        raise ValueError(f"{name}: commands is a list of types, such as [http-api]")
    return frozenset(told)


def _schema(told: dict[str, Any]) -> dict[str, Any]:
    """Return a closed JSON Schema (2020-12): an unknown property is refused."""
    schema = {"type": "object", "additionalProperties": False, "properties": {}} | told
    check_schema(schema)
    return schema


def _module(connector: str, folder: Path) -> ModuleType:
    name = f"cyberdesk_connector_{connector}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, folder / "connector.py")
    assert spec, folder
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[name] = module
    return module
