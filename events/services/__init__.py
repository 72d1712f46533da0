"""Verbs that change events, their programmes and speakers. None commits, mails or knows Flask."""

from events.services.copying import copy_event
from events.services.guard import refuse_closed
from events.services.occasions import change_event, create_event, touch
from events.services.programme import add_item, change_item, remove_item
from events.services.releases import release_programme
from events.services.speakers import (
    add_speaker,
    change_speaker,
    remove_photo,
    set_consents,
    set_photo,
    take_back,
)
from events.services.states import postpone, publish, set_state

__all__ = [
    "add_item",
    "add_speaker",
    "change_event",
    "change_item",
    "change_speaker",
    "copy_event",
    "create_event",
    "postpone",
    "publish",
    "refuse_closed",
    "release_programme",
    "remove_item",
    "remove_photo",
    "set_consents",
    "set_photo",
    "set_state",
    "take_back",
    "touch",
]
