"""What the organiser's pages ask of the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from accounts.models import AuditEntry, Authority
from core.clock import today
from core.db import db
from core.text import swedish_order
from events.models import (
    Appearance,
    Assignment,
    Event,
    Photo,
    Pool,
    ProgrammeItem,
    Release,
    Speaker,
)
from events.rules import LINGERS, Mode, Slot, State, Step, next_step, search_text
from events.speaking.models import Engagement
from events.speaking.rules import Consent, people_in
from events.speaking.shown import holds

PAGE = 25  # rows of a list
HISTORY = 15  # lines of the log, where the same thing done again and again is one line
LOOKED_AT = 150  # entries of the log that become those lines
COMING, DRAFTS, PAST = 0, 1, 2  # the groups of the workspace, in their order


@dataclass(frozen=True)
class Row:
    """An event in the workspace. `capacity` is None where some mode has no limit."""

    event: Event
    group: int
    items: int
    taken: int
    capacity: int | None
    step: Step | None


@dataclass(frozen=True)
class Listing:
    """One page of the workspace."""

    rows: Sequence[Row]
    page: int
    pages: int
    total: int


def workspace(
    session: Session,
    authority_ids: Sequence[int],
    *,
    doors: Sequence[int] = (),
    searched: str,
    page: int,
    now: datetime,
) -> Listing:
    """The authorities' events: to come (the next first), drafts, past (the latest first).

    Of the authorities `doors` what is no draft: one only stands at their
    doors. Four queries, however many events there are.
    """
    over = sa.or_(
        Event.state.in_([State.CANCELLED, State.HELD, State.CLOSED]),
        sa.and_(Event.state != State.DRAFT, Event.ends < now - LINGERS),
    )
    group = sa.case((Event.state == State.DRAFT, DRAFTS), (over, PAST), else_=COMING)
    at_a_door = sa.and_(Event.authority_id.in_(doors), Event.state != State.DRAFT)
    mine = sa.select(Event, group).where(sa.or_(Event.authority_id.in_(authority_ids), at_a_door))
    for word in search_text(searched).split():
        mine = mine.where(Event.search.contains(word, autoescape=True))
    total = session.scalar(sa.select(sa.func.count()).select_from(mine.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    found = session.execute(
        mine.order_by(group, sa.case((group != PAST, Event.starts)), Event.starts.desc(), Event.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    ids = [event.id for event, _group in found]
    seats = _seats(session, ids)
    items = _counted(session, ids)
    rows = []
    for event, rank in found:
        count = items.get(event.id, 0)
        step = next_step(state=event.state, ends=event.ends, items=count, now=now)
        rows.append(Row(event, rank, count, *seats.get(event.id, (0, 0)), step))
    return Listing(rows, page, pages, total)


def _seats(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    seats: dict[int, tuple[int, int | None]] = {}
    for pool in session.scalars(
        sa.select(Pool).where(Pool.event_id.in_(ids), Pool.mode.is_not(None))
    ):
        taken, capacity = seats.get(pool.event_id, (0, 0))
        more = None if capacity is None or pool.capacity is None else capacity + pool.capacity
        seats[pool.event_id] = (taken + pool.taken, more)
    return seats


def _counted(session: Session, ids: Sequence[int]) -> dict[int, int]:
    found = session.execute(
        sa.select(ProgrammeItem.event_id, sa.func.count())
        .where(ProgrammeItem.event_id.in_(ids))
        .group_by(ProgrammeItem.event_id)
    )
    return dict(iter(found))


def find_event(event_id: int) -> Event | None:
    """The event of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Event, event_id)


def find_item(item_id: int) -> ProgrammeItem | None:
    """The programme item of that id, whosesoever it is (the gate asks)."""
    return db.session.get(ProgrammeItem, item_id)


