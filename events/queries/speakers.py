"""The register of speakers, their photos, and where a release names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, undefer

from core.clock import today
from core.db import db
from core.paging import page_count
from core.text import swedish_order
from events.models import Event, Photo, Release, Speaker
from events.rules import search_text
from events.speaking.models import Engagement
from events.speaking.rules import people_in
from events.speaking.shown import holds

PAGE = 25  # rows of a list


def find_speaker(speaker_id: int) -> Speaker | None:
    """The speaker of that id, whosesoever it is (the gate asks)."""
    return db.session.get(Speaker, speaker_id)


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


def listing(
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
    pages = page_count(len(found), PAGE)
    return SpeakerListing([rows[id_] for id_ in ids], page, pages, len(found))


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
