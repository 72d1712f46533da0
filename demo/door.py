"""An event of today with the door open: some have come, some have left, a few wait for a seat."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts import queries as account_queries
from accounts.models import Authority
from core.clock import to_instant, to_local
from core.reference import Sector
from events import services as event_services
from events.models import Event, ProgrammeItem
from events.rules import ItemKind, Kind, Mode
from registrations import services as registration_services
from registrations.door import services as door_services
from registrations.models import Registration
from registrations.rules import RoleKind, Source, Tick

SLUG = "oppet-hus-for-foreningar"
FIRST = ("Amina", "Björn", "Cecilia", "David", "Elif", "Fredrik", "Gunilla", "Hassan", "Ingrid",
         "Johan", "Karin", "Lars", "Maja", "Nils", "Olga", "Per", "Rania", "Sven", "Tova", "Ulf",
         "Vera", "Yusuf", "Åsa", "Ärland", "Örjan")  # fmt: skip
LAST = ("Abdi", "Berglund", "Ceder", "Dahl", "Ekström", "Forsman", "Grahn", "Hedlund", "Isaksson",
        "Jonsson", "Karlén", "Lindqvist", "Moberg", "Nyman", "Olausson", "Palm", "Rask", "Sjödin",
        "Tegnér", "Uhlin", "Westman", "Yilmaz", "Åkesson", "Ärlig", "Öberg")  # fmt: skip
FROM = (
    ("Föreningen Bryggan", Sector.CIVIL_SOCIETY), ("Jönköpings kommun", Sector.MUNICIPALITY),
    ("Rädda ängarna", Sector.CIVIL_SOCIETY), ("Region Jönköpings län", Sector.REGION),
    ("Vätterbygdens företagare", Sector.BUSINESS), ("Tranås kommun", Sector.MUNICIPALITY),
    ("Språkvännerna", Sector.CIVIL_SOCIETY),
)  # fmt: skip
SEATS, ONLINE, REGISTERED, CAME = 50, 10, 63, 25  # three more in the room than there are chairs
SEMINARS = ("Lokaler att dela", "Bidrag utan krångel", "Unga i styrelsen")


def add_open_door(session: Session, *, now: datetime) -> None:
    """Add the event with its people and what its door has seen, unless it is there."""
    if session.scalar(sa.select(Event.id).filter_by(slug=SLUG)):
        return
    event, seminars = _event(session, now)
    people = [
        _register(session, event, number, seminars, now - timedelta(days=20, hours=-number))
        for number in range(REGISTERED)
    ]
    _tick(session, event, people, seminars, now)


def _event(session: Session, now: datetime) -> tuple[Event, list[ProgrammeItem]]:
    authority = session.scalars(sa.select(Authority).filter_by(slug="jonkoping")).one()
    planned = now - timedelta(days=60)
    day = to_local(now).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    at = {hour: to_instant(day + timedelta(hours=hour)) for hour in (9, 10, 12, 13, 16)}
    event = event_services.create_event(
        session, authority=authority, kind=Kind.DIALOGUE_MEETING,
        facts={
            "slug": SLUG, "title": "Öppet hus för länets föreningar", "starts": at[9],
            "ends": at[16], "venue_name": "Spira", "venue_address": "Kulturgatan 3",
            "municipality": "0680", "online_url": "https://mote.example.se/oppet-hus",
            "purpose": "Föreningar, kommuner och regionen möts om lokaler, bidrag och nya ledare.",
            "contact_name": "Åsa Lindh", "contact_phone": "010-223 60 00",
            "contact_email": "organisator@example.se", "registration_closes": at[9],
        },
        capacity={Mode.ROOM: SEATS, Mode.ONLINE: None}, by=None, now=planned,
    )  # fmt: skip
    lines: list[dict[str, Any]] = [
        {"kind": ItemKind.WELCOME, "starts": at[9], "ends": at[10], "title": "Välkomna"},
        *(
            {"kind": ItemKind.SEMINAR, "starts": at[10], "ends": at[12], "title": title,
             "group": "10.00", "capacity": 22, "room": f"Sal {number}"}
            for number, title in enumerate(SEMINARS, 1)
        ),
        {"kind": ItemKind.LUNCH, "starts": at[12], "ends": at[13], "title": "Lunch"},
        {"kind": ItemKind.DISCUSSION, "starts": at[13], "ends": at[16], "title": "Vad gör vi nu?"},
    ]  # fmt: skip
    items = [
        event_services.add_item(session, event, facts=facts, speakers=[], by=None, now=planned)
        for facts in lines
    ]
    event_services.publish(session, event, by=None, now=planned)
    return event, [item for item in items if item.group]


def _register(
    session: Session, event: Event, number: int, seminars: list[ProgrammeItem], at: datetime
) -> Registration:
    first, last = FIRST[number % len(FIRST)], LAST[(number * 7 + number // 25) % len(LAST)]
    organisation, sector = FROM[number % len(FROM)]
    online = number < ONLINE
    return registration_services.register(
        session, event,
        facts={
            "first_name": first, "last_name": last, "email": f"oppet.{number}@example.se",
            "phone": "", "organisation": organisation, "sector": sector, "municipality": "0680",
            "role_kind": RoleKind.OTHER, "mode": Mode.ONLINE if online else Mode.ROOM,
            "list_consent": False, "protected": number == 30,
        },
        choices=[] if online else [seminars[number % len(seminars)].id], needs={},
        source=Source.IMPORT, language="sv", now=at, by=None, notify=False,
    )  # fmt: skip


def _tick(
    session: Session,
    event: Event,
    people: list[Registration],
    seminars: list[ProgrammeItem],
    now: datetime,
) -> None:
    """Two minutes between each, the last some minutes ago; then two leave, one was a mistake."""
    by = account_queries.user_by_email(session, "incheckning@example.se")
    first = min(event.starts - timedelta(minutes=35), now - timedelta(hours=1))

    def press(person: Registration, what: Tick, minutes: int, item: ProgrammeItem | None) -> None:
        door_services.tick(
            session, person, tick=what, nonce=f"demo-door-{person.id}-{what}-{minutes}", by=by,
            now=first + timedelta(minutes=minutes), item=item,
        )  # fmt: skip

    here = people[ONLINE : ONLINE + CAME]
    for number, person in enumerate(here):
        press(person, Tick.IN, 2 * number, None)
    for person in here[:8]:
        chosen = next((one for one in seminars if one.id in _chosen(person)), None)
        press(person, Tick.IN, 51, chosen)
    for person in here[1:3]:
        press(person, Tick.OUT, 55, None)
    press(people[-4], Tick.IN, 52, None)
    press(people[-4], Tick.UNDO, 53, None)


def _chosen(person: Registration) -> set[int]:
    return {choice.item_id for choice in person.choices}
