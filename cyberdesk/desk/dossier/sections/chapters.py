"""The port of the dossier: what is told of a case, in which order, and to whom."""

from collections.abc import Callable
from dataclasses import dataclass

from cyberdesk.core.access import Actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.dossier.parts import Section


@dataclass(frozen=True, slots=True)
class Chapter:
    """`tell(actor, case)` gives what this actor may read of it; `may` is the right to any of it."""

    name: str
    order: int
    may: str
    tell: Callable[[Actor, Case], Section]


_chapters: dict[str, Chapter] = {}


def add(*given: Chapter) -> None:
    """Add chapters; the same name again replaces one."""
    _chapters.update({one.name: one for one in given})


def chapters(actor: Actor, case: Case) -> list[Section]:
    """Return what `actor` may read of `case`, in order; empty chapters are left out."""
    open_ = [one for one in _chapters.values() if actor.may(one.may, case.place())]
    told = [one.tell(actor, case) for one in sorted(open_, key=lambda one: one.order)]
    return [section for section in told if section.parts]
