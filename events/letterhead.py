"""Who a letter about an event comes from and where its answers go: decided here for all of them."""

from collections.abc import Sequence
from typing import Any

from accounts.models import Authority
from core import mail
from core.mail import CalendarPart, Letter, Part
from events.models import Event


def sender_of(authority: Authority) -> str:
    """The address that its mail comes from: its own where it has one, else the service's."""
    return mail.sender_of(authority.sender_address)


def letter_from(
    event: Event,
    subject: str,
    blocks: Sequence[tuple[Any, ...]],
    *,
    parts: Sequence[Part] = (),
    calendar: CalendarPart | None = None,
    unsubscribe: str = "",
) -> Letter:
    """The letter, in the name of the board that arranges `event`."""
    authority = event.authority
    return Letter(
        subject=subject,
        blocks=blocks,
        sender_name=authority.sender_name or authority.name,
        sender=sender_of(authority),
        reply_to=event.contact_email or authority.reply_to,
        parts=parts,
        calendar=calendar,
        unsubscribe=unsubscribe,
    )
