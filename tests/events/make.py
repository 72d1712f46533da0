"""Events, programme items and speakers for tests, made by the ordinary services."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts import queries as account_queries
from accounts.models import Authority
from core.db import db, write
from events import services
from events.models import Event, ProgrammeItem, Speaker
from events.queries.manage import find_event
from events.rules import ItemKind, Kind, Mode, SpeakerRole

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 4, 8, 30, tzinfo=UTC)  # 09.30 in Stockholm


def board(slug: str = "jonkoping") -> Authority:
    """One of the 21 boards."""
    found = account_queries.authority_by_slug(db.session, slug)
    assert found is not None
    return found


def event(
    board_slug: str = "jonkoping",
    *,
    published: bool = False,
    room: int | None = 120,
    online: int | bool | None = False,
    kind: Kind = Kind.REGIONAL_CONFERENCE,
    **facts: Any,
) -> Event:
    """An event on 4 March 2027, 09.30–16.00; `online` False offers no link."""
    facts = {
        "title": "Mottagande och etablering",
        "starts": STARTS,
        "ends": facts.get("starts", STARTS) + timedelta(hours=6.5),
        "venue_name": "Folkets hus",
        "venue_address": "Södergatan 5, Jönköping",
        "municipality": "0680",
        "contact_name": "Karin Ek",
        "contact_email": "karin.ek@example.se",
    } | facts

    def make() -> int:
        capacity = {Mode.ROOM: room} | ({} if online is False else {Mode.ONLINE: online})
        made = services.create_event(
            db.session, authority=board(board_slug), kind=kind, facts=facts, capacity=capacity,
            by=None, now=NOW,
        )  # fmt: skip
        if published:
            services.publish(db.session, made, by=None, now=NOW)
        return made.id

    made = find_event(write(make))
    assert made is not None
    return made


def speaker(name: str = "Maria Holm", board_slug: str = "jonkoping", **facts: Any) -> Speaker:
    """Somebody in the register, who has consented."""
    facts = {
        "name": name,
        "title": "chef",
        "organisation": "Tranås kommun",
        "consent": True,
    } | facts
    made = write(
        lambda: services.add_speaker(db.session, board(board_slug), facts=facts, by=None, now=NOW)
    )
    db.session.refresh(made)
    return made


def item(
    to: Event, title: str = "Lägesbild", *, after: float = 0, hours: float = 1,
    speakers: tuple[Speaker, ...] = (), **facts: Any,
) -> ProgrammeItem:  # fmt: skip
    """A line of the draft, `after` hours from the start of the event."""
    ids = [one.id for one in speakers]

    def make() -> ProgrammeItem:
        event_now = db.session.get_one(Event, to.id)
        starts = event_now.starts + timedelta(hours=after)
        return services.add_item(
            db.session, event_now,
            facts={"kind": ItemKind.TALK, "title": title, "starts": starts,
                   "ends": starts + timedelta(hours=hours)} | facts,
            speakers=[(db.session.get_one(Speaker, id_), SpeakerRole.SPEAKER) for id_ in ids],
            by=None, now=NOW,
        )  # fmt: skip

    made = write(make)
    db.session.refresh(made)
    return made
