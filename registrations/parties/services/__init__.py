"""Verbs of parties: register one, take somebody off, hand a place over."""

from registrations.parties.services.forming import answer_held, register_party
from registrations.parties.services.handing_over import transfer
from registrations.parties.services.leading import cancel_member, replace_member

__all__ = ["answer_held", "cancel_member", "register_party", "replace_member", "transfer"]
