"""Keep the index true: in the transaction that publishes, changes, cancels or takes back."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from core.db import Session as OurSession
from events.finding import index
from events.finding.models import SearchDocument
from events.finding.rules import tails, words
from events.finding.sources import Found, sources
from events.finding.tags import kind_tag, tags_of
from events.models import Event, Release
from events.rules import PUBLIC_STATES

MARKED = "events to index"
BATCH = 100  # events
Key = tuple[int, str, str]


def mark(session: Session, event_id: int) -> None:
    """What is public of the event may have changed: it is indexed anew before the commit."""
    session.info.setdefault(MARKED, set()).add(event_id)


@sa.event.listens_for(Release, "after_insert")
def _released(_mapper: Any, _connection: Any, release: Release) -> None:
    """A programme that has been released is found, whoever released it and why."""
    session = sa.orm.object_session(release)
    if session is not None:
        mark(session, release.event_id)


@sa.event.listens_for(OurSession, "before_commit")
def _before_commit(session: Session) -> None:
    if session.new or session.dirty or session.deleted:
        session.flush()
    if marked := session.info.pop(MARKED, None):
        keep(session, sorted(marked))


@sa.event.listens_for(OurSession, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(MARKED, None)


def keep(session: Session, event_ids: Sequence[int]) -> int:
    """Bring what is found of these events up to date; how many documents had to be changed."""
    wanted = _wanted(session, event_ids)
    present = {
        (one.event_id, one.kind.value, one.key): one
        for one in session.scalars(
            sa.select(SearchDocument).where(SearchDocument.event_id.in_(event_ids))
        )
    }
    gone = [one for key, one in present.items() if key not in wanted]
    index.drop(session, [one.id for one in gone])
    for one in gone:
        session.delete(one)
    changed = []
    for key, (document, entry) in wanted.items():
        known = present.get(key)
        if known is not None and known.digest == document["digest"]:
            continue
        known = known or SearchDocument()
        for name, value in document.items():
            setattr(known, name, value)
        session.add(known)
        changed.append((known, entry))
    session.flush()
    index.put(session, [index.Entry(known.id, **entry) for known, entry in changed])
    return len(gone) + len(changed)


def rebuild(session: Session) -> int:
    """Make the whole index anew; how many documents there are in it."""
    drop_all(session)
    ids = session.scalars(sa.select(Event.id).where(Event.state.in_(PUBLIC_STATES))).all()
    return sum(keep(session, some) for some in _batches(ids))


def drop_all(session: Session) -> None:
    """Forget everything."""
    index.drop(session, sorted(index.numbers(session)))
    session.execute(sa.delete(SearchDocument))


def missing(session: Session, most: int) -> Sequence[int]:
    """Public events that cannot be found, as after an upgrade from before there was an index."""
    return session.scalars(
        sa.select(Event.id)
        .where(
            Event.state.in_(PUBLIC_STATES),
            ~sa.exists().where(SearchDocument.event_id == Event.id),
        )
        .order_by(Event.id)
        .limit(most)
    ).all()


def astray(session: Session) -> Iterator[str]:
    """A line for each event of which something else is found than what is public."""
    kept = index.numbers(session)
    for some in _batches(session.scalars(sa.select(Event.id).order_by(Event.id)).all()):
        wanted = {key: document["digest"] for key, (document, _) in _wanted(session, some).items()}
        present = {
            (row.event_id, row.kind.value, row.key): (row.digest, row.id in kept)
            for row in session.execute(
                sa.select(
                    SearchDocument.event_id, SearchDocument.kind, SearchDocument.key,
                    SearchDocument.digest, SearchDocument.id,
                ).where(SearchDocument.event_id.in_(some))
            )
        }  # fmt: skip
        good = {(key, (digest, True)) for key, digest in wanted.items()}
        for event_id in sorted({key[0] for key, _state in good ^ set(present.items())}):
            yield f"evenemang {event_id} hittas inte som det är: kör `flask search rebuild`"
    if kept - set(session.scalars(sa.select(SearchDocument.id))):
        yield "sökregistret har ord som inte hör till något: kör `flask search rebuild`"


def _wanted(
    session: Session, event_ids: Sequence[int]
) -> dict[Key, tuple[dict[str, Any], dict[str, list[str]]]]:
    """What should be found of those of the events that are public, and by which words."""
    events = {
        event.id: event
        for event in session.scalars(
            sa.select(Event)
            .where(Event.id.in_(event_ids), Event.state.in_(PUBLIC_STATES))
            .options(selectinload(Event.pools))
        )
    }
    tags = {event_id: tags_of(event) for event_id, event in events.items()}
    return {
        (one.event_id, one.kind.value, one.key): _document(one, events[one.event_id], tags)
        for found in (sources(session, list(events)) if events else ())
        for one in found
    }


def _document(
    found: Found, event: Event, tags: dict[int, list[str]]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    title, body = words(found.title), words(found.body)
    entry = {
        "title": title,
        "body": body,
        "more": [*words(found.more), *tails([*title, *body])],
        "tags": [*tags[event.id], kind_tag(found.kind)],
    }
    document = {
        "event_id": found.event_id, "kind": found.kind, "key": found.key,
        "title": found.title, "body": found.body, "endpoint": found.endpoint,
        "values": found.values, "starts": event.starts, "ends": event.ends,
    }  # fmt: skip
    told = json.dumps([document, entry], default=str, sort_keys=True)
    document["digest"] = hashlib.sha256(told.encode()).hexdigest()
    return document, entry


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
