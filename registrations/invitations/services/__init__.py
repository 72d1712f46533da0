"""Verbs that change organisations and invitations. None commits, mails or knows Flask."""

from registrations.invitations.services.answering import accept, decline
from registrations.invitations.services.asking import (
    change_invitation,
    correct_address,
    invite,
    remind,
    remove,
    send,
)
from registrations.invitations.services.organisations import add_organisation, change_organisation
from registrations.invitations.services.telling import event_moved, state_changed

__all__ = [
    "accept",
    "add_organisation",
    "change_invitation",
    "change_organisation",
    "correct_address",
    "decline",
    "event_moved",
    "invite",
    "remind",
    "remove",
    "send",
    "state_changed",
]
