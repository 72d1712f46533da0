"""Addresses that letters do not reach, and addresses that want no more news."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from core.outbox import services as outbox
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from registrations import services
from registrations.mailings.models import MailingRecipient, OptOut
from registrations.mailings.queries import address_hash, has_opted_out, reached_at
from registrations.models import Registration
from registrations.rules import ACTIVE

ABOUT = "registration:"


def correct(
    session: Session,
    recipient: MailingRecipient,
    *,
    email: str,
    reason: str,
    by: User,
    now: datetime,
) -> None:
    """Send a letter that did not arrive to another address, and keep that for the registration.

    The old address's link dies. Raises `Refusal` for a letter that has not failed and where
    somebody of that name is registered with the address.
    """
    mail = recipient.outbox
    if mail is None or mail.state is not MailState.FAILED:
        raise Refusal(_("Mejlet har inte misslyckats, så adressen kan inte rättas här."))
    outbox.correct_address(session, mail.id, to=email, now=now)
    if recipient.registration is not None:
        _keep(session, recipient.registration, email, reason, by, now)


def follow_correction(session: Session, mail: Outbox, to: str, by: User, now: datetime) -> None:
    """A letter about a registration is sent to another address: the registration follows."""
    number = mail.about.removeprefix(ABOUT)
    if not mail.about.startswith(ABOUT) or not number.isdigit():
        return
    person = session.get(Registration, int(number))
    if person is not None:
        _keep(session, person, to, _("Mejlet kom inte fram."), by, now)


def opt_out(session: Session, recipient: MailingRecipient, *, now: datetime) -> None:
    """Put the recipient's address on the authority's list of those who want no news."""
    mailing = recipient.mailing
    authority_id = mailing.event.authority_id
    email = reached_at(recipient)
    if not email or has_opted_out(session, authority_id, email):
        return
    session.add(
        OptOut(authority_id=authority_id, address=address_hash(authority_id, email), created=now)
    )
    record(
        session, by=None, action="mailing.opted_out", subject=mailing, now=now,
        authority_id=authority_id, event_id=mailing.event_id,
    )  # fmt: skip


def _keep(
    session: Session, person: Registration, email: str, reason: str, by: User, now: datetime
) -> None:
    if person.status in ACTIVE and person.email != email:
        services.change(session, person, facts={"email": email}, by=by, now=now, notify=False)
    session.execute(  # what else is still to go to the old address
        sa.update(Outbox)
        .where(
            Outbox.about == f"{ABOUT}{person.id}",
            Outbox.state == MailState.WAITING,
            Outbox.recipient != email,
        )
        .values(recipient=email)
        .execution_options(synchronize_session=False)
    )
    record(
        session, by=by, action="mailing.readdressed", subject=person, now=now,
        details={"reason": reason[:200]},
    )  # fmt: skip
