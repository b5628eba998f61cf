"""Publishes a few of the shipped playbooks: to compile all of them takes longer than most tests."""

from pathlib import Path
from tempfile import TemporaryDirectory

from cyberdesk.desk.playbooks.versions import publish_shipped, shipped

CALLED = ("duties", "continuity")


def publish_some(*names: str) -> None:
    """Publish the files of the cyber strand called `names`, and those that they call."""
    with TemporaryDirectory() as folder:
        for name in {*names, *CALLED}:
            (Path(folder) / f"{name}.yaml").symlink_to(shipped() / "cyber" / f"{name}.yaml")
        published = publish_shipped(Path(folder))
    assert published == len({*names, *CALLED})
