"""Whole addresses, to be sent to people, printed, drawn as a QR code."""

from typing import Any

from flask import current_app, url_for


def whole(endpoint: str, **values: Any) -> str:
    """Return the public address of a page.

    It begins as the settings say, never as the request does: whoever asks chooses its Host.
    """
    settings = current_app.config.get("CYBERDESK")
    if settings is None:
        return url_for(endpoint, _external=True, **values)
    return f"{settings.base_url}{url_for(endpoint, **values)}"