def find_speaker(speaker_id: int) -> Speaker | None:
    """The speaker of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Speaker, speaker_id)


def photo_by_token(session: Session, token: str) -> Photo | None:
    """The photo under a random address, with its bytes; None where it may not be shown now."""
    return session.scalar(
        sa.select(Photo)
        .join(Speaker, Speaker.id == Photo.speaker_id)
        .where(
            Photo.token == token,
            holds(Speaker.name_given, Speaker.name_until, today()),
            holds(Speaker.photo_given, Speaker.photo_until, today()),
        )
        .options(undefer(Photo.body))
    )


def photo_of(session: Session, speaker: Speaker) -> Photo | None:
    """The speaker's own photo with its bytes, whoever may see it."""
    return session.scalar(
        sa.select(Photo).filter_by(id=speaker.photo_id).options(undefer(Photo.body))
    )


def pool_of_item(session: Session, item_id: int) -> Pool | None:
    """The seats of an item in a choice group."""
    return session.scalar(sa.select(Pool).filter_by(item_id=item_id))


def programme(session: Session, event_id: int) -> Sequence[ProgrammeItem]:
    """The draft with everybody in it, in the order of the day. Four queries, however long."""
    return session.scalars(
        sa.select(ProgrammeItem)
        .filter_by(event_id=event_id)
        .order_by(ProgrammeItem.starts, ProgrammeItem.ends, ProgrammeItem.room, ProgrammeItem.id)
        .options(
            selectinload(ProgrammeItem.appearances)
            .selectinload(Appearance.speaker)
            .selectinload(Speaker.photo)
        )
    ).all()


def draft_content(event: Event) -> dict[str, Any]:
    """The draft as a release would hold it."""
    session = sa.orm.object_session(event)
    return content_of(programme(session, event.id) if session is not None else event.items)


def content_of(items: Sequence[ProgrammeItem]) -> dict[str, Any]:
    """These items as a release holds them. Only speakers who have consented are named."""
    named = [a.speaker for item in items for a in item.appearances if a.speaker.consent]
    return {
        "items": [_item(item) for item in items],
        "speakers": [_speaker(speaker) for speaker in dict.fromkeys(named)],
    }


def slots(items: Sequence[ProgrammeItem]) -> list[Slot]:
    """These items as the checks see them."""
    return [
        Slot(
            title=item.title,
            starts=item.starts,
            ends=item.ends,
            room=item.room,
            group=item.group,
            speakers=tuple(
                (a.speaker_id, a.speaker.name, a.speaker.consent) for a in item.appearances
            ),
            pause=item.is_pause,
        )
        for item in items
    ]


def modes(event: Event) -> list[Mode]:
    """How one can take part in the event."""
    return [pool.mode for pool in event.pools if pool.mode]


def item_pools(session: Session, event_id: int) -> dict[int, Pool]:
    """The seats of the items in choice groups, by item id."""
    pools = session.scalars(
        sa.select(Pool).where(Pool.event_id == event_id, Pool.item_id.is_not(None))
    )
    return {pool.item_id: pool for pool in pools if pool.item_id}


def other_authorities(session: Session, authority_id: int) -> list[Authority]:
    """All authorities but this one, by name: those who may arrange together with it."""
    others = session.scalars(sa.select(Authority).where(Authority.id != authority_id))
    return sorted(others, key=lambda authority: swedish_order(authority.name))


def assignments(session: Session) -> list[Assignment]:
    """The government assignments an event may belong to."""
    return list(session.scalars(sa.select(Assignment).order_by(Assignment.title)))


def register(session: Session, authority_id: int) -> list[Speaker]:
    """The authority's speakers, by name."""
    found = session.scalars(sa.select(Speaker).filter_by(authority_id=authority_id))
    return sorted(found, key=lambda speaker: swedish_order(speaker.name))


@dataclass(frozen=True)
class SpeakerListing:
    """One page of the register."""

    rows: Sequence[Speaker]
    page: int
    pages: int
    total: int


