"""Verbs that change who comes: register, change, cancel, promote."""

from registrations.services.changing import cancel, change, forget_item
from registrations.services.queue import capacity_grew, promote
from registrations.services.registering import register
from registrations.services.telling import (
    event_changed,
    receipt_time,
    send_links,
    state_changed,
)

__all__ = [
    "cancel",
    "capacity_grew",
    "change",
    "event_changed",
    "forget_item",
    "promote",
    "receipt_time",
    "register",
    "send_links",
    "state_changed",
]
