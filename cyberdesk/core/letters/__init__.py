"""Letters: what is written to people outside the app. Written here, carried by desk/notices."""

from cyberdesk.core.letters.writing import Letterhead, letterhead, use, write

__all__ = ["Letterhead", "letterhead", "use", "write"]
