"""Reading a PDF as the person who holds it: its words, and where a telephone is led by its QR code."""

import io
import re

import segno
from pypdf import PdfReader

_BORDER = 2  # modules of quiet around the code, in the drawing
_RUN = re.compile(r"(\d+) (\d+)\.5 m (\d+) \2\.5 l")  # a row of dark modules: from, row, to


def words_of(pdf: bytes) -> str:
    """Return all the text of `pdf`, on one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def qr_leads_to(pdf: bytes, address: str) -> bool:
    """Say whether the QR code drawn on the first page is the one of `address`, module by module."""
    drawn = PdfReader(io.BytesIO(pdf)).pages[0].get_contents()
    assert drawn is not None
    runs = _RUN.findall(drawn.get_data().decode("latin-1"))
    dark = {(int(row), at) for begin, row, end in runs for at in range(int(begin), int(end))}
    wanted = segno.make(address, error="m", micro=False).matrix
    return bool(dark) and dark == {
        (row + _BORDER, at + _BORDER)
        for row, line in enumerate(wanted)
        for at, module in enumerate(line)
        if module
    }
