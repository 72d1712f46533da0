"""Verbs that change who comes: register, change, cancel, promote."""

from registrations.services.answers import accept_offer, approve, decline, end_offers
from registrations.services.changing import cancel, change, forget_item
from registrations.services.queue import capacity_grew, promote
from registrations.services.registering import register, register_at
from registrations.services.telling import receipt_time, send_links

__all__ = [
    "accept_offer",
    "approve",
    "cancel",
    "capacity_grew",
    "change",
    "decline",
    "end_offers",
    "forget_item",
    "promote",
    "receipt_time",
    "register",
    "register_at",
    "send_links",
]