def speakers(
    session: Session, authority_ids: Sequence[int], *, searched: str, page: int
) -> SpeakerListing:
    """Those in the registers whose name, title or organisation holds every word, by name.

    Two queries: folding and order are Swedish, which the databases do not agree on.
    """
    words = search_text(searched).split()
    names = session.execute(
        sa.select(Speaker.id, Speaker.name, Speaker.title, Speaker.organisation).where(
            Speaker.authority_id.in_(authority_ids)
        )
    )
    found = sorted(
        (swedish_order(name), id_)
        for id_, name, title, organisation in names
        if all(word in search_text(name, title, organisation) for word in words)
    )
    ids = [id_ for _name, id_ in found[(page - 1) * PAGE : page * PAGE]]
    rows = {
        speaker.id: speaker
        for speaker in session.scalars(
            sa.select(Speaker).where(Speaker.id.in_(ids)).options(joinedload(Speaker.photo))
        )
    }
    pages = max(1, -(-len(found) // PAGE))
    return SpeakerListing([rows[id_] for id_ in ids], page, pages, len(found))


def _item(item: ProgrammeItem) -> dict[str, Any]:
    # Releases from before there were tracks have no such key: an item without one is as it was.
    track = {"track": item.track} if item.track else {}
    return track | {
        "id": item.id,
        "kind": item.kind.value,
        "starts": item.starts.isoformat(),
        "ends": item.ends.isoformat(),
        "title": item.title,
        "text": item.text,
        "room": item.room,
        "group": item.group,
        "capacity": item.capacity,
        "pause": item.is_pause,
        "speakers": [
            {
                "id": appearance.speaker_id,
                "name": appearance.speaker.name,
                "by": appearance.speaker.by,
                "role": appearance.role.value,
            }
            for appearance in item.appearances
            if appearance.speaker.consent
        ],
    }


def _speaker(speaker: Speaker) -> dict[str, Any]:
    return {
        "id": speaker.id,
        "name": speaker.name,
        "title": speaker.title,
        "organisation": speaker.organisation,
        "text": speaker.text,
        "photo": speaker.photo.token if speaker.photo and speaker.shows(Consent.PHOTO) else None,
    }


def latest_release(session: Session, event_id: int) -> Release | None:
    """What everybody sees of the programme now."""
    return session.scalar(
        sa.select(Release).filter_by(event_id=event_id).order_by(Release.number.desc()).limit(1)
    )


def history(
    session: Session, event_id: int, actions: Iterable[str]
) -> list[tuple[AuditEntry, int]]:
    """What was done to plan the event, the newest first: those of `actions`.

    Each with how many times the same person did it on end; the entry is the latest of them.
    """
    entries = session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.event_id == event_id, AuditEntry.action.in_(list(actions)))
        .order_by(AuditEntry.id.desc())
        .limit(LOOKED_AT)
    )
    runs = groupby(entries, key=lambda entry: (entry.action, entry.user_id))
    folded = ((next(run), 1 + sum(1 for _ in run)) for _same, run in runs)
    return list(islice(folded, HISTORY))


def events_showing(session: Session, speaker: Speaker) -> list[Event]:
    """The events that have a release which names the person, or that may hold their slides."""
    ids = {event_id for event_id, _content in _releases_naming(session, speaker)}
    ids.update(session.scalars(sa.select(Engagement.event_id).filter_by(speaker_id=speaker.id)))
    return list(session.scalars(sa.select(Event).where(Event.id.in_(ids)).order_by(Event.id)))


def photos_released(session: Session, speaker: Speaker) -> set[str]:
    """The tokens of the speaker's photos that some release shows."""
    return {
        person["photo"]
        for _event_id, content in _releases_naming(session, speaker)
        for person in content.get("speakers", ())
        if person["id"] == speaker.id and person.get("photo")
    }


def _releases_naming(session: Session, speaker: Speaker) -> list[tuple[int, dict[str, Any]]]:
    """Event and frozen content of the releases that name the person."""
    perhaps = sa.cast(Release.frozen, sa.String).contains(f'"id": {speaker.id},')
    found = session.execute(
        sa.select(Release.event_id, Release.frozen)
        .join(Event, Event.id == Release.event_id)
        .where(Event.authority_id == speaker.authority_id, perhaps)
    )
    return [(id_, content) for id_, content in found if speaker.id in people_in(content)]
