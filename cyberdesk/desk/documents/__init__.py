"""Papers: PDF made from data by templates, readable by screen readers and fit for the archive."""

from cyberdesk.desk.documents.pictures import qr_svg
from cyberdesk.desk.documents.press import render

__all__ = ["qr_svg", "render"]
