"""Verbs of the editor. All change the draft only, through the ordinary services of items."""

from events.editing.services.moving import (
    duplicate_item,
    place_item,
    shift_items,
    split_item,
    step_item,
)
from events.editing.services.pasting import take_in
from events.editing.services.rooms import copy_rooms, save_rooms
from events.editing.services.table import Collided, SentRow, save_table

__all__ = [
    "Collided",
    "SentRow",
    "copy_rooms",
    "duplicate_item",
    "place_item",
    "save_rooms",
    "save_table",
    "shift_items",
    "split_item",
    "step_item",
    "take_in",
]
