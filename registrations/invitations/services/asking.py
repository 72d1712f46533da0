"""Put organisations on an event's list, send the invitations, remind, correct an address."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core import crypto
from core.errors import Refusal
from core.outbox.services import enqueue
from events import services as event_services
from events.models import Event
from events.rules import State
from registrations.invitations.queries.invited import held
from registrations.invitations.rules import MOST_INVITED, may_answer, may_remind
from registrations.models import Invitation, Organisation
from registrations.rules import Answer


def invite(
    session: Session,
    event: Event,
    *,
    organisation: Organisation,
    facts: dict[str, Any],
    by: User | None,
    now: datetime,
) -> Invitation:
    """Put an organisation on the list, unsent, with seats, criterion, reason and email.

    Raises `Refusal` where it is on the list already, or the list is full.
    """
    listed = sa.select(sa.func.count(Invitation.id)).where(Invitation.event_id == event.id)
    if session.scalar(listed.where(Invitation.organisation_id == organisation.id)):
        raise Refusal(_("%(name)s står redan på listan.", name=organisation.name), "organisation")
    if (session.scalar(listed) or 0) >= MOST_INVITED:
        raise Refusal(_("Listan är full: högst %(n)s organisationer.", n=MOST_INVITED))
    invitation = Invitation(
        event_id=event.id, event=event, organisation=organisation, answer=Answer.DRAFT,
        created=now, **facts,
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    record(
        session, by=by, action="invitation.added", subject=invitation, now=now,
        details={"organisation": organisation.name[:120]},
    )  # fmt: skip
    return invitation


def change_invitation(
    session: Session,
    invitation: Invitation,
    *,
    facts: dict[str, Any],
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> set[str]:
    """Save seats, criterion, reason and email of an unsent invitation.

    Raises `Stale` where `version` is no longer the row's, `Refusal` where it has been sent.
    """
    invitation.refuse_older(version)
    _refuse_sent(invitation)
    changed = changes(invitation, facts)
    if changed:
        session.flush()
        record(
            session, by=by, action="invitation.changed", subject=invitation, now=now,
            details={"facts": sorted(changed)},
        )  # fmt: skip
    return set(changed)


def remove(session: Session, invitation: Invitation, *, by: User | None, now: datetime) -> None:
    """Take an unsent invitation off the list. Raises `Refusal` where it has been sent."""
    _refuse_sent(invitation)
    name = invitation.organisation.name
    record(
        session, by=by, action="invitation.removed", subject=invitation, now=now,
        details={"organisation": name[:120]},
    )  # fmt: skip
    session.delete(invitation)
    session.flush()


def send(session: Session, invitation: Invitation, *, by: User | None, now: datetime) -> None:
    """Send the letter with the secret link; from now on it is public who was asked and why.

    Sent already: nothing. Raises `Refusal` where the event is not published or no longer takes
    answers, or where reason or address is missing.
    """
    event, invitation = held(session, invitation)
    if invitation.answer is not Answer.DRAFT:
        return
    _refuse_unready(event, invitation, now)
    invitation.answer, invitation.sent = Answer.SENT, now
    _new_link(invitation)
    _letter(session, event, invitation, "sent", now)
    event_services.touch(session, event, now=now)
    record(session, by=by, action="invitation.sent", subject=invitation, now=now)


def remind(session: Session, invitation: Invitation, *, by: User | None, now: datetime) -> int:
    """Send a reminder, and answer with its letter.

    Raises `Refusal` where one is not called for, or a day has not passed.
    """
    event, invitation = held(session, invitation)
    if not may_answer(
        state=event.state, closes=event.registration_closes, starts=event.starts, now=now
    ):
        raise Refusal(_("Det går inte längre att svara på inbjudan."))
    if not may_remind(
        invitation.answer, sent=invitation.sent, reminded=invitation.reminded, now=now
    ):
        raise Refusal(
            _("Påminn tidigast ett dygn efter det förra mejlet, och bara den som inte har svarat.")
        )
    invitation.reminded = now
    letter = _letter(session, event, invitation, "reminder", now)
    record(session, by=by, action="invitation.reminded", subject=invitation, now=now)
    return letter


def correct_address(
    session: Session,
    invitation: Invitation,
    *,
    email: str,
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """Send a sent invitation to another address; the link in the old letter opens nothing more.

    Raises `Stale` where `version` is no longer the row's, `Refusal` where it has not been sent.
    """
    event, invitation = held(session, invitation)
    invitation.refuse_older(version)
    if invitation.answer is Answer.DRAFT:
        raise Refusal(_("Inbjudan är inte skickad än. Ändra adressen på listan."))
    if not email:
        raise Refusal(_("Skriv adressen som inbjudan ska gå till."), "email")
    invitation.email = email
    invitation.token_version += 1
    _new_link(invitation)
    _letter(session, event, invitation, "sent", now)
    # The log says that the address was changed, not to what: it may be a person's.
    record(session, by=by, action="invitation.readdressed", subject=invitation, now=now)


def _refuse_sent(invitation: Invitation) -> None:
    if invitation.answer is not Answer.DRAFT:
        raise Refusal(_("Inbjudan är skickad och kan inte ändras. Bara adressen kan rättas."))


def _refuse_unready(event: Event, invitation: Invitation, now: datetime) -> None:
    name = invitation.organisation.name
    if event.state is State.DRAFT:
        raise Refusal(_("Publicera evenemanget först: inbjudan länkar till dess sida."))
    if not may_answer(
        state=event.state, closes=event.registration_closes, starts=event.starts, now=now
    ):
        raise Refusal(_("Det går inte längre att svara. Flytta fram sista anmälningsdag först."))
    if not invitation.reason:
        raise Refusal(_("Skriv först varför %(name)s är inbjuden.", name=name))
    if not invitation.email:
        raise Refusal(_("Skriv först en e-postadress till %(name)s.", name=name))


def link_token(invitation: Invitation) -> str:
    """The secret of the link in the organisation's letter, as it stands now."""
    return crypto.derived_token("invitation", invitation.id, invitation.token_version)


def _new_link(invitation: Invitation) -> None:
    invitation.token_hash = crypto.digest(link_token(invitation))


def _letter(
    session: Session, event: Event, invitation: Invitation, kind: str, now: datetime
) -> int:
    session.flush()
    return enqueue(
        session,
        kind=f"invitation.{kind}",
        to=invitation.email,
        payload={"invitation": invitation.id, "token_version": invitation.token_version},
        now=now,
        thread=f"invitation:{invitation.id}",
        authority_id=event.authority_id,
        about=f"invitation:{invitation.id}",
    )
