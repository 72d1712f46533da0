"""Meetings that belong together: a network's, and a yearly cycle of two sakråd and one above."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo.seed import Seeder
from events.models import Event
from events.series.models import EventSeries
from events.series.rules import SeriesKind
from events.series.services import create_series, go_on, join
from events.services import publish
from events.times import moved

AUTHORITY = "jonkoping"
NETWORK, CYCLE = "natverket-for-social-hallbarhet", "samrad-med-civilsamhallet"
EVERY, AHEAD = timedelta(weeks=4), 3
MEETING = {
    "authority": AUTHORITY, "kind": "network_meeting", "capacity": {"online": 60},
    "online_url": "https://mote.example.se/natverket", "case_number": "851-4410-2026",
    "lead": "En timme om det som är nytt i länet, ett exempel från en kommun och tid för frågor.",
    "target_group": "Handläggare och föreningar som arbetar med social hållbarhet",
    "contact_name": "Staffan Pettersson", "contact_email": "konferens.jonkoping@example.se",
}  # fmt: skip
PROGRAMME = [
    {"starts": "13:00", "ends": "13:20", "kind": "talk", "title": "Nytt sedan sist"},
    {
        "starts": "13:20",
        "ends": "13:50",
        "kind": "local_example",
        "title": "Ett exempel i länet",
    },
    {"starts": "13:50", "ends": "14:00", "kind": "closing", "title": "Till nästa gång"},
]
ABOVE = {
    "slug": "hognivamote-med-civilsamhallet", "authority": AUTHORITY, "kind": "high_level_meeting",
    "title": "Högnivåmöte med det civila samhället", "state": "published",
    "starts": "D+120 10:00", "ends": "D+120 12:00", "capacity": {"room": 24}, "invited_only": True,
    "lead": "Landshövdingen möter föreningarnas ordförande om det som årets sakråd har visat.",
    "venue": {"name": "Residenset", "address": "Hamngatan 4, Jönköping", "municipality": "0680"},
    "contact_name": "Staffan Pettersson", "contact_email": "konferens.jonkoping@example.se",
}  # fmt: skip
OF_CYCLE = ("sakrad-ensamhet-aldre-landsbygd", "sakrad-foreningslivet-i-kris", ABOVE["slug"])


def add_series(session: Session, *, now: datetime) -> None:
    """Add both series with their meetings, unless they are there."""
    if session.scalar(sa.select(EventSeries.id).filter_by(slug=NETWORK)):
        return
    seeder = Seeder(session, now=now)
    for number, (day, state) in enumerate((("D-31", "held"), ("D+25", "published")), 1):
        seeder.event(
            MEETING | {
                "slug": f"natverkstraff-{number}", "title": "Nätverksträff om social hållbarhet",
                "state": state, "starts": f"{day} 13:00", "ends": f"{day} 14:00",
                "programme": PROGRAMME,
            },
            "demo",
        )  # fmt: skip
    seeder.event(ABOVE, "demo")
    network = _series(
        session, now, NETWORK, SeriesKind.SERIES, "Nätverket för social hållbarhet",
        "Var fjärde vecka på nätet. Alla är välkomna, med eller utan fråga.",
        ["natverkstraff-1", "natverkstraff-2"],
    )  # fmt: skip
    _series(
        session, now, CYCLE, SeriesKind.CYCLE, "Samråd med det civila samhället",
        "Två sakråd om frågor som föreningarna väljer, och ett högnivåmöte som tar dem vidare.",
        OF_CYCLE,
    )  # fmt: skip
    last = session.scalars(sa.select(Event).filter_by(slug="natverkstraff-2")).one()
    days = [moved(last.starts, EVERY * number) for number in range(1, AHEAD + 1)]
    made = go_on(session, network, last, starts=days, by=None, now=now)
    for meeting in made[:-1]:  # the last one is still a draft
        publish(session, meeting, by=None, now=now)


def _series(
    session: Session,
    now: datetime,
    slug: str,
    kind: SeriesKind,
    title: str,
    text: str,
    meetings: Any,
) -> EventSeries:
    events = session.scalars(sa.select(Event).where(Event.slug.in_(meetings))).all()
    facts = {"slug": slug, "kind": kind, "title": title, "text": text, "year": None}
    series = create_series(session, events[0].authority, facts=facts, by=None, now=now)
    for event in events:
        join(session, series, event, by=None, now=now)
    return series
