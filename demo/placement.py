"""Two conferences with parallel seminars: seats that wait to be placed, and such as have been."""

import random
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.reference import Sector
from core.text import slugify
from demo.seed import Seeder
from events import services as event_services
from events.models import Event
from events.rules import Mode, State
from registrations.placement import services
from registrations.placement.preview import preview
from registrations.placement.rules import How, Pick
from registrations.queries.public import field_of
from registrations.rules import RoleKind, Source

COMING = "dialogdagen-om-integration-pa-hoglandet"
HELD = "dialogdagen-om-integration-i-jonkoping"
TITLES = {
    COMING: "Dialogdagen om integration på Höglandet",
    HELD: "Dialogdagen om integration i Jönköping",
}
EVENT: dict[str, Any] = {
    "kind": "regional_conference", "state": "published",
    "lead": "En dag för kommuner, föreningar och myndigheter om att bli en del av länet.",
    "purpose": "Att jämföra arbetssätt och komma överens om nästa steg.",
    "venue": {
        "name": "Kulturhuset Pigalle", "address": "Brogatan 5, Nässjö", "municipality": "0682",
    },
    "contact_name": "Lena Sjögren", "contact_email": "dialogdagen@example.se",
    "contact_phone": "010-223 70 00", "capacity": {"room": 80},
}  # fmt: skip
SEMINARS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "11.00": (
        ("Språkvägar på arbetsplatsen", "Sal Linné", 20),
        ("Bostäder på kort tid", "Sal Nilsson", 16),
        ("Föreningslivet som dörröppnare", "Sal Ekman", 24),
        ("Skolan när eleverna blir fler", "Sal Lagerlöf", 16),
    ),
    "14.00": (
        ("Ensamkommande som fyller 18", "Sal Linné", 18),
        ("Praktik som leder till jobb", "Sal Nilsson", 22),
        ("Hälsa och vila i mottagandet", "Sal Ekman", 16),
        ("Så mäter vi att det gör skillnad", "Sal Lagerlöf", 20),
    ),
}
POPULAR = (9, 6, 3, 2)  # how many want each seminar, roughly
FIRST_NAMES = ("Anna", "Erik", "Fatima", "Gustav", "Hanna", "Ibrahim", "Johan", "Karin",
               "Leila", "Mats", "Nora", "Omar", "Petra", "Rolf", "Sara", "Tomas", "Ulla",
               "Vera")  # fmt: skip
LAST_NAMES = ("Ahlström", "Berg", "Dahl", "Ek", "Forsman", "Gren", "Hussein", "Isaksson",
              "Jansson", "Kvist", "Lind", "Mohamud", "Nyberg", "Öst", "Palm", "Rask")  # fmt: skip
FROM = (
    ("Jönköpings kommun", Sector.MUNICIPALITY, "0680"),
    ("Eksjö kommun", Sector.MUNICIPALITY, "0686"),
    ("Nässjö kommun", Sector.MUNICIPALITY, "0682"), ("Region Jönköpings län", Sector.REGION, None),
    ("Föreningen Öppet hus", Sector.CIVIL_SOCIETY, "0685"),
    ("Arbetsförmedlingen", Sector.AGENCY, None),
)  # fmt: skip


def add_placements(session: Session, *, now: datetime) -> None:
    """Add both, unless they are there."""
    if session.scalar(sa.select(Event.id).filter_by(slug=COMING)):
        return
    _conference(session, COMING, "jonkoping", days=32, people=64, now=now)
    held = _conference(session, HELD, "jonkoping", days=-40, people=52, now=now)
    services.begin(
        session, held, preview(session, held.id, fill=True, anew=False), fill=True, anew=False,
        letters=False, by=None, now=held.starts - timedelta(days=8),
    )  # fmt: skip
    event_services.set_state(
        session, held, State.HELD, note="", by=None, now=held.ends + timedelta(days=1)
    )


def _conference(
    session: Session, slug: str, board: str, *, days: int, people: int, now: datetime
) -> Event:
    """A published conference in so many days, with people who wish and have no seat yet."""
    day = f"D{days:+}"
    programme = [
        {"starts": group.replace(".", ":"), "ends": f"{int(group[:2]) + 1}:00", "kind": "seminar",
         "title": title, "room": room, "group": group, "capacity": seats}
        for group, seminars in SEMINARS.items()
        for title, room, seats in seminars
    ]  # fmt: skip
    Seeder(session, now=now).event(
        EVENT | {
            "slug": slug, "authority": board, "title": TITLES[slug], "starts": f"{day} 09:30",
            "ends": f"{day} 16:00", "registration_opens": f"D{days - 50:+} 08:00",
            "registration_closes": f"D{min(days - 9, -1):+} 23:59", "programme": programme,
        },
        "demo",
    )  # fmt: skip
    event = session.scalars(sa.select(Event).filter_by(slug=slug)).one()
    planned = event.registration_opens or event.created
    services.set_slots(
        session, event, how=dict.fromkeys(SEMINARS, How.PLACED), online=(), by=None, now=planned
    )
    dice = random.Random(slug)  # noqa: S311 - the same people every time
    for number in range(people):
        _person(session, event, dice, number, planned + timedelta(hours=3 + 9 * number))
    return event


def _person(session: Session, event: Event, dice: random.Random, number: int, at: datetime) -> None:
    organisation, sector, municipality = dice.choice(FROM)
    first, last = FIRST_NAMES[number % 18], LAST_NAMES[(number * 7 + number // 16) % 16]
    services.register(
        session, event,
        facts={
            "first_name": first, "last_name": last, "phone": "", "organisation": organisation,
            "email": f"{slugify(first)}.{slugify(last)}.{number}@example.se",
            "sector": sector, "municipality": municipality, "role_kind": RoleKind.OFFICIAL,
            "mode": Mode.ROOM, "list_consent": number % 3 == 0, "protected": False,
        },
        picks=[_pick(event, group, dice) for group in SEMINARS], needs={}, source=Source.IMPORT,
        language="sv", now=at, notify=False,
    )  # fmt: skip


def _pick(event: Event, group: str, dice: random.Random) -> Pick:
    """What one person wishes in a slot; one in ten wishes nothing, one in four no second."""
    items = [item.id for item in event.items if item.group == group]
    first = dice.choices(items, POPULAR)[0]
    others = [id_ for id_ in items if id_ != first]
    second = dice.choice(others) if dice.random() < 0.75 else None
    if dice.random() < 0.1:
        return Pick(field_of(group), group, None, None, placed=True)
    return Pick(field_of(group), group, first, second, placed=True)
