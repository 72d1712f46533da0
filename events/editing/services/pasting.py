"""A programme that was read from text becomes items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import User
from core.text import name_key
from events.editing.cells import instant
from events.editing.queries import by_name
from events.editing.rules import Read, ReadPerson
from events.models import Event, Speaker
from events.services import add_item, add_speaker, remove_item

Known = dict[str, list[Speaker]]


def take_in(
    session: Session,
    event: Event,
    read: Sequence[Read],
    *,
    with_people: bool,
    instead: bool = False,
    by: User | None,
    now: datetime,
) -> int:
    """Add these items to the draft, or put them `instead` of what is there; how many.

    Who is not in the register yet is added to it. Nobody is taken to have consented: names are
    shown when they have. Raises `Refusal` for a time that does not exist, a closed event, and an
    item that would go though somebody has chosen it.
    """
    for gone in list(event.items) if instead else ():
        remove_item(session, gone, by=by, now=now)
    known = by_name(session, event.authority_id) if with_people else {}
    for item in read:
        speakers = []
        for person in item.people if with_people else ():
            speaker = found_in(known, person) or _add(session, event, person, known, by, now)
            speakers.append((speaker, person.role))
        add_item(
            session, event, speakers=speakers, by=by, now=now,
            facts={
                "starts": instant(item.starts, "text"), "ends": instant(item.ends, "text"),
                "kind": item.kind, "title": item.title, "text": item.text, "room": item.room,
                "group": item.group, "track": item.track,
            },
        )  # fmt: skip
    return len(read)


def found_in(known: Known, person: ReadPerson) -> Speaker | None:
    """The one of the register who is meant: same name, and no other organisation told."""
    for speaker in known.get(name_key(person.name), []):
        told = name_key(person.organisation), name_key(speaker.organisation)
        if not all(told) or told[0] == told[1]:
            return speaker
    return None


def _add(
    session: Session,
    event: Event,
    person: ReadPerson,
    known: Known,
    by: User | None,
    now: datetime,
) -> Speaker:
    facts = {
        "name": person.name[:200],
        "title": person.title[:200],
        "organisation": person.organisation[:200],
    }
    speaker = add_speaker(session, event.authority, facts=facts, by=by, now=now)
    known.setdefault(name_key(person.name), []).append(speaker)
    return speaker
