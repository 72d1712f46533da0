"""Register and change with wishes: seats where a slot is first come, wishes where it is placed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import record
from core.errors import Refusal
from events.models import Event, ProgrammeItem
from registrations import services
from registrations.models import Registration
from registrations.placement.models import Wish
from registrations.placement.rules import Pick
from registrations.queries.known import known_person
from registrations.rules import ACTIVE
from registrations.services.people import keys, tidy
from registrations.services.telling import tell

T = TypeVar("T")


def register(session: Session, event: Event, **wish: Any) -> Registration:
    """`register_at` for an event that the caller has in hand."""
    return register_at(session, event.id, **wish)


def register_at(
    session: Session,
    event_id: int,
    *,
    facts: dict[str, Any],
    picks: Sequence[Pick],
    now: datetime,
    by: User | None = None,
    **rest: Any,
) -> Registration:
    """Register as `registrations.services.register_at`, with what was asked for in each slot.

    A first choice that has become full gives way to the second. Whoever was registered already
    keeps the wishes there were. Raises `Refusal` as that does, and where both choices are full.
    """

    def do(choices: Sequence[int]) -> Registration:
        return services.register_at(
            session, event_id, facts=dict(facts), choices=choices, now=now, by=by, **rest
        )

    if not any(one.placed or one.second for one in picks):  # nothing that could be wished for
        return do([one.first for one in picks if one.first])
    known = _already(session, event_id, facts)
    made, swapped = _with_seconds(session, picks, do)
    if not known:
        _keep(session, made, picks, swapped, now)
    return made


def change(
    session: Session,
    registration: Registration,
    *,
    picks: Sequence[Pick],
    now: datetime,
    by: User | None = None,
    notify: bool = True,
    **rest: Any,
) -> set[str]:
    """Change as `registrations.services.change`, with what is asked for in each slot.

    New wishes alone are told too. Gives the names of what changed, "wishes" among them.
    """

    def do(choices: Sequence[int]) -> set[str]:
        return services.change(
            session, registration, choices=choices, now=now, by=by, notify=notify, **rest
        )

    changed, swapped = _with_seconds(session, picks, do)
    if not _keep(session, registration, picks, swapped, now):
        return changed
    registration.updated = now
    session.flush()
    record(session, by=by, action="placement.wished", subject=registration, now=now)
    if notify and not changed:
        tell(session, registration, "changed", now=now)
    return changed | {"wishes"}


def _already(session: Session, event_id: int, facts: dict[str, Any]) -> bool:
    clean = {"first_name": "", "last_name": "", "email": ""} | tidy(facts)
    known_by = keys(clean["first_name"], clean["last_name"], clean["email"])
    person = known_person(session, event_id, known_by["email_key"], known_by["name_key"])
    return person is not None and person.status in ACTIVE


def _with_seconds(
    session: Session, picks: Sequence[Pick], do: Callable[[Sequence[int]], T]
) -> tuple[T, set[str]]:
    """Do it with the first choices; where one is full, again with the second.

    Also gives the fields where the second was used.
    """
    seats = {one.field: one for one in picks if not one.placed and one.first}
    swapped: set[str] = set()
    while True:
        choices = [one.second if field in swapped else one.first for field, one in seats.items()]
        try:
            with session.begin_nested():
                return do([id_ for id_ in choices if id_ is not None]), swapped
        except Refusal as refusal:
            one = seats.get(refusal.field or "")
            if one is None or one.second is None:
                raise
            if one.field in swapped:
                raise Refusal(
                    _("Båda dina val har blivit fulla. Välj en annan programpunkt."), one.field
                ) from None
            swapped.add(one.field)


def _keep(
    session: Session,
    person: Registration,
    picks: Sequence[Pick],
    swapped: set[str],
    now: datetime,
) -> bool:
    """Keep the wishes instead of those there were in these slots; whether anything changed.

    In a slot that is first come they are kept only where the second was given instead.
    Raises `Refusal` for an item that is no longer in the slot.
    """
    wanted: dict[int, int] = {}
    for one in picks:
        if one.placed or one.field in swapped:
            pair = [id_ for id_ in (one.first, one.second) if id_ is not None]
            wanted |= {id_: rank for rank, id_ in enumerate(pair, 1)}
    _refuse_strangers(session, person.event_id, picks, wanted)
    groups = {one.group for one in picks if one.placed or one.field in swapped or one.first}
    had = {
        wish.item_id: wish
        for wish in session.scalars(
            sa.select(Wish)
            .join(ProgrammeItem, ProgrammeItem.id == Wish.item_id)
            .where(Wish.registration_id == person.id, ProgrammeItem.group.in_(groups))
        )
    }
    if {id_: wish.rank for id_, wish in had.items()} == wanted:
        return False
    for wish in had.values():
        session.delete(wish)
    session.flush()  # the old go first: the same item may come back with another rank
    session.add_all(
        Wish(registration_id=person.id, item_id=id_, rank=rank, at=now)
        for id_, rank in wanted.items()
    )
    session.flush()
    return True


def _refuse_strangers(
    session: Session, event_id: int, picks: Sequence[Pick], wanted: dict[int, int]
) -> None:
    if not wanted:
        return
    rows = session.execute(
        sa.select(ProgrammeItem.id, ProgrammeItem.group).where(
            ProgrammeItem.id.in_(wanted), ProgrammeItem.event_id == event_id
        )
    )
    groups = {row[0]: row[1] for row in rows}
    for one in picks:
        for id_ in (one.first, one.second):
            if id_ in wanted and groups.get(id_) != one.group:
                raise Refusal(_("Programmet har ändrats. Välj om bland programpunkterna."))
