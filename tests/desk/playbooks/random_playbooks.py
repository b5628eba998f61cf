"""Hypothesis strategies: playbooks of every shape, written in the authoring language."""

from typing import Any

from hypothesis import strategies as st

from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.program import Program, read_program

_TEXT = {"fr": "a", "en": "a"}
_CONDITIONS = ["n > 2", "ok", "n is known", "n > 1 or ok == false", "v == 'mail'"]
_DURATIONS = ["1m", "30m", "2h"]
_ASK = {
    "n": {"label": _TEXT},
    "ok": {"label": _TEXT, "unknown": "allowed"},
    "v": {"label": _TEXT},
}
_VARIABLES = {
    "n": {"type": "integer"},
    "ok": {"type": "bool", "ask": _TEXT},
    "v": {"type": "choice", "choices": {"mail": _TEXT, "vpn": _TEXT}},
}


class _Names:
    """Gives every step of a playbook its own name."""

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> str:
        self.count += 1
        return f"s{self.count}"


def programs() -> st.SearchStrategy[Program]:
    return sources().map(lambda source: read_program(compile_playbook(source).cacao))


@st.composite
def sources(draw: st.DrawFn) -> str:
    names = _Names()
    written: dict[str, Any] = {
        "playbook": "random",
        "title": _TEXT,
        "summary": _TEXT,
        "purpose": ["mitigation"],
        "created": "2026-11-22",
        "modified": "2026-11-22",
        "markings": "TLP:CLEAR",
        "retention": "1y",
        "sources": [{"title": "a", "verified_on": "2026-11-22"}],
        "variables": _VARIABLES,
        "steps": _block(draw, names, depth=3),
    }
    if draw(st.booleans()):
        written["exception"] = _block(draw, names, depth=1)
    return _yaml(written)


def _yaml(written: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(written, sort_keys=False, allow_unicode=True, default_flow_style=None)


def _block(draw: st.DrawFn, names: _Names, *, depth: int) -> dict[str, Any]:
    keys = [names.next() for _ in range(draw(st.integers(1, 3)))]
    return {
        key: _step(draw, names, depth=depth, ahead=keys[place + 1 :])
        for place, key in enumerate(keys)
    }


def _step(draw: st.DrawFn, names: _Names, *, depth: int, ahead: list[str]) -> dict[str, Any]:
    kinds = [_task, _action, _wait]
    if depth:
        kinds += [_if, _switch, _while, _parallel]
    if draw(st.integers(0, 12)) == 0:
        return {"end": draw(st.sampled_from(["done", "false_alarm"]))}
    step = draw(st.sampled_from(kinds))(draw, names, depth, ahead)
    if depth and draw(st.integers(0, 3)) == 0:
        step["on_failure"] = _route(draw, names, depth - 1, ahead)
    if draw(st.integers(0, 6)) == 0:
        step["delay"] = draw(st.sampled_from(_DURATIONS))
    return step


def _route(draw: st.DrawFn, names: _Names, depth: int, ahead: list[str]) -> Any:
    options: list[Any] = ["next", *ahead]
    choice = draw(st.sampled_from([*options, None]))
    return _block(draw, names, depth=depth) if choice is None else choice


def _sometimes(draw: st.DrawFn, step: dict[str, Any], key: str, value: Any) -> None:
    if draw(st.integers(0, 2)) == 0:
        step[key] = value() if callable(value) else value


def _task(draw: st.DrawFn, names: _Names, depth: int, ahead: list[str]) -> dict[str, Any]:
    step: dict[str, Any] = {"task": _TEXT, "who": "commune"}
    _sometimes(
        draw,
        step,
        "ask",
        lambda: {k: _ASK[k] for k in draw(st.sets(st.sampled_from(["n", "ok", "v"]), min_size=1))},
    )
    for key in ("impossible", "unknown"):
        if depth:
            _sometimes(draw, step, key, lambda: _route(draw, names, depth - 1, ahead))
    _sometimes(draw, step, "approve", "lead")
    _deadline(draw, names, depth, step)
    if draw(st.integers(0, 4)) == 0:
        step["timeout"] = draw(st.sampled_from(_DURATIONS))
        if depth:
            _sometimes(draw, step, "on_timeout", lambda: _route(draw, names, depth - 1, ahead))
    return step


def _deadline(draw: st.DrawFn, names: _Names, depth: int, step: dict[str, Any]) -> None:
    if draw(st.integers(0, 3)) == 0:
        step["within"] = draw(st.sampled_from(_DURATIONS))
        if depth:
            _sometimes(draw, step, "breach", lambda: _block(draw, names, depth=depth - 1))
    if depth:
        _sometimes(draw, step, "undo", lambda: _block(draw, names, depth=0))


def _action(draw: st.DrawFn, names: _Names, depth: int, ahead: list[str]) -> dict[str, Any]:
    step: dict[str, Any] = {"do": "some.thing", "out": {"n": "n"}}
    _sometimes(draw, step, "retry", {"attempts": draw(st.integers(1, 3)), "first": "1m"})
    _sometimes(draw, step, "approve", "lead")
    _deadline(draw, names, depth, step)
    return step


def _wait(draw: st.DrawFn, names: _Names, depth: int, ahead: list[str]) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"wait": draw(st.sampled_from(_DURATIONS))}
    wait = {"signal": "case.told"}
    _sometimes(draw, wait, "timeout", "2h")
    return {"wait": wait}


def _if(draw: st.DrawFn, names: _Names, depth: int, ahead: list[str]) -> dict[str, Any]:
    step: dict[str, Any] = {"if": draw(st.sampled_from(_CONDITIONS))}
    step["then"] = _route(draw, names, depth - 1, ahead)
    _sometimes(draw, step, "else", lambda: _route(draw, names, depth - 1, ahead))
    _sometimes(draw, step, "unknown", lambda: _route(draw, names, depth - 1, ahead))
    return step


def _switch(draw: st.DrawFn, names: _Names, depth: int, ahead: list[str]) -> dict[str, Any]:
    step: dict[str, Any] = {"switch": "v", "cases": {"mail": _route(draw, names, depth - 1, ahead)}}
    _sometimes(draw, step, "default", lambda: _route(draw, names, depth - 1, ahead))
    return step


def _while(draw: st.DrawFn, names: _Names, depth: int, ahead: list[str]) -> dict[str, Any]:
    return {
        "while": draw(st.sampled_from(_CONDITIONS)),
        "max": draw(st.integers(1, 3)),
        "do": _block(draw, names, depth=depth - 1),
    }


def _parallel(draw: st.DrawFn, names: _Names, depth: int, ahead: list[str]) -> dict[str, Any]:
    return {"parallel": {s: _block(draw, names, depth=depth - 1) for s in ("x", "y")}}
