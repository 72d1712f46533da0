"""Tick somebody in, or undo it: one more line in the log."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events.models import ProgrammeItem
from registrations.door import queries
from registrations.door.rules import is_open, may_come_in
from registrations.models import CheckIn, Registration
from registrations.protection import shown
from registrations.rules import Tick


def tick(
    session: Session,
    registration: Registration,
    *,
    tick: Tick,
    nonce: str,
    by: User | None,
    now: datetime,
    item: ProgrammeItem | None = None,
    reason: str = "",
) -> CheckIn:
    """Write that somebody came, or that the tick was a mistake; the line that now counts.

    The same `nonce` again, or a tick that changes nothing because a colleague was quicker,
    gives the line that is there. Raises `Refusal` where the event is not on, the person has
    cancelled, or there is nothing to undo.
    """
    name = shown(registration).name
    written = queries.line_of(session, nonce)
    if written is not None and written.registration_id == registration.id:
        return written
    if not is_open(registration.event.state):
        raise Refusal(_("Det går bara att pricka av på ett publicerat evenemang."))
    last = queries.latest_line(session, registration.id, item.id if item else None)
    if last is not None and last.tick is tick:
        return last
    if tick is Tick.UNDO and last is None:
        raise Refusal(_("%(name)s är inte avprickad.", name=name))
    if tick is Tick.IN and not may_come_in(registration.status):
        raise Refusal(
            _("%(name)s har ingen anmälan som gäller. Lägg in personen på nytt.", name=name)
        )
    line = CheckIn(
        event_id=registration.event_id,
        registration_id=registration.id,
        item_id=item.id if item else None,
        tick=tick,
        at=now,
        user_id=by.id if by else None,
        nonce=nonce,
        reason=reason,
    )
    session.add(line)
    session.flush()
    record(
        session, by=by, action=f"door.{tick.value}", subject=registration, now=now,
        authority_id=registration.authority_id, event_id=registration.event_id,
        details={"line": line.id},
    )  # fmt: skip
    return line
