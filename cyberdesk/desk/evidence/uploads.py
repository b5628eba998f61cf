"""Files as a form of the web brings them, and what became of them said on the next page."""

from collections.abc import Callable
from typing import Any

from flask import flash, request
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.errors import TooLargeError
from cyberdesk.core.text import Text, _
from cyberdesk.core.web import lingering
from cyberdesk.core.web.refusals import answer
from cyberdesk.desk.evidence.handing_in import Attached


def chosen() -> list[Any]:
    """Return the files of the form; a file button left alone sends one without a name."""
    return [upload for upload in request.files.getlist("files") if upload.filename]


def tell(said: Text, tone: str) -> None:
    """Leave a message for the next page."""
    flash(str(said), tone)


def too_large(here: str, back: Callable[[], AnyResponse]) -> AnyResponse:
    """Answer what is too large: files by a word on the page they came from, all else as it is."""
    lingering.expect_rest()
    if request.endpoint != here:
        return answer(
            TooLargeError(
                _("This is more than fits in one page."), hint=_("Shorten it, then send it again.")
            )
        )
    _tell_too_large()
    return back()


def _tell_too_large() -> None:
    said = _("This is too large to send at once: 100 MB a file. What you sent before is kept.")
    tell(said, "critical")


def tell_result(done: Attached) -> None:
    """Say which files were kept and which were not, and why."""
    if done.kept:
        names = ", ".join(file.label for file in done.kept)
        tell(_("Kept and encrypted: %(names)s.", names=names), "good")
    for name, why in done.refused:
        tell(_("Not kept: %(name)s, %(why)s.", name=name, why=why), "critical")
    if not done.kept and not done.refused:
        tell(_("Choose at least one file."), "serious")
