"""Create and change an event."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import Authority, User
from accounts.services import changes, record
from core.errors import Refusal
from core.reference import county_of, municipality_name
from core.text import slugify
from events import hooks
from events.finding.services import mark
from events.models import Event
from events.rules import (
    CALENDAR_FACTS,
    FACTS,
    PUBLIC_STATES,
    Audience,
    Kind,
    Mode,
    State,
    Theme,
    search_text,
)
from events.services.guard import refuse_closed
from events.services.releases import add_release
from events.services.seats import set_modes
from events.times import moved, wall, wall_delta
from events.words import found_by


def create_event(
    session: Session,
    *,
    authority: Authority,
    kind: Kind,
    facts: dict[str, Any],
    capacity: dict[Mode, int | None],
    by: User | None,
    now: datetime,
) -> Event:
    """Add a draft with `facts` (names in `rules.FACTS`, and "slug"); `capacity` as in `set_modes`.

    Its address is made of the title, and never changes. Raises `Refusal` for times in the wrong
    order and for a slug that is taken. To a sakråd only the invited may register, unless `facts`
    say otherwise.
    """
    facts = dict(facts)
    wanted = facts.pop("slug", "")
    _known(facts)
    event = Event(
        authority=authority,
        kind=kind,
        state=State.DRAFT,
        slug=_free_slug(session, wanted, facts["title"], facts["starts"]),
        uid=str(uuid.uuid4()),
        created=now,
        updated=now,
        **(
            {
                "county_code": authority.county_code,
                "invited_only": kind is Kind.ISSUE_COUNCIL,
            }
            | facts
        ),
    )
    _place_and_search(event)
    _times_in_order(event)
    session.add(event)
    session.flush()
    set_modes(session, event, capacity)
    record(
        session, by=by, action="event.created", subject=event, now=now, authority_id=authority.id,
        event_id=event.id, details={"title": event.title[:120]},
    )  # fmt: skip
    return event


def change_event(
    session: Session,
    event: Event,
    *,
    facts: dict[str, Any],
    capacity: dict[Mode, int | None] | None = None,
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> set[str]:
    """Save `facts` and, if given, `capacity`; the names of what changed.

    To another day the programme moves along, on the wall clock; a released one is released anew
    with the new times and nothing else. Raises `Stale` where `version` is no longer the event's,
    `Refusal` for a closed event, times in the wrong order and a capacity below what is taken.
    """
    event.refuse_older(version)
    refuse_closed(event)
    _known(facts)
    facts = dict(facts)
    friends = facts.pop("co_organisers", None)
    began, together = event.starts, list(event.co_organisers)
    were = {name: getattr(event, name) for name in CALENDAR_FACTS}
    changed = changes(event, facts)
    _times_in_order(event)  # before anything is asked of the database, which would save them
    if friends is not None and {a.id for a in friends} != {a.id for a in together}:
        event.co_organisers = list(friends)
        changed["co_organisers"] = [authority.slug for authority in friends]
    _place_and_search(event)
    grew = False
    if capacity is not None:
        before = {p.mode.value: p.capacity for p in event.pools if p.mode}
        seats_changed, grew = set_modes(session, event, capacity)
        if seats_changed:
            changed["capacity"] = [before, {mode.value: n for mode, n in capacity.items()}]
    if not changed:
        return set()
    _move_programme(event, began, by, now)
    _tell(session, event, {n: were[n] for n in CALENDAR_FACTS if n in changed}, grew, now)
    record(
        session, by=by, action="event.changed", subject=event, now=now, event_id=event.id,
        details=_loggable(changed),
    )  # fmt: skip
    return set(changed)


def touch(session: Session, event: Event, *, now: datetime) -> None:
    """Something the public page shows has changed: `revision` grows, past whoever is editing.

    What is found of the event is looked at anew too.
    """
    session.flush()
    mark(session, event.id)
    session.execute(
        sa.update(Event)
        .where(Event.id == event.id)
        .values(revision=Event.revision + 1, updated=now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(event, ["revision", "updated"])


def _tell(session: Session, event: Event, loud: dict[str, Any], grew: bool, now: datetime) -> None:
    public = event.state in PUBLIC_STATES
    if public and loud:
        event.sequence += 1
    touch(session, event, now=now)
    if public and loud:
        hooks.event_changed(session, event, loud, now)
    if grew:
        hooks.capacity_grew(session, event, now)


def _move_programme(event: Event, began: datetime, by: User | None, now: datetime) -> None:
    days = timedelta(days=(wall(event.starts).date() - wall(began).date()).days)
    if not days:
        return
    for item in event.items:
        item.starts, item.ends = moved(item.starts, days), moved(item.ends, days)
    if event.releases:
        last = event.releases[-1]
        content = dict(last.content)
        content["items"] = [
            item
            | {
                name: moved(datetime.fromisoformat(item[name]), days).isoformat()
                for name in ("starts", "ends")
            }
            for item in content["items"]
        ]
        add_release(event, content, by=by, now=now)


def _known(facts: dict[str, Any]) -> None:
    unknown = set(facts) - FACTS
    if unknown:
        raise ValueError(f"no facts of an event: {sorted(unknown)}")


def _loggable(changed: dict[str, Any]) -> dict[str, Any]:
    # The link is for those who have a place; the log tells that it changed, not to what.
    return {name: None if name == "online_url" else value for name, value in changed.items()}


def _place_and_search(event: Event) -> None:
    if event.municipality:
        event.county_code = county_of(event.municipality)
    event.search = search_text(
        event.title, event.lead, event.target_group, event.question, event.venue_name,
        municipality_name(event.municipality), event.authority.name,
        *(found_by(Theme(code)) for code in event.themes or ()),
        *(found_by(Audience(code)) for code in event.audiences or ()),
    )  # fmt: skip


def _times_in_order(event: Event) -> None:
    if event.ends <= event.starts:
        raise Refusal(_("Sluttiden måste vara senare än starttiden."), "ends")
    if wall_delta(event.starts, event.ends) > timedelta(days=31):
        raise Refusal(_("Evenemanget är längre än en månad. Kontrollera sluttiden."), "ends")
    opens, closes = event.registration_opens, event.registration_closes
    if opens and closes and closes <= opens:
        raise Refusal(
            _("Anmälan måste öppna innan den stänger. Ändra någon av tiderna."),
            "registration_closes",
        )


def _free_slug(session: Session, wanted: str, title: str, starts: datetime) -> str:
    if wanted:
        if session.scalar(sa.select(Event.id).filter_by(slug=wanted)):
            raise Refusal(_("Adressen används redan av ett annat evenemang."), "slug")
        return wanted
    base = slugify(title, 70) or "evenemang"
    dated = f"{base}-{wall(starts):%Y-%m-%d}"
    taken = set(
        session.scalars(sa.select(Event.slug).where(Event.slug.startswith(base, autoescape=True)))
    )
    names = [base, dated] + [f"{dated}-{n}" for n in range(2, len(taken) + 3)]
    return next(name for name in names if name not in taken)
