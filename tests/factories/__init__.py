"""Rows to test with, and browsers that are signed in."""

from tests.factories.people import (
    actor_of,
    make_membership,
    make_organisation,
    make_person,
    sign_in,
)

__all__ = ["actor_of", "make_membership", "make_organisation", "make_person", "sign_in"]
