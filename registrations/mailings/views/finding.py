"""What the pages of mailings have in common."""

from core.db import db
from core.web import found
from events.models import Event
from registrations.mailings import queries
from registrations.mailings.models import Mailing, MailingRecipient
from registrations.queries.lists import choices


def find_mailing(mailing_id: int) -> Mailing | None:
    """The mailing of that number (for the gate)."""
    return queries.find_mailing(db.session, mailing_id)


def find_recipient(recipient_id: int) -> MailingRecipient | None:
    """The recipient of that number (for the gate)."""
    return queries.find_recipient(db.session, recipient_id)


def again(mailing: Mailing) -> Mailing:
    """The mailing, read inside the write transaction."""
    return found(find_mailing(mailing.id))


def titles(event: Event) -> dict[int, str]:
    """What the items that can be chosen at an event are called."""
    return {
        id_: title for of_group in choices(db.session, event.id).values() for id_, title in of_group
    }
