"""The frame around every page: who reads, in which language and light, where they may go."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from cyberdesk.core import text
from cyberdesk.core.access import PUBLIC, Actor
from cyberdesk.core.access.actor import ActorKind
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.room import Link
from cyberdesk.core.text import _
from cyberdesk.core.web import cookies
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor

THEMES = ("auto", "light", "dark")
_NAMES = {"fr": "Français", "en": "English"}
_KEY = "cyberdesk.ways"

door = Door("frame", __name__)


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    href: str
    icon: str = "circle"
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    items: Sequence[NavItem]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """What the layouts draw around a page. An empty value leaves its part of the frame out."""

    theme: str = "auto"
    home: str = "/"
    product: str = "CyberDesk"
    navigation: Callable[[], Sequence[NavGroup]] = tuple  # asked by pages that show it: it counts
    languages: Sequence[Language] = ()
    person: str | None = None
    person_href: str | None = None
    sign_out_href: str | None = None  # posted to
    theme_href: str | None = None  # posted to, with theme=auto|light|dark and back=path
    path: str = "/"
    call_number: str | None = None
    call_note: str | None = None
    exercise: str | None = None  # the title of the exercise; its presence raises the banner
    demo: bool = False
    clock_rate: float = 1.0  # how fast an exercise's clock runs, for the ticking clocks
    footer: Mapping[str, str] = field(default_factory=dict)  # label → address, public pages


@dataclass(frozen=True, slots=True)
class Ways:
    """The navigation before anyone looks: titled groups of links."""

    groups: Sequence[tuple[str | text.Text | None, Sequence[Link]]] = ()
    demo: bool = False
    call_number: str | None = None


def install(app: Flask, ways: Ways) -> None:
    """Draw the frame around the pages of `app`.

    A page of an exercise sets `g.exercise`; one that has a number to call, `g.call_number`.
    """
    app.register_blueprint(door)
    app.extensions[_KEY] = ways
    install_shell(app, lambda: _shell(ways))


def install_shell(app: Flask, shell: Callable[[], Shell]) -> None:
    app.context_processor(lambda: {"shell": shell()})


def _shell(ways: Ways) -> Shell:
    reader = actor()
    return Shell(
        theme=_theme(),
        navigation=partial(_navigation_once, ways, reader),
        languages=tuple(_languages()),
        person=reader.name or None,
        person_href=_href_of("account.home") if reader.kind is ActorKind.PERSON else None,
        sign_out_href=_href_of("security.logout") if reader.name else None,
        theme_href=_href_of("frame.theme"),
        path=request.full_path.rstrip("?"),
        call_number=g.get("call_number", ways.call_number),
        call_note=g.get("call_note"),
        exercise=g.get("exercise"),
        demo=ways.demo,
        clock_rate=g.get("clock_rate", 1.0),
    )


def first_way(reader: Actor) -> str | None:
    """Return where the work of `reader` begins, or None when their navigation is empty."""
    ways: Ways = current_app.extensions[_KEY]
    open_to = [link for _title, links in ways.groups for link in links if reader.may(link.may)]
    roles = {grant.role for grant in reader.grants}
    beginning = (one for one in open_to if one.begins is None or roles & set(one.begins))
    first = next(beginning, next(iter(open_to), None))
    return url_for(first.endpoint) if first else None


def _theme() -> str:
    chosen = cookies.kept("theme")
    return chosen if chosen in THEMES else "auto"


def _navigation_once(ways: Ways, reader: Actor) -> Sequence[NavGroup]:
    """Draw it once for a page, which shows it twice: badges are counted in the database."""
    held = g.get("navigation")
    if held is None or held[0] != reader:
        g.navigation = held = (reader, _navigation(ways, reader))
    drawn: Sequence[NavGroup] = held[1]
    return drawn


def _navigation(ways: Ways, reader: Actor) -> Sequence[NavGroup]:
    open_to = [
        (title, [one for one in links if reader.may(one.may)]) for title, links in ways.groups
    ]
    here = _here(link for _title, links in open_to for link in links)
    return [
        NavGroup([_item(link, reader, here) for link in links], str(title) if title else None)
        for title, links in open_to
        if links
    ]


def _here(links: Iterable[Link]) -> str | None:
    """Return the entry that leads nearest to this page: `/desk/procedures` is not `/desk`."""
    leading = (
        (len(under), url_for(link.endpoint))
        for link in links
        for under in (url_for(link.endpoint), *link.covers)
        if request.path == under or (under != "/" and request.path.startswith(f"{under}/"))
    )
    return max(leading, default=(0, None))[1]


def _item(link: Link, reader: Actor, here: str | None) -> NavItem:
    href = url_for(link.endpoint)
    count = link.badge(reader) if link.badge else None
    return NavItem(str(link.title), href, link.icon, count, current=href == here)


def _languages() -> Sequence[Language]:
    kept = {name: value for name, value in request.args.items() if name != "lang"}
    return [
        Language(
            code, _NAMES[code], f"?{urlencode({**kept, 'lang': code})}", code == text.language()
        )
        for code in text.LANGUAGES
    ]


def _href_of(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None


@door.post("/theme", may=PUBLIC)
def theme() -> Response:
    """Keep the reader's choice of light in a cookie and go back where they were."""
    refuse_unknown({"theme", "back"})
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        raise InvalidError(_("Choose light, dark or as the device."))
    answer = redirect(_local(request.form.get("back", "/")), code=303)
    cookies.keep(answer, "theme", chosen)
    return answer


def _local(path: str) -> str:
    """Return `path` when it stays on this site, else the start page."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if safe and path.isprintable() else "/"
