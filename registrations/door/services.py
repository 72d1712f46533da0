"""Tick somebody in or out, take it back, put it right: one more line in the log."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core import crypto
from core.errors import Refusal
from events.models import ProgrammeItem
from registrations.door import queries
from registrations.door.rules import CORRECTED, is_open, may_come_in
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
    pressed: datetime | None = None,
) -> CheckIn:
    """Write that somebody came, left, or was ticked by mistake; the line that now counts.

    `pressed` is when the button was pressed, where the line had to wait for the net. The same
    `nonce` again, or a tick that changes nothing because a colleague was quicker, gives the line
    that is there (another `nonce`). So does a press that waited while the organiser put it right
    by hand. Who comes in at an item has come to the event. Raises `Refusal` where the event is
    not on, the person has cancelled, or there is nothing to undo or to leave.
    """
    queries.take_turn(session, registration.id)
    written = queries.line_of(session, nonce)
    if written is not None and written.registration_id == registration.id:
        return written
    if not is_open(registration.event.state):
        raise Refusal(_("Det går bara att pricka av på ett publicerat evenemang."))
    at = pressed or now
    last = queries.latest_line(session, registration.id, item.id if item else None)
    if last is not None and (last.tick is tick or _put_right_since(last, at)):
        return last
    _refuse_nonsense(registration, last, tick)
    line = _add(session, registration, tick=tick, nonce=nonce, by=by, at=at, now=now, item=item)
    if item is not None:
        _at_the_event_too(session, line, last, by=by, now=now)
    return line


def correct(
    session: Session,
    registration: Registration,
    *,
    came: datetime | None,
    left: datetime | None,
    reason: str,
    nonce: str,
    by: User,
    now: datetime,
    item: ProgrammeItem | None = None,
) -> CheckIn:
    """Say by hand how it was, beside what the door has written; the last line of it.

    `came` is None for somebody who was never there. Lines that stand are not touched: an undo
    voids them, and the new ones say from when to when. Raises `Refusal` before the event has
    begun, where the times make no sense, or where nothing would change.
    """
    queries.take_turn(session, registration.id)
    event = registration.event
    if event.state not in CORRECTED or now < event.starts:
        raise Refusal(_("Närvaron kan rättas när evenemanget har börjat."))
    if came and left and left <= came:
        raise Refusal(_("Skriv en tid efter den då personen kom."), "left")
    last = queries.latest_line(session, registration.id, item.id if item else None)
    was_there = last is not None and last.tick is not Tick.UNDO
    if not came and not was_there:
        raise Refusal(_("Personen är inte avprickad, så det finns inget att rätta."), "what")
    wanted = [(Tick.UNDO, now)] if was_there else []
    wanted += [(Tick.IN, came)] if came else []
    wanted += [(Tick.OUT, left)] if came and left else []
    for number, (which, at) in enumerate(wanted):
        line = _add(
            session, registration, tick=which, nonce=crypto.digest(f"{nonce}:{number}"), by=by,
            at=at, now=now, item=item, reason=reason,
        )  # fmt: skip
    if item is not None and came:
        _came_to_the_event(session, line, came, by=by, now=now)
    return line


def keep_item(session: Session, item: ProgrammeItem, now: datetime) -> None:
    """An item is about to be removed. Raises `Refusal` where people have been ticked in there."""
    del now
    if queries.has_lines(session, item.id):
        raise Refusal(_("Deltagare är avprickade i programpunkten, så den kan inte tas bort."))


def _put_right_since(last: CheckIn, at: datetime) -> bool:
    """Whether the last word is a correction that was written after the button was pressed."""
    return bool(last.reason) and at < last.written


def _refuse_nonsense(registration: Registration, last: CheckIn | None, tick: Tick) -> None:
    name = shown(registration).name
    if tick is Tick.IN and not may_come_in(registration.status):
        raise Refusal(
            _("%(name)s har ingen anmälan som gäller. Lägg in personen på nytt.", name=name)
        )
    if tick is not Tick.IN and (last is None or last.tick is Tick.UNDO):
        raise Refusal(_("%(name)s är inte avprickad.", name=name))


def _add(
    session: Session,
    registration: Registration,
    *,
    tick: Tick,
    nonce: str,
    by: User | None,
    at: datetime,
    now: datetime,
    item: ProgrammeItem | None,
    reason: str = "",
) -> CheckIn:
    line = CheckIn(
        event_id=registration.event_id, registration_id=registration.id,
        item_id=item.id if item else None, tick=tick, at=at, written=now,
        user_id=by.id if by else None, nonce=nonce, reason=reason,
    )  # fmt: skip
    session.add(line)
    session.flush()
    details = {"line": line.id} | ({"item": item.title[:120]} if item else {})
    record(
        session, by=by, action=f"door.corrected.{tick.value}" if reason else f"door.{tick.value}",
        subject=registration, now=now, details=details | ({"reason": reason} if reason else {}),
    )  # fmt: skip
    return line


def _at_the_event_too(
    session: Session, line: CheckIn, before: CheckIn | None, *, by: User | None, now: datetime
) -> None:
    """Whoever comes to an item has come; undone, only what the same press wrote is taken back."""
    registration = session.get_one(Registration, line.registration_id)
    last = queries.latest_line(session, registration.id, None)
    is_here = last is not None and last.tick is Tick.IN
    theirs = before is not None and last is not None and last.nonce == _twin(before.nonce)
    if (line.tick is Tick.IN and not is_here) or (line.tick is Tick.UNDO and theirs):
        _add(
            session, registration, tick=line.tick, nonce=_twin(line.nonce), by=by, at=line.at,
            now=now, item=None,
        )  # fmt: skip


def _came_to_the_event(
    session: Session, line: CheckIn, came: datetime, *, by: User, now: datetime
) -> None:
    registration = session.get_one(Registration, line.registration_id)
    last = queries.latest_line(session, registration.id, None)
    if last is None or last.tick is Tick.UNDO:
        _add(
            session, registration, tick=Tick.IN, nonce=_twin(line.nonce), by=by, at=came, now=now,
            item=None, reason=line.reason,
        )  # fmt: skip


def _twin(nonce: str) -> str:
    return crypto.digest(f"{nonce}:event")
