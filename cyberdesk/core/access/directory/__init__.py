"""The directory of organisations: region 93 ships with the house, all of France can be imported."""

from cyberdesk.core.access.directory.search import find_organisations
from cyberdesk.core.access.directory.shipped import load_directory

__all__ = ["find_organisations", "load_directory"]
