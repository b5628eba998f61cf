"""What a connector is: settings it asks for, actions it can do, and how far each may be repeated.

Connectors import these names from `cyberdesk.sdk` and nothing else of the house.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid5

from cyberdesk.core.egress import Egress
from cyberdesk.core.text import bilingual

Input = Mapping[str, Any]
_KEYS = UUID("5b1c1d52-6f0e-4a5c-9a57-6f2f0f3a3a11")  # where keys of effects become UUIDs
Act = TypeVar("Act", bound=Callable[..., Any])


class Repeat(StrEnum):
    """What happens when it is not known whether an action was done."""

    IDEMPOTENT = "idempotent"  # sent again with its key: the receiver folds the second
    CHECKABLE = "checkable"  # `check_<action>` is asked first
    UNSAFE = "unsafe"  # never repeated by itself: a person says done or not done


class Reason(StrEnum):
    """What stood in the way, for words that a person understands."""

    NAME = "name"  # the host's name leads nowhere
    REFUSED = "refused"  # nobody listens at that port
    SILENT = "silent"  # no answer in time
    BROKEN = "broken"  # the network or the other side broke off
    CERTIFICATE = "certificate"  # not trusted, expired, or of another name
    TLS = "tls"  # no encryption could be agreed upon
    LOGIN = "login"  # user name, password or secret refused
    GUARDED = "guarded"  # our own rules let nothing out there
    ANSWER = "answer"  # it answers, but no
    UNSET = "unset"  # nobody has installed it, or set it up
    SETTINGS = "settings"  # what was set up does not fit
    OTHER = "other"


def both(en: str, fr: str) -> Mapping[str, str]:
    """Return a sentence in both languages: the reader's is chosen when it is shown."""
    return {"fr": fr, "en": en}


class ConnectorError(RuntimeError):
    """The action failed. `done` says what is known: False, nothing happened; None, nobody knows;
    True, it was done and did not succeed.

    `again` is whether trying later can help; `hint` says what a person should look at; `reason`
    is worked out from the error it was raised from when it is left out. `message` and `hint` are
    a text, or the same in `both` languages. `output` is what it gave all the same: it is kept.
    """

    def __init__(
        self,
        message: str | Mapping[str, str],
        *,
        hint: str | Mapping[str, str] = "",
        done: bool | None = False,
        again: bool = True,
        reason: Reason | None = None,
        output: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self._hint = message, hint
        self.done, self.again, self.reason, self.output = done, again, reason, output

    def __str__(self) -> str:
        return bilingual(self.message)

    @property
    def hint(self) -> str:
        return bilingual(self._hint)

    @property
    def told(self) -> str:
        """The message and its hint, for a person."""
        return f"{self}. {self.hint}" if self.hint else str(self)


@dataclass(frozen=True, slots=True)
class Context:
    """What a connector works with. `key` is the same for each attempt at the same effect."""

    settings: Mapping[str, Any]
    secrets: Mapping[str, str]
    egress: Egress
    key: str = ""
    exercise: bool = False
    seconds: float = 20.0

    @property
    def number(self) -> UUID:
        """The key as a UUID: for other sides that take nothing longer."""
        return uuid5(_KEYS, self.key)


@dataclass(frozen=True, slots=True)
class Tested:
    """The result of `test_connection`: what was reached, in words.

    When it is not `ok`, `reason` chooses the words in which a person is told.
    """

    ok: bool
    said: str
    hint: str = ""
    reason: Reason = Reason.ANSWER


@dataclass(frozen=True, slots=True)
class Item:
    """Something that came in. `number` is its own on the other side, `position` where to go on
    once it was kept; without being `whole`, `content` is its beginning.
    """

    number: str
    content: bytes
    position: Mapping[str, Any]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found, and the position to go on from when all of it was kept."""

    items: Sequence[Item]
    position: Mapping[str, Any]


class Connector:
    """The base of a connector: one instance for one action."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def test_connection(self) -> Tested:
        """Reach the other side without any effect on it."""
        raise NotImplementedError

    def look(self, position: Mapping[str, Any], kept: Sequence[str]) -> Looked:
        """Return what came since `position`, `{}` at first, for a manifest that `listens`.

        `kept` are the numbers of what the house has kept since the last look: only now may the
        other side be told so. The same call may come twice.
        """
        raise NotImplementedError

    def acts(self) -> Mapping[str, Callable[[Input], Mapping[str, Any]]]:
        """Return the methods marked with `@action`, by name."""
        return {
            method.action_name: getattr(self, name)
            for name, method in vars(type(self)).items()
            if hasattr(method, "action_name")
        }


def action(name: str) -> Callable[[Act], Act]:
    """Mark a method `(input) -> output` as the action `name` of the manifest."""

    def mark(method: Act) -> Act:
        method.action_name = name  # type: ignore[attr-defined]
        return method

    return mark


@dataclass(frozen=True, slots=True)
class ActionManifest:
    """An action as its manifest tells it; `input` and `output` are JSON Schemas of objects.

    `commands` are the types of CACAO commands that it carries out.
    """

    KEYS: ClassVar[frozenset[str]] = frozenset(
        {"title", "repeat", "input", "output", "commands", "examples"}
    )

    name: str
    title: Mapping[str, str]
    repeat: Repeat
    input: Mapping[str, Any]
    output: Mapping[str, Any]
    commands: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listens:
    """How often a source is looked at, in seconds, and the media type of what it brings."""

    every: int
    brings: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A connector as its `manifest.yaml` tells it."""

    KEYS: ClassVar[frozenset[str]] = frozenset(
        {"name", "version", "title", "summary", "settings", "secrets", "actions", "listens"}
    )

    name: str
    version: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    settings: Mapping[str, Any]
    secrets: frozenset[str]
    actions: Mapping[str, ActionManifest] = field(default_factory=dict)
    listens: Listens | None = None
