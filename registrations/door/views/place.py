"""Where one stands: at which event's door, and for what part of its programme."""

import re

from flask import abort, request, url_for

from core.db import db
from core.web import found
from events.models import Event
from registrations.door.queries import Post, find_post
from registrations.models import Registration
from registrations.queries.lists import find_registration

PATH = "/arbeta/evenemang/<id:event_id>/dorren"


def find(registration_id: int) -> Registration | None:
    """The registration of that number, whosesoever it is (the gate asks)."""
    return find_registration(db.session, registration_id)


def belongs(registration: Registration | None, event: Event) -> Registration:
    """The registration, or 404 where it is to another event."""
    mine = registration is not None and registration.event_id == event.id
    return found(registration if mine else None)


def number(name: str) -> int | None:
    """The number of that name in the address or the form; 400 where it is none."""
    text = request.values.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", text):
        abort(400)
    return int(text)


def post_of(event: Event) -> Post:
    """The door that the request is about: the event's own, or that of the item it names."""
    item_id = number("punkt")
    if item_id is None:
        return Post(event.id)
    return found(find_post(db.session, event.id, item_id))


def back(registration: Registration, post: Post) -> str:
    """Back to an empty search for the next in line, with the last one shown by it."""
    return url_for(
        "registrations.door",
        event_id=registration.event_id,
        punkt=post.item_id,
        klar=registration.id,
    )
