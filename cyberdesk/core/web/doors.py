"""Blueprints whose routes cannot exist without their permission."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Flask

from cyberdesk.core.access.permissions import is_declared

_KEY = "cyberdesk.doors"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route says of itself: the permission it needs and the way it answers."""

    may: str
    strong: bool = False  # needs a sign-in with a second factor even where the role does not
    machine: bool = False  # answers to tokens, without cookies and so without CSRF
    weak: bool = False  # open to staff who have yet to set up their second factor
    largest: int | None = None  # bytes of a request that brings files; others are small
    also: str | None = None  # a second permission: to act on a case, one reads it as well

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.may, self.also) if self.also else (self.may,)


class Door(Blueprint):
    """A room's blueprint: `@door.get("/cases", may="case:list")`."""

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        self.machine = bool(options.pop("machine", False))
        super().__init__(name, import_name, **options)

    def get(self, rule: str, *, may: str, **options: Any) -> Callable[[Any], Any]:  # type: ignore[override]
        return self.open(rule, may=may, methods=["GET"], **options)

    def post(self, rule: str, *, may: str, **options: Any) -> Callable[[Any], Any]:  # type: ignore[override]
        return self.open(rule, may=may, methods=["POST"], **options)

    def both(self, rule: str, *, may: str, **options: Any) -> Callable[[Any], Any]:
        """A form: shown by GET, sent by POST."""
        return self.open(rule, may=may, methods=["GET", "POST"], **options)

    def open(
        self,
        rule: str,
        *,
        may: str,
        strong: bool = False,
        weak: bool = False,
        largest: int | None = None,
        also: str | None = None,
        **options: Any,
    ) -> Callable[[Any], Any]:
        """Declare a route that needs the permission `may`, or PUBLIC, or SIGNED_IN."""

        def decorate(view: Any) -> Any:
            endpoint = options.pop("endpoint", view.__name__)
            declared = Declared(may, strong, self.machine, weak, largest, also)
            self.record(
                lambda state: declare(cast(Flask, state.app), f"{state.name}.{endpoint}", declared)
            )
            self.add_url_rule(rule, endpoint, view, **options)
            return view

        return decorate


def declare(app: Flask, endpoint: str, declared: Declared) -> None:
    app.extensions.setdefault(_KEY, {})[endpoint] = declared


def doors(app: Flask) -> Mapping[str, Declared]:
    """Return every declared route by endpoint."""
    return app.extensions.get(_KEY, {})  # type: ignore[no-any-return]


def refuse_undeclared(app: Flask) -> None:
    """Raise when a route names no permission, or one that no room declares."""
    for rule in app.url_map.iter_rules():
        declared = doors(app).get(rule.endpoint)
        if declared is None:
            raise RuntimeError(
                f"route {rule.rule} ({rule.endpoint}) declares no permission: register it with "
                "Door.get/post/both(…, may=…), or declare() it beside the library that brings it"
            )
        for needed in declared.needs:
            if not is_declared(needed):
                raise RuntimeError(
                    f"route {rule.rule} needs {needed}, which no room's policy.py declares"
                )
