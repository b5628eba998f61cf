"""The documentation as a site: `make docs` builds it into dist/docs and fails at a lost link.

Its pages are those that one reads in the repository, READMEs of rooms included.
"""

from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

project = html_title = "CyberDesk"
release = installed("cyberdesk")
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
include_patterns = [
    "*.md",
    "docs/**.md",
    "integrations/**README.md",
    "cyberdesk/**/README.md",
    "playbooks/**README.md",
]
exclude_patterns = ["cyberdesk/core/web/static"]
root_doc = "docs/README"
myst_heading_anchors = 3  # `page.md#heading`, as elsewhere
suppress_warnings = ["misc.highlighting_failure"]  # examples that are cut with « … »

html_theme = "furo"
html_show_sphinx = html_show_copyright = False
html_copy_source = False
html_theme_options: dict[str, Any] = {
    "light_css_variables": {"font-stack": "system-ui, sans-serif"},
    "dark_css_variables": {"font-stack": "system-ui, sans-serif"},
}

_CHAPTERS = {
    "People": ["communes", "responders", "playbook-authors", "auditors", "administrators"],
    "Operators": ["operators/*"],
    "Developers": ["developers/README", "developers/*", "/CONTRIBUTING", "/SECURITY", "/README"],
    "Rooms": ["/playbooks/**", "/integrations/**", "/cyberdesk/**"],
}


def _contents(_app: Any, page: str, source: list[str]) -> None:
    """Add the table of contents to the first page: in the repository it would only be noise."""
    if page != root_doc:
        return
    for chapter, pages in _CHAPTERS.items():
        options = f"---\ncaption: {chapter}\nglob: true\nhidden: true\n---\n"
        source[0] += f"\n```{{toctree}}\n{options}" + "\n".join(pages) + "\n```\n"


def setup(app: Any) -> None:
    assert Path(app.srcdir, "pyproject.toml").exists(), "`make docs` builds from the root"
    app.connect("source-read", _contents)
