"""Every permission that opens something to programs is said in words, in the room that has it."""

from flask import current_app

from cyberdesk.core.access.permissions import SIGNED_IN
from cyberdesk.core.web.doors import doors
from cyberdesk.rooms import rooms


def test_every_permission_of_the_api_has_words_in_its_room(app):
    with app.app_context():
        needed = {
            permission
            for door in doors(current_app).values()
            if door.machine
            for permission in door.needs
        }
    said = {permission for room in rooms() for permission in room.opens}
    assert needed - said - {SIGNED_IN, "public"} == set(), "add them to `OPENS` in its policy.py"
    assert said - needed == set(), "these open nothing to programs"
    for room in rooms():
        assert set(room.opens) <= set(room.policy), f"{room.name} speaks of another room's"
