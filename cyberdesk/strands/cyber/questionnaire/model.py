"""The tree of questions, as read from a data file, and the hash that pins it."""

import hashlib
import json
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cyberdesk.strands.cyber.content import Entry, Name, Text, read
from cyberdesk.strands.cyber.questionnaire.moments import SAYINGS
from cyberdesk.strands.cyber.questionnaire.rules import UNKNOWN, When
from cyberdesk.strands.cyber.services import load_services

Kind = Literal["single", "multi", "text", "phone", "email", "moment"]
CHOICES: tuple[Kind, ...] = ("single", "multi")


class Option(Entry):
    """One answer to tick. An exclusive one (« Aucun », « Je ne sais pas ») stands alone."""

    name: Name
    label: Text
    help: Text | None = None
    advice: tuple[Name, ...] = ()
    exclusive: bool = False


class Question(Entry):
    """One question. `options` of a choice end with « je ne sais pas »; `max_length` caps words."""

    name: Name
    kind: Kind
    label: Text
    help: Text | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    unknown: Option | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] = 40
    multiline: bool = False

    @property
    def choices(self) -> dict[str, Option]:
        return {option.name: option for option in self.options}

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the form fields that this question may send."""
        if self.kind == "moment":
            return (self.name, f"{self.name}__date", f"{self.name}__time")
        if self.kind not in CHOICES and self.unknown:
            return (self.name, f"{self.name}__{UNKNOWN}")
        return (self.name,)


class Screen(Entry):
    """What is asked at once."""

    name: Name
    chapter: Name
    title: Text
    intro: Text | None = None
    when: When | None = None
    questions: tuple[Question, ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(field for question in self.questions for field in question.fields)


class Chapter(Entry):
    name: Name
    label: Text


class Questionnaire(Entry):
    """The whole tree. `document` is its source, whole, and `version` the SHA-256 of that source."""

    version: str
    document: str
    sayings: dict[Name, Text]
    chapters: tuple[Chapter, ...]
    screens: tuple[Screen, ...]

    @property
    def questions(self) -> dict[str, Question]:
        return {question.name: question for screen in self.screens for question in screen.questions}

    def screen(self, name: str) -> Screen:
        """Raise KeyError when there is no such screen."""
        return {screen.name: screen for screen in self.screens}[name]

    @model_validator(mode="after")
    def _hangs_together(self) -> "Questionnaire":
        if set(self.sayings) != set(SAYINGS):
            raise ValueError(f"sayings must be {SAYINGS}")
        asked: dict[str, Question] = {}
        for screen in self.screens:
            if screen.chapter not in {chapter.name for chapter in self.chapters}:
                raise ValueError(f"{screen.name}: no chapter {screen.chapter!r}")
            for name, option in screen.when.mentions() if screen.when else ():
                if name not in asked or option not in asked[name].choices:
                    raise ValueError(f"{screen.name}: {name}={option} is not asked before it")
            for question in screen.questions:
                if question.name in asked:
                    raise ValueError(f"{question.name} is asked twice")
                asked[question.name] = question
        return self


@cache
def load_questionnaire() -> Questionnaire:
    """Return the questionnaire of this release, services and gestures resolved."""
    raw = read("questionnaire.yaml")
    services = [{"name": s.name, "label": s.label.model_dump()} for s in load_services().values()]
    return build(_flatten(raw, services))


def build(tree: dict[str, Any]) -> Questionnaire:
    """Build from the flattened tree; a declaration's pinned `document` is rebuilt by `restore`."""
    document = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    version = hashlib.sha256(document.encode()).hexdigest()
    return Questionnaire.model_validate({**tree, "version": version, "document": document})


def restore(document: str) -> Questionnaire:
    """Return the questionnaire whose `document` was kept with a declaration."""
    return build(json.loads(document))


def _flatten(raw: dict[str, Any], services: list[dict[str, Any]]) -> dict[str, Any]:
    """Name each entry by its key and give every choice its services and its « je ne sais pas »."""
    default = {"label": raw["unknown"]}
    screens = []
    for name, screen in raw["screens"].items():
        questions = [
            _question({"name": key, **question}, services, default)
            for key, question in screen["questions"].items()
        ]
        screens.append({**screen, "name": name, "questions": questions})
    chapters = [{"name": name, "label": label} for name, label in raw["chapters"].items()]
    return {"sayings": raw["sayings"], "chapters": chapters, "screens": screens}


def _question(
    raw: dict[str, Any], services: list[dict[str, Any]], default: dict[str, Any]
) -> dict[str, Any]:
    unknown = raw.get("unknown")
    question = {key: value for key, value in raw.items() if key != "options_from"}
    if question["kind"] not in CHOICES:
        return {**question, "unknown": unknown and {"name": UNKNOWN, **unknown}}
    options = services if raw.get("options_from") == "services" else []
    options = options + [{"name": name, **option} for name, option in raw["options"].items()]
    last = {"name": UNKNOWN, "exclusive": True, **default, **(unknown or {})}
    return {**question, "unknown": last, "options": [*options, last]}
