"""Someone signed in, with a second factor, in a real browser."""

from flask import Flask
from playwright.sync_api import Page

from cyberdesk.core.access.models import Person
from tests.factories.people import sign_in


def signed_in(page: Page, app: Flask, site: str, person: Person) -> Page:
    """Give the browser of `page` the session that the sign-in of `person` would give it."""
    client = sign_in(app.test_client(), person)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    return page
