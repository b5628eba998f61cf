"""What the pages of the harness talk to: a far end that remembers, answers and fails on demand."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request

COMMUNES = ("Saint-Exemple-sur-Mer", "Saint-Modèle", "Les Oliviers-Fictifs")
far_end = Blueprint("far_end", __name__)


@dataclass
class Memory:
    saved: list[dict[str, list[str]]] = field(default_factory=list)
    submitted: list[dict[str, list[str]]] = field(default_factory=list)
    uploaded: list[str] = field(default_factory=list)
    theme: str = ""
    version: int = 0
    events: bool = True
    listening: int = 0
    status: int = 200


def memory() -> Memory:
    held: Memory = current_app.extensions.setdefault("far_end", Memory())
    return held


@far_end.post("/autosave")
def autosave() -> Any:
    if memory().status != 200:
        return "", memory().status
    memory().saved.append(request.form.to_dict(flat=False))
    return jsonify(saved=True)


@far_end.post("/declare")
def declare() -> Any:
    memory().submitted.append(request.form.to_dict(flat=False))
    return redirect("/commune", code=303)


@far_end.post("/message")
def message() -> Any:
    if memory().status != 200:
        return "not now", memory().status
    memory().submitted.append(request.form.to_dict(flat=False))
    return redirect("/message?sent=1", code=303)


@far_end.post("/upload")
def upload() -> Any:
    files = request.files.getlist("photos")
    if any(file.filename == "bad.txt" for file in files):
        return render_template("refused.html"), 422
    memory().uploaded.extend(f"{file.filename}:{len(file.read())}" for file in files)
    return redirect("/commune", code=303)


@far_end.post("/theme")
def theme() -> Any:
    memory().theme = request.form["theme"]
    return redirect(request.form["back"], code=303)


@far_end.get("/healthz")
def alive() -> Any:
    return jsonify(status="ok")


@far_end.get("/communes")
def communes() -> Any:
    return jsonify(found(request.args.get("q", "")))


def found(query: str) -> list[dict[str, str]]:
    wanted = [name for name in COMMUNES if query and query.casefold() in name.casefold()]
    return [{"value": name[:4], "label": name, "detail": "83000"} for name in wanted]


@far_end.get("/events")
def events() -> Any:
    if not memory().events:
        return "", 404
    return Response(_changes(memory()), mimetype="text/event-stream")


def _changes(held: Memory) -> Iterator[str]:
    seen = held.version
    held.listening += 1
    try:
        for _ in range(200):
            yield ": still here\n\n"
            if held.version != seen:
                seen = held.version
                yield "event: changed\ndata: news answer long\n\n"
            time.sleep(0.05)
    finally:
        held.listening -= 1


@far_end.get("/part/<name>")
def part(name: str) -> str:
    version = memory().version
    if name == "long":
        return "<p>encore</p>" * 30 * version + '<p id="read">ce que je lis</p>' + "<p>x</p>" * 60
    return f"<p>version {version}</p>{_REPLY if name == 'answer' else ''}"


_REPLY = """
<label>Réponse <input id="reply" name="reply" value=""></label>
<details><summary>Plus</summary><p>Ce qui était plié</p></details>
"""
