"""Register: a place where there is one, else a place in the queue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events.models import Event
from events.rules import Registering, registering
from registrations import needs as sensitive
from registrations import seats
from registrations.models import Invitation, ItemChoice, Registration, new_link_key
from registrations.placement.models import Wish
from registrations.queries.known import At, at_event
from registrations.rules import (
    ACTIVE,
    ADDRESS_UNPROVEN,
    OPEN_FORMS,
    Source,
    Status,
    first_status,
    lets_in,
)
from registrations.services.people import (
    found_by,
    give_link,
    hashed_link,
    keys,
    mode_pool,
    refuse_full,
    refuse_gone,
    refuse_mode,
    refuse_organisation,
    tidy,
)
from registrations.services.telling import (
    note_untold,
    receipt_time,
    tell,
    tell_already,
    tell_first,
)

_PERSON = Registration.metadata.tables["registration"]
_ENTER = sa.insert(_PERSON).returning(_PERSON.c.id)
_CHOSEN = Event.metadata.tables["programme_item"].c.id
_CHOOSE = sa.insert(ItemChoice.metadata.tables["item_choice"]).from_select(
    ["registration_id", "item_id"],
    sa.select(sa.bindparam("person", type_=sa.Integer), _CHOSEN).where(
        _CHOSEN.in_(sa.bindparam("items", expanding=True))
    ),
)
_SET_STATUS = (
    sa.update(_PERSON)
    .where(_PERSON.c.id == sa.bindparam("person"))
    .values(status=sa.bindparam("given", type_=_PERSON.c.status.type))
)


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for: who they are (tidied), how they are known, the ids of items."""

    facts: dict[str, Any]
    known_by: dict[str, str]
    items: frozenset[int]
    source: Source
    status: Status | None


def register(session: Session, event: Event, **wish: Any) -> Registration:
    """`register_at` for an event that the caller has in hand."""
    return register_at(session, event.id, **wish)


def register_at(
    session: Session,
    event_id: int,
    *,
    facts: dict[str, Any],
    choices: Sequence[int],
    needs: dict[str, str],
    source: Source,
    language: str,
    now: datetime,
    by: User | None = None,
    invitation: Invitation | None = None,
    notify: bool = True,
    status: Status | None = None,
) -> Registration:
    """Give a person a place, or one in the queue where the mode is full.

    `facts` as in `people.NAMES`; `choices` are ids of parallel items, whose seats are taken too.
    Asked again for the same event, address and name the first registration is returned and a
    letter says so; a cancelled one is taken up again. Where the event asks for approval, who
    comes from the web waits for it without a seat. `status` is given by those who enter what has
    been decided elsewhere: CONFIRMED must then find a seat.

    Raises `Refusal` where registration is not open for that source, for an item that is full
    (named), for an organisation that has taken all it may, for choices that do not fit and for a
    mode that is not offered. What is written then is to be rolled back, by the transaction or by a
    savepoint.
    """
    facts = _complete(tidy(facts))
    known_by = keys(facts["first_name"], facts["last_name"], facts["email"])
    at = at_event(session, event_id, known_by["email_key"], known_by["name_key"])
    _refuse_unless_open(at, source, now)
    facts["mode"] = facts["mode"] or at.usual_mode
    wish = Wanted(facts, known_by, _choosable(at, choices), source, status)
    mine = None if at.known is None else session.get_one(Registration, at.known)
    if mine is not None and mine.status in ACTIVE:
        if source in OPEN_FORMS:
            _refuse_as_a_stranger(session, at, wish)
        if notify:
            tell_already(session, mine, now=now)
        return mine
    if mine is not None:
        facts["protected"] |= mine.protected  # only those who work here take the mark away
    new = mine is None
    values = facts | known_by | {
        "source": source, "language": language, "queued": now, "updated": now,
        "offered_until": None, "invitation_id": invitation.id if invitation else None,
    }  # fmt: skip
    if mine is None:
        mine = _enter(session, event_id, at, wish, {"created": now, **values})
        sensitive.keep_new(session, mine.id, needs)
        if notify:
            _send_receipt(session, mine, at, new=True, now=now)
        _seat_last(session, mine, at, wish)
    else:
        given = _seat(session, event_id, at, wish)
        _revive(session, mine, values | _stands(given, now))
        sensitive.keep(session, mine.id, {"diet": "", "access": ""} | needs)
        _choose(session, mine.id, wish.items)
        if notify:
            _send_receipt(session, mine, at, new=False, now=now)
    record(
        session, by=by, action="registration.made" if new else "registration.revived",
        subject=mine, now=now, authority_id=at.authority_id, event_id=event_id,
        details={"status": mine.status.value, "source": source.value},
    )  # fmt: skip
    return mine


def _send_receipt(
    session: Session, mine: Registration, at: At, *, new: bool, now: datetime
) -> None:
    when: datetime | None = now
    if mine.source in ADDRESS_UNPROVEN:
        when = receipt_time(session, mine.email, now=now)
    if when and new:
        tell_first(session, mine, authority_id=at.authority_id, now=now, at=when)
    elif when:
        tell(session, mine, "receipt", now=now, at=when)
    elif mine.email:
        note_untold(session, mine, now=now)


