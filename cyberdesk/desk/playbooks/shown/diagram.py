"""A playbook as a file to look at: its chapters as one SVG, or in Mermaid's words."""

from collections.abc import Iterator
from html import escape

from cyberdesk.core.web.graphs import BOX, TALL, Graph, draw_graph
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.shown.lines import Composer, Part
from cyberdesk.desk.playbooks.shown.plan import plan
from cyberdesk.desk.playbooks.shown.states import Stand
from cyberdesk.desk.playbooks.shown.words import Speaker
from cyberdesk.desk.playbooks.texts import Text

_MARGIN, _HEADING, _LINE = 24, 40, 17
_STYLE = """
text { font: 13.5px system-ui, sans-serif; fill: #16202c; }
.heading { font-weight: 600; font-size: 17px; }
.label { text-anchor: middle; font-size: 12.5px; fill: #4a5868; }
.label { paint-order: stroke; stroke: #fff; stroke-width: 4px; }
rect { fill: #f3f6fa; stroke: #5b6b7e; }
path { fill: none; stroke: #5b6b7e; stroke-width: 1.6; }
path.back { stroke-dasharray: 5 4; }
path.point { fill: #5b6b7e; stroke: none; }
@media (prefers-color-scheme: dark) {
  svg { background: #10161e; } text { fill: #e8edf3; } .label { fill: #b4c0cd; stroke: #10161e; }
  rect { fill: #1b2530; stroke: #8fa0b3; } path { stroke: #8fa0b3; }
  path.point { fill: #8fa0b3; }
}
"""


def chapters(program: Program, called: dict[str, Text] | None = None) -> list[Part]:
    """Return the chapters of a playbook that runs nowhere; `called` are titles by hash."""
    nowhere = Stand()
    speaker = Speaker(program, called=called)
    composer = Composer(plan(program), speaker, lambda _step: nowhere, lambda _s, _d: None)
    return composer.parts()


def svg(parts: list[Part], title: str) -> str:
    """Draw the chapters below each other, readable by itself in light and dark."""
    body: list[str] = []
    below, width = float(_MARGIN), 0.0
    for part in parts:
        graph = draw_graph(part.steps, part.edges)
        heading = f'x="{_MARGIN}" y="{below + _LINE:.0f}">{_said(part.title)}</text>'
        body.append(f'<text class="heading" {heading}')
        body.append(f'<g transform="translate({_MARGIN - graph.left:.1f} {below + _HEADING:.0f})">')
        body.extend(_drawn(graph))
        body.append("</g>")
        below += _HEADING + graph.height + 2 * _MARGIN
        width = max(width, graph.width)
    across, down = f"{width + 2 * _MARGIN:.0f}", f"{below:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" width="{across}" '
        f'height="{down}" role="img"><title>{_said(title)}</title><style>{_STYLE}</style>'
        f"{''.join(body)}</svg>\n"
    )


def _drawn(graph: Graph) -> Iterator[str]:
    for arrow in graph.arrows:
        dashed = ' class="back"' if arrow.back else ""
        yield f'<path{dashed} d="{arrow.path}"/><path class="point" d="{arrow.head}"/>'
    for box in graph.boxes:
        yield from _box(box.x, box.y, box.lines, str(box.step["title"]))
    for arrow in graph.arrows:
        if arrow.label:
            at = f'x="{arrow.label_x:.1f}" y="{arrow.label_y:.1f}"'
            yield f'<text class="label" {at}>{_said(arrow.label)}</text>'


def _box(x: float, y: float, lines: tuple[str, ...], title: str) -> Iterator[str]:
    yield f'<g><title>{_said(title)}</title><rect x="{x:.1f}" y="{y:.1f}" '
    yield f'width="{BOX}" height="{TALL}" rx="9"/>'
    for number, line in enumerate(lines):
        top = y + (33 if len(lines) == 1 else 25) + _LINE * number
        yield f'<text x="{x + 16:.1f}" y="{top:.1f}">{_said(line)}</text>'
    yield "</g>"


def mermaid(parts: list[Part]) -> str:
    """Write the chapters as a Mermaid flowchart, which code hosts and wikis draw."""
    names: dict[str, str] = {}

    def name(identifier: str) -> str:
        return names.setdefault(identifier, f"s{len(names) + 1}")

    lines = ["flowchart TD"]
    for number, part in enumerate(parts, 1):
        lines.append(f'  subgraph p{number}["{_quoted(part.title)}"]')
        lines += [f'    {name(s["id"])}["{_quoted(str(s["title"]))}"]' for s in part.steps]
        for start, end, label in part.edges:
            said = f'|"{_quoted(label)}"|' if label else ""
            lines.append(f"    {name(start)} -->{said} {name(end)}")
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Mermaid knows HTML's entities, and nothing else inside quotes ends them."""
    return " ".join(_said(text).split())


def _said(text: str) -> str:
    """Leave out the signs that XML cannot hold: a playbook from elsewhere may have them."""
    return escape("".join(sign for sign in text if sign.isprintable() or sign.isspace()))
