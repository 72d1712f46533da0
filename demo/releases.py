"""A programme that has been released three times, and the letters about the last."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from events import services
from events.models import Event, ProgrammeItem
from events.rules import ItemKind
from events.times import moved, wall

CHANGED = "mottagande-och-etablering-i-jonkopings-lan"
NEW = "Vad gör vi på måndag?"
AFTERNOON = {
    "Kaffe och samtal": ("14:00", "14:30"),
    "Frågor till region och länsstyrelse": ("14:30", "15:20"),
    "Det här tar vi vidare": ("15:35", "16:00"),
}
ROOMS = {"Föreningen som bro": "Rum Vättern"}
NOT_IN_PANEL = ("Vem bär ansvaret när projektet är slut?", "Klara Brännström")


def add_releases(session: Session, *, now: datetime) -> None:
    """Release the programme anew six days ago and now; those it concerns are told. Once."""
    event = session.scalar(sa.select(Event).filter_by(slug=CHANGED))
    if event is None or not event.releases or any(item.title == NEW for item in event.items):
        return
    for release in event.releases:
        release.published = min(release.published, now - timedelta(days=20))
    items = {item.title: item for item in event.items}
    if not items.keys() >= {*AFTERNOON, *ROOMS, NOT_IN_PANEL[0]}:
        return
    lately = now - timedelta(days=6)
    for title, room in ROOMS.items():
        _change(session, items[title], {"room": room}, lately)
    panel, gone = items[NOT_IN_PANEL[0]], NOT_IN_PANEL[1]
    services.change_item(
        session, panel, facts={}, by=None, now=lately,
        speakers=[(a.speaker, a.role) for a in panel.appearances if a.speaker.name != gone],
    )  # fmt: skip
    services.release_programme(session, event, by=None, now=lately)
    for title, (begins, stops) in AFTERNOON.items():
        times = {"starts": _at(event, begins), "ends": _at(event, stops)}
        _change(session, items[title], times, now)
    services.add_item(
        session, event, by=None, now=now,
        facts={
            "kind": ItemKind.DISCUSSION, "title": NEW, "room": "Stora salen",
            "starts": _at(event, "15:20"), "ends": _at(event, "15:35"),
            "text": "Var och en skriver ned en sak att göra nästa vecka, och berättar för grannen.",
        },
        speakers=[],
    )  # fmt: skip
    services.release_programme(session, event, tell=True, by=None, now=now)


def _change(session: Session, item: ProgrammeItem, facts: dict[str, Any], now: datetime) -> None:
    services.change_item(session, item, facts=facts, by=None, now=now)


def _at(event: Event, clock: str) -> datetime:
    """That time on the day of the event."""
    hour, minute = map(int, clock.split(":"))
    begins = wall(event.starts)
    return moved(event.starts, begins.replace(hour=hour, minute=minute) - begins)