def _complete(facts: dict[str, Any]) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "first_name": "", "last_name": "", "email": "", "phone": "", "organisation": "",
        "municipality": None, "mode": None, "list_consent": False, "protected": False,
    }  # fmt: skip
    return nothing | facts


def _seat(session: Session, event_id: int, at: At, wish: Wanted) -> Status:
    """Take the seats, and say what the person got."""
    asked = wish.status or first_status(wish.source, approval=at.approval)
    if asked is not Status.CONFIRMED:
        mode_pool(at.pools, wish.facts["mode"])
        return asked
    facts = wish.facts
    outcome = seats.sit(
        session, event_id, read=at.pools, most=at.max_per_organisation, mode=facts["mode"],
        sector=facts["sector"], items=wish.items, organisation=facts["organisation"],
    )  # fmt: skip
    if outcome is None:
        raise refuse_mode()
    if outcome.gone:
        raise refuse_gone()
    if outcome.most is not None:
        raise refuse_organisation(facts["organisation"], outcome.most)
    if outcome.full is None:
        return Status.CONFIRMED
    if outcome.full.item_id is not None:
        raise refuse_full(session, outcome.full.item_id)
    if wish.status is not Status.CONFIRMED:
        return Status.WAITING
    if outcome.full.mode:
        raise Refusal(_("Alla platser är tagna. Höj antalet platser först."), "mode")
    raise Refusal(_("Platserna som är kvar hålls för andra. Ändra kvoten först."), "mode")


def _refuse_as_a_stranger(session: Session, at: At, wish: Wanted) -> None:
    """Refuse what would be refused to somebody new: no answer tells who is registered."""
    if mode_pool(at.pools, wish.facts["mode"]).left == 0:
        return
    full = next((pool for pool in at.pools if pool.item_id in wish.items and pool.left == 0), None)
    if full is not None and full.item_id is not None:
        raise refuse_full(session, full.item_id)


def _choosable(at: At, choices: Sequence[int]) -> frozenset[int]:
    """The ids of the chosen items. Raises `Refusal` unless each can be, one in each slot."""
    items = frozenset(choices)
    if not items <= at.slots.keys() or len({at.slots[id_] for id_ in items}) < len(items):
        raise refuse_gone()
    return items


def _enter(
    session: Session, event_id: int, at: At, wish: Wanted, values: dict[str, Any]
) -> Registration:
    """Write a new row as if there were a seat."""
    if wish.facts["mode"] is None:
        raise refuse_mode()
    hoped = wish.status or first_status(wish.source, approval=at.approval)
    mine = _insert(session, {"event_id": event_id, **values, **_stands(hoped, values["created"])})
    _choose(session, mine.id, wish.items)
    return mine


def _seat_last(session: Session, mine: Registration, at: At, wish: Wanted) -> None:
    """Take the seats of a new row, and set its status to what it got.

    Nobody else can sit down from then to the commit: so everything that can be done before is.
    """
    try:
        given = _seat(session, mine.event_id, at, wish)
    except Refusal:
        session.expunge(mine)
        raise
    if given is not mine.status:
        session.connection().execute(_SET_STATUS, {"person": mine.id, "given": given})
        set_committed_value(mine, "status", given)


def _stands(status: Status, now: datetime) -> dict[str, Any]:
    return {"status": status, "cancelled": now if status is Status.CANCELLED else None}


def _choose(session: Session, person: int, items: Collection[int]) -> None:
    if items:
        chosen = {"person": person, "items": sorted(items)}
        session.connection().execute(_CHOOSE, chosen)


def _insert(session: Session, values: dict[str, Any]) -> Registration:
    """Write a new row and have it as an object, without a flush: this is the hottest path."""
    link_key = new_link_key()
    row = values | {
        "sequence": 0, "token_version": 1, "link_key": link_key, "cancel_reason": "", "version": 1,
        "token_hash": hashed_link(link_key, 1), "search": found_by(values),
    }  # fmt: skip
    mine = Registration(id=session.connection().execute(_ENTER, row).scalar_one(), **row)
    make_transient_to_detached(mine)
    session.add(mine)
    return mine


def _revive(session: Session, mine: Registration, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(mine, name, value)
    mine.cancel_reason = ""
    mine.sequence += 1
    mine.token_version += 1  # whoever still holds the old link has no part in the new place
    give_link(mine)
    mine.search = found_by(values)
    for left in (ItemChoice, Wish):
        session.execute(sa.delete(left).where(left.registration_id == mine.id))
    session.flush()
    session.expire(mine, ["choices"])


def _refuse_unless_open(at: At, source: Source, now: datetime) -> None:
    stands = registering(
        state=at.state, opens=at.opens, closes=at.closes, ends=at.ends, paused=at.paused,
        invited_only=at.invited_only, now=now,
    )  # fmt: skip
    if lets_in(source, stands):
        return
    raise Refusal(
        {
            Registering.NOT_YET: _("Anmälan har inte öppnat än."),
            Registering.CLOSED: _("Anmälan är stängd. Kontakta arrangören om du ändå vill komma."),
            Registering.OVER: _("Evenemanget är över. Det går inte längre att anmäla sig."),
            Registering.OFF: _("Evenemanget tar inte emot anmälningar nu."),
            Registering.INVITED_ONLY: _("Bara särskilt inbjudna kan anmäla sig."),
        }[stands]
    )
