"""Every icon that the code names is in the sprite: a name that is not draws an empty circle."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(
    r"""(?:\bicon=|\bui\.icon\(|"icon": |icon_after=)\s*["']([a-z0-9-]*[a-z0-9])["']"""
)
OR_ELSE = re.compile(r"""\bicon="[a-z-]+" if [^,)]* else "([a-z-]+)\"""")
LINES = re.compile(r"""\blines\([^)]*\), "([a-z-]+)\"""")  # of a task: tasks/_card.html
CASE_TAB = re.compile(r"""Case(?:Tab|Action)\(\s*"[\w-]+",\s*_\("[^"]+"\),\s*"([a-z-]+)\"""")
LINK = re.compile(r"""\bLink\(\s*_\("[^"]+"\),\s*"[\w.-]+",\s*"([a-z-]+)\"""")


def known():
    lines = (ROOT / "frontend" / "icons.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def named():
    for path in sorted((ROOT / "cyberdesk").rglob("*")):
        if path.suffix in {".py", ".html"} and "node_modules" not in path.parts:
            text = path.read_text(encoding="utf-8")
            for pattern in (NAMED, OR_ELSE, LINES, CASE_TAB, LINK):
                for match in pattern.finditer(text):
                    yield match.group(1), str(path.relative_to(ROOT))


def test_every_icon_named_is_in_the_sprite():
    icons = known()
    missing = sorted({(name, where) for name, where in named() if name not in icons})
    assert not missing, f"add a line for each to frontend/icons.txt, then `make front`: {missing}"
