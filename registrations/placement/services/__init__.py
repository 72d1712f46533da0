"""Verbs of seminars: wish, set how seats are given, place everybody, move one by hand."""

from registrations.placement.services.placing import begin, proceed
from registrations.placement.services.settings import copy_slots, move, set_slots
from registrations.placement.services.wishing import change, register, register_at

__all__ = [
    "begin",
    "change",
    "copy_slots",
    "move",
    "proceed",
    "register",
    "register_at",
    "set_slots",
]
