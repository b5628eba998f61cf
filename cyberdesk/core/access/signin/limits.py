"""How fast sign-in may be tried: by network, and by account for browsers that it does not know.

Nobody can lock somebody else out: a browser in which the person has signed in before has tries of
its own, a passkey is not counted by account at all, and a wait never grows.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network

from flask import request, session

from cyberdesk.core.access import throttle
from cyberdesk.core.access.signin import device
from cyberdesk.core.access.signin.browser import under_way
from cyberdesk.core.access.signin.forms import plain_address
from cyberdesk.core.access.throttle import Limit
from cyberdesk.core.text import _

BY_NETWORK = Limit("sign-in:network", burst=60, every=2)
BY_BROWSER = Limit("sign-in:browser", burst=10, every=15)
BY_PLACE = Limit("sign-in:place", burst=10, every=30)  # an account, from one network
BY_ACCOUNT = Limit("sign-in:account", burst=60, every=6)  # from all unknown browsers together
TOKENS = Limit("sign-in:tokens", burst=30, every=2)  # wrong ones; one that holds never waits
CODES = Limit("sign-in:codes", burst=20, every=120)  # six digits: 720 tries of a million a day
LETTERS = Limit("sign-in:letters", burst=3, every=900)  # so that no mailbox is flooded

_HINT = _("A passkey works at once. From a browser you have used before, there is less to wait.")
_STEP = 0.25
_IPV6_SITE = 64


def password() -> None:
    """Slow down tries of a password."""
    network_only()
    address = plain_address(request.form.get("email", ""))
    if address:  # without one no account is tried: nobody is to wait for it
        _account(address)


def again() -> None:
    """Slow down tries of the password of whoever is signed in, in this browser alone."""
    network_only()
    held = under_way()
    if held:
        throttle.slow_down(BY_BROWSER, str(held.id), hint=_HINT)


def code() -> None:
    """Slow down tries of a second factor, whoever knows the password."""
    network_only()
    who = str(session.get("tf_user_id", ""))
    if who and not _account(who, address=str(session.get("tf_address", ""))):
        throttle.slow_down(CODES, who, hint=_HINT)


def network_only() -> None:
    throttle.slow_down(BY_NETWORK, network(), hint=_("Others on your network may be trying too."))


def network() -> str:
    """Return the network that this request comes from: an address, or an IPv6 site."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if address.version == 4:  # noqa: PLR2004
        return str(address)
    return str(ip_network((address, _IPV6_SITE), strict=False))


def _account(who: str, *, address: str = "") -> bool:
    """Count a try; return whether the person has signed in from this browser before."""
    browser = device.known(request, address or who)
    if browser:
        throttle.slow_down(BY_BROWSER, browser, hint=_HINT)
        return True
    throttle.slow_down(BY_PLACE, f"{who}|{network()}", hint=_HINT)
    throttle.slow_down(BY_ACCOUNT, who, hint=_HINT)
    return False


@contextmanager
def evenly() -> Iterator[None]:
    """Let the block take a whole number of quarters of a second: its time tells nothing."""
    start = time.monotonic()
    try:
        yield
    finally:
        spent = time.monotonic() - start
        time.sleep(_STEP - spent % _STEP)
