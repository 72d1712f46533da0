"""Register: a place where there is one, else a place in the queue."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events.models import Event, ProgrammeItem
from events.rules import Registering, registering
from registrations import needs as sensitive
from registrations import seats
from registrations.models import Invitation, ItemChoice, Registration
from registrations.queries.public import known_person
from registrations.rules import ACTIVE, ADDRESS_UNPROVEN, Source, Status, lets_in
from registrations.services.people import (
    chosen_items,
    give_link,
    item_pools,
    keys,
    mode_pool,
    refuse_full,
    search_text,
    tidy,
)
from registrations.services.telling import receipt_time, tell, tell_already, tell_first


def register(
    session: Session,
    event: Event,
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
    letter says so; a cancelled one is taken up again. `status` is given by those who enter what
    has been decided elsewhere: CONFIRMED must then find a seat.

    Raises `Refusal` where registration is not open for that source, for an item that is full
    (named), for choices that do not fit and for a mode that is not offered.
    """
    _refuse_unless_open(event, source, now)
    facts = _complete(tidy(facts))
    known_by = keys(facts["first_name"], facts["last_name"], facts["email"])
    mine = known_person(session, event.id, known_by["email_key"], known_by["name_key"])
    items = chosen_items(session, event, choices)
    if mine is not None and mine.status in ACTIVE:
        if source is Source.WEB:
            _refuse_as_a_stranger(session, event, facts, items)
        if notify:
            tell_already(session, mine, now=now)
        return mine
    given = _seat(session, event, facts, items, status)
    values = facts | known_by | {
        "status": given, "source": source, "language": language, "invitation": invitation,
        "queued": now, "updated": now, "cancelled": now if given is Status.CANCELLED else None,
    }  # fmt: skip
    new = mine is None
    if mine is None:
        mine = Registration(event=event, created=now, sequence=0, token_version=1, **values)
        session.add(mine)
    else:
        _revive(session, mine, values)
    mine.search = search_text(mine)
    session.flush()
    give_link(session, mine)
    session.add_all(ItemChoice(registration_id=mine.id, item_id=item.id) for item in items)
    if new:
        sensitive.keep_new(session, mine.id, needs)
    else:
        sensitive.keep(session, mine.id, {"diet": "", "access": ""} | needs)
    action = "registration.made" if new else "registration.revived"
    record(
        session, by=by, action=action, subject=mine, now=now, authority_id=event.authority_id,
        event_id=event.id, details={"status": given.value, "source": source.value},
    )  # fmt: skip
    if notify:
        _send_receipt(session, mine, new=new, now=now)
    return mine


def _send_receipt(session: Session, mine: Registration, *, new: bool, now: datetime) -> None:
    at: datetime | None = now
    if mine.source in ADDRESS_UNPROVEN:
        at = receipt_time(session, mine.email, now=now)
    if at and new:
        tell_first(session, mine, now=now, at=at)
    elif at:
        tell(session, mine, "receipt", now=now, at=at)


def _complete(facts: dict[str, Any]) -> dict[str, Any]:
    for name in ("first_name", "last_name", "email"):
        facts.setdefault(name, "")
    return facts


def _seat(
    session: Session,
    event: Event,
    facts: dict[str, Any],
    items: Sequence[ProgrammeItem],
    status: Status | None,
) -> Status:
    """Take the seats, and say what the person got; sets the mode where none was asked for."""
    pools = seats.of_event(session, event.id)
    pool = _pool_of_mode(pools, facts)
    if status not in {None, Status.CONFIRMED}:
        return status
    full = seats.take(session, [pool.id, *item_pools(pools, items)])
    if full is None:
        return Status.CONFIRMED
    if full != pool.id:
        raise refuse_full(pools, items, full)
    if status is Status.CONFIRMED:
        raise Refusal(_("Alla platser är tagna. Höj antalet platser först."), "mode")
    return Status.WAITING


def _pool_of_mode(pools: Sequence[seats.Seats], facts: dict[str, Any]) -> seats.Seats:
    if facts.get("mode") is None:
        facts["mode"] = next((pool.mode for pool in pools if pool.mode), None)
    return mode_pool(pools, facts["mode"])


def _refuse_as_a_stranger(
    session: Session, event: Event, facts: dict[str, Any], items: Sequence[ProgrammeItem]
) -> None:
    """Refuse what would be refused to somebody new: no answer tells who is registered."""
    pools = seats.of_event(session, event.id)
    mode = _pool_of_mode(pools, facts)
    wanted = {mode.id, *item_pools(pools, items)}
    full = next((pool.id for pool in pools if pool.id in wanted and pool.left == 0), mode.id)
    if full != mode.id:
        raise refuse_full(pools, items, full)


def _revive(session: Session, mine: Registration, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(mine, name, value)
    mine.cancel_reason = ""
    mine.sequence += 1
    mine.token_version += 1  # whoever still holds the old link has no part in the new place
    session.execute(sa.delete(ItemChoice).where(ItemChoice.registration_id == mine.id))
    session.expire(mine, ["choices"])


def _refuse_unless_open(event: Event, source: Source, now: datetime) -> None:
    stands = registering(
        state=event.state, opens=event.registration_opens, closes=event.registration_closes,
        ends=event.ends, paused=event.registration_paused, invited_only=event.invited_only,
        now=now,
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
