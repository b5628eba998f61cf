"""Calling by HTTP on somebody's behalf: with which TLS, how far, and what a bad answer means."""

from dataclasses import replace
from urllib.parse import urlsplit

from cyberdesk.core.connector import ConnectorError, Context, Reason, both
from cyberdesk.core.egress import Answer, Egress
from cyberdesk.core.egress.tls import trust

BODY = 65_536  # bytes of an answer that are kept


def calling(context: Context) -> Egress:
    """Return the guarded client as the connector's settings want it.

    The settings `authority` and `certificate`, and the secret `key`, are read where there are
    any. Redirects are not followed: an address that nobody allowed must not learn what was sent.
    """
    held = {**context.settings, **context.secrets}
    try:
        tls = trust(*(held.get(name, "") for name in ("authority", "certificate", "key")))
    except ValueError as error:
        raise ConnectorError(
            both(f"the certificates do not fit: {error}", f"certificats refusés : {error}"),
            again=False,
            reason=Reason.SETTINGS,
        ) from error
    return replace(
        context.egress, redirects=0, limit=BODY + 1, cut=True, tls=tls, seconds=context.seconds
    )


def refusal(answer: Answer) -> ConnectorError:
    """Return what an answer that is no success means for what was asked (RFC 9110 §15)."""
    status, text = answer.status, " ".join(answer.body[:300].decode(errors="replace").split())
    said = f"{urlsplit(answer.url).hostname}: {status} {text}".strip()
    where = answer.headers.get("location")
    if where and 300 <= status < 400:  # noqa: PLR2004
        hint = both(
            f"It sends on to {where}: name that address instead.",
            f"Il renvoie vers {where} : indiquez plutôt cette adresse.",
        )
        return ConnectorError(said, hint=hint, again=False, reason=Reason.ANSWER)
    if status in {401, 403, 407}:
        return ConnectorError(said, again=False, reason=Reason.LOGIN)
    if status in {408, 425, 429, 503}:
        return ConnectorError(said, reason=Reason.ANSWER)
    # It broke while it was at work: how far it came, nobody knows.
    done = None if status >= 500 and status not in {501, 505} else False  # noqa: PLR2004
    return ConnectorError(said, done=done, again=done is None, reason=Reason.ANSWER)
