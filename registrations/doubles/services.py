"""Make one registration of two; remember that two are two persons."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core import crypto
from core.db import Stale
from core.errors import Refusal
from events.models import ProgrammeItem
from registrations import seats, services
from registrations.calendars.queries import last_sent
from registrations.doubles.models import Merge, TwoPersons
from registrations.doubles.queries import door_lines
from registrations.invitations.models import Representative
from registrations.models import CheckIn, ItemChoice, Need, Registration
from registrations.placement.models import Wish
from registrations.questions.models import Reply
from registrations.rules import ACTIVE, Tick, seated
from registrations.services.telling import tell


def merge(
    session: Session,
    kept: Registration,
    gone: Registration,
    *,
    facts: dict[str, Any],
    versions: tuple[int, int],
    by: User,
    now: datetime,
) -> Merge:
    """Keep `kept` with `facts`, and cancel `gone`, whose seats go back.

    What the kept one lacks is taken over: choices, the invitation, needs (unread), answers, and
    what the door has written. `versions` are those that were compared: of `kept`, then `gone`.

    Raises `Stale` for other versions, and `Refusal` for two that cannot be one: of different
    events, protected, no longer active, or where the one with the place would go.
    """
    seats.of_event(session, kept.event_id, lock=True)
    for person in (kept, gone):
        session.refresh(person)  # the queue may have moved them until now
    _refuse_unless_two_of_a_kind(kept, gone)
    if (kept.version, gone.version) != versions:
        raise Stale
    # The name and address of the one that goes must not stand in the way of those that are kept,
    # nor be taken up again by whoever registers a third time.
    gone.name_key = f"{gone.name_key[:200]} #{gone.id}"
    session.flush()
    moved = {
        "choices": _take_choices(session, kept, gone),
        "door": _take_lines(session, kept, gone, by=by, now=now),
        "answers": _take_rest(session, kept, gone),
    }
    in_calendar = last_sent(session, gone) == "REQUEST"
    services.cancel(
        session, gone, reason=_("Sammanslagen med anmälan %(number)s", number=kept.id), by=by,
        now=now, notify=False,
    )  # fmt: skip
    if in_calendar:
        tell(session, gone, "cancelled", now=now, merged=True)
    session.refresh(kept)
    services.change(session, kept, facts=facts, by=by, now=now, notify=bool(kept.email))
    row = Merge(
        event_id=kept.event_id, kept_id=kept.id, gone_id=gone.id, user_id=by.id, at=now,
        moved=moved,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for one, other in ((kept, gone), (gone, kept)):
        record(
            session, by=by, action="registration.merged", subject=one, now=now,
            details={"with": other.id, "kept": kept.id, **moved},
        )  # fmt: skip
    return row


def two_persons(
    session: Session, first: Registration, second: Registration, *, by: User, now: datetime
) -> None:
    """They are not the same: the pair is not shown again. Said twice it is remembered once."""
    if first.event_id != second.event_id or first.id == second.id:
        raise Refusal(_("De två hör inte till samma evenemang."))
    low, high = sorted((first.id, second.id))
    known = session.scalar(sa.select(TwoPersons.id).filter_by(first_id=low, second_id=high))
    if known is not None:
        return
    session.add(
        TwoPersons(event_id=first.event_id, first_id=low, second_id=high, user_id=by.id, at=now)
    )
    for one, other in ((first, second), (second, first)):
        record(
            session, by=by, action="registration.two_persons", subject=one, now=now,
            details={"with": other.id},
        )  # fmt: skip


def _refuse_unless_two_of_a_kind(kept: Registration, gone: Registration) -> None:
    if kept.event_id != gone.event_id or kept.id == gone.id:
        raise Refusal(_("De två hör inte till samma evenemang."))
    if kept.protected or gone.protected:
        raise Refusal(_("Den som har skyddade personuppgifter slås inte ihop med någon."))
    if kept.status not in ACTIVE or gone.status not in ACTIVE:
        raise Refusal(_("En av anmälningarna gäller inte längre. Ladda om sidan."))
    if seated(gone.status) and not seated(kept.status):
        raise Refusal(
            _("Den andra anmälan har platsen. Behåll den, så går ingen plats förlorad."), "keep"
        )


def _take_choices(session: Session, kept: Registration, gone: Registration) -> int:
    """Give over choices in groups where the kept one has none; how many.

    Two with a place hold the same kind of seat, which only changes hands. One that waits holds
    none: its wish is taken over where a seat can be had.
    """
    mine = {group for group, _choice in _choices(session, kept)}
    pools = {pool.item_id: pool.id for pool in seats.of_event(session, kept.event_id)}
    taken = 0
    for group, choice in _choices(session, gone):
        if group in mine:
            continue
        pool = pools.get(choice.item_id)
        needs_seat = seated(kept.status) and not seated(gone.status)
        if needs_seat and (pool is None or seats.take(session, [pool]) is not None):
            continue
        choice.registration_id = kept.id
        taken += 1
    kept.sequence += bool(taken)
    session.flush()
    session.expire(kept, ["choices"])
    session.expire(gone, ["choices"])
    return taken


def _choices(session: Session, person: Registration) -> list[tuple[str, ItemChoice]]:
    rows = session.execute(
        sa.select(ProgrammeItem.group, ItemChoice)
        .join(ProgrammeItem, ProgrammeItem.id == ItemChoice.item_id)
        .where(ItemChoice.registration_id == person.id)
        .order_by(ItemChoice.item_id)
    )
    return [(group, choice) for group, choice in rows]


def _take_lines(
    session: Session, kept: Registration, gone: Registration, *, by: User, now: datetime
) -> int:
    """Add lines that say of the kept one what those of the other say (see the package)."""
    mine, theirs = _standing(session, kept), _standing(session, gone)
    reason = _("Sammanslagen med anmälan %(number)s", number=kept.id)
    added = 0
    for item_id, lines in theirs.items():
        told = [] if item_id in mine else [(kept, line.tick, line.at) for line in lines]
        for person, which, at in [*told, (gone, Tick.UNDO, now)]:
            session.add(
                CheckIn(
                    event_id=kept.event_id, registration_id=person.id, item_id=item_id,
                    tick=which, at=at, written=now, user_id=by.id, reason=reason,
                    nonce=crypto.new_token(),
                )
            )  # fmt: skip
            session.flush()
            added += 1
    return added


def _standing(session: Session, person: Registration) -> dict[int | None, list[CheckIn]]:
    """The lines that count, by programme item: those after the last undo."""
    found: dict[int | None, list[CheckIn]] = {}
    for line in door_lines(session, person.id):
        if line.tick is Tick.UNDO:
            found.pop(line.item_id, None)
        else:
            found.setdefault(line.item_id, []).append(line)
    return found


def _take_rest(session: Session, kept: Registration, gone: Registration) -> int:
    """The invitation, needs, wishes and answers that the kept one lacks; how many answers."""
    if kept.invitation_id is None and gone.invitation_id is not None:
        kept.invitation_id, gone.invitation_id = gone.invitation_id, None
    _take_names(session, kept.id, gone.id)
    _take_needs(session, kept.id, gone.id)
    answered = sa.select(Reply.question_id).where(Reply.registration_id == kept.id)
    wished = sa.select(Wish.id).where(Wish.registration_id == kept.id).limit(1)
    if session.scalar(wished) is None:
        session.execute(_give_over(Wish, kept.id, gone.id))
    replies = session.scalars(
        sa.select(Reply.id).where(
            Reply.registration_id == gone.id, Reply.question_id.not_in(answered)
        )
    ).all()
    session.execute(_give_over(Reply, kept.id, gone.id).where(Reply.id.in_(replies)))
    session.flush()
    return len(replies)


def _take_names(session: Session, kept_id: int, gone_id: int) -> None:
    """Whom organisations named as the other one they named as this; once each."""
    mine = sa.select(Representative.invitation_id).where(Representative.registration_id == kept_id)
    known = set(session.scalars(mine))
    theirs = sa.select(Representative).where(Representative.registration_id == gone_id)
    for row in session.scalars(theirs).all():
        if row.invitation_id in known:
            session.delete(row)
        else:
            row.registration_id = kept_id


def _take_needs(session: Session, kept_id: int, gone_id: int) -> None:
    """What only the other one has said of needs, sealed as it is: nobody reads it here."""
    theirs = session.get(Need, gone_id)
    if theirs is None:
        return
    mine = session.get(Need, kept_id)
    if mine is None:
        session.add(Need(registration_id=kept_id, diet=theirs.diet, access=theirs.access))
    else:
        mine.diet = mine.diet or theirs.diet
        mine.access = mine.access or theirs.access
    session.delete(theirs)


def _give_over(model: Any, kept_id: int, gone_id: int) -> sa.Update:
    return (
        sa.update(model)
        .where(model.registration_id == gone_id)
        .values(registration_id=kept_id)
        .execution_options(synchronize_session=False)
    )
