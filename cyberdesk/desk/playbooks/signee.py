"""The name under which this house signs, known once its settings are."""

from typing import Any

_host = ""


def heed(settings: Any) -> None:
    global _host  # noqa: PLW0603  # one house per process, from the settings
    _host = settings.host


def signee() -> str:
    return f"CyberDesk, {_host}" if _host else "CyberDesk"
