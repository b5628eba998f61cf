"""What it takes for a file to survive a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make a rename or a link in `folder` durable: the file's own fsync does not (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
