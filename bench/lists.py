"""How long the organiser's list takes with 10,000 registered, of whom 3,000 have come."""

import itertools
import statistics
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from accounts import queries as account_queries
from accounts import services as accounts
from accounts.rules import Role
from bench.asking import Filled, filled
from core.db import db
from core.reference import Sector, municipalities
from core.settings import cookie_name
from core.text import name_key, swedish_order
from events import services as events
from events.models import Event, Pool, ProgrammeItem
from events.rules import ItemKind, Kind, Mode
from registrations.models import CheckIn, ItemChoice, Registration
from registrations.rules import RoleKind, Source, Status, Tick

PEOPLE, CAME = 10_000, 3_000
GOAL = 60  # milliseconds
TIMES = 21
FIRST = ("Åsa", "Erik", "Fatima", "Göran", "Ingrid", "José", "Karin", "Lars", "Maryam", "Östen")
LAST = ("Andersson", "Berg", "Çelik", "Dahl", "Ek", "Falk", "Öberg", "Åkesson", "Ärlig", "Zetter")
PAGES = {
    "list, first page": "",
    "list, last page": "sida=200",
    "list, by organisation": "sortera=organisation&sida=100",
    "list, latest first": "sortera=-tid",
    "list, waiting": "status=waiting",
    "list, searched": "q=%C3%B6berg+tran%C3%A5s",
    "list, county and choice": "lan=06&val={item}",
    "list, have not come": "kom=nej&sida=50",
}


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    for row in rows:
        print(
            f"{row['database']:12}{row['what']:26}{row['ms']:7.1f} ms, fastest "
            f"{row['fastest_ms']:.1f}{row['queries']:4} queries"
        )


def measure(kind: str) -> list[dict[str, Any]]:
    """A row for each way to ask for the list: the median of the server's time, and its queries."""
    with filled(kind, fill) as where:
        event_id, item_id, token = where.made
        browser = where.app.test_client()
        browser.set_cookie(cookie_name(where.app, "samling"), token)
        address = f"/arbeta/evenemang/{event_id}/deltagare"
        return [
            {"database": kind, "data": "10 000", "what": what}
            | _time(where, browser, f"{address}?{query.format(item=item_id)}")
            for what, query in PAGES.items()
        ]


def _time(where: Filled, browser: Any, address: str) -> dict[str, Any]:
    took = where.took(browser, [address] * TIMES)
    median = round(statistics.median(took), 1)
    return {
        "ms": median, "fastest_ms": round(min(took), 1), "queries": len(where.asked),
        "wrong": [f"more than {GOAL} ms"] if median > GOAL else [],
    }  # fmt: skip


def fill(people: int = PEOPLE) -> tuple[int, int, str]:
    """An event with so many in it; its id, that of an item to choose, and a signed-in session."""
    session, now = db.session, datetime.now(UTC)
    accounts.seed_boards(session)
    board = account_queries.authority_by_slug(session, "jonkoping")
    assert board is not None
    by = accounts.add_user(
        session, email="bench@example.se", name="Bo Bench", password="x" * 20,
        roles=[(board, Role.ORGANISER)], by=None, now=now,
    )  # fmt: skip
    event = events.create_event(
        session, authority=board, kind=Kind.REGIONAL_CONFERENCE, by=by, now=now,
        facts={"title": "Samlingen", "slug": "samlingen", "starts": now + timedelta(days=30),
               "ends": now + timedelta(days=30, hours=6), "venue_name": "Elmia",
               "municipality": "0680"},
        capacity={Mode.ROOM: 20_000, Mode.ONLINE: None},
    )  # fmt: skip
    items = [
        events.add_item(
            session, event, speakers=[], by=by, now=now,
            facts={"kind": ItemKind.SEMINAR, "starts": event.starts, "group": "11.00",
                   "ends": event.starts + timedelta(hours=1), "title": title},
        )
        for title in ("Skolan", "Bostaden", "Föreningarna")
    ]  # fmt: skip
    events.publish(session, event, by=by, now=now)
    _people(event, items, now, people)
    token = accounts.sign_in(session, by, instead_of="", now=now)
    return event.id, items[0].id, token


def _people(event: Event, items: list[ProgrammeItem], now: datetime, number: int) -> None:
    session = db.session
    people = [_person(event.id, one, now) for one in range(number)]
    session.execute(sa.insert(Registration), people)
    ids = list(session.scalars(sa.select(Registration.id).order_by(Registration.id)).all())
    session.execute(sa.insert(ItemChoice), [
        {"registration_id": id_, "item_id": items[id_ % 3].id} for id_ in ids if id_ % 4
    ])  # fmt: skip
    lines = [
        {"event_id": event.id, "registration_id": id_, "tick": tick, "at": now, "reason": "",
         "nonce": f"{id_}{tick}{again}"}
        for id_ in ids[:CAME]
        for again, tick in enumerate((Tick.IN, Tick.UNDO, Tick.IN)[: 3 if id_ % 10 == 0 else 1])
    ]  # fmt: skip
    session.execute(sa.insert(CheckIn), lines)
    for pool in session.scalars(sa.select(Pool).filter_by(event_id=event.id)):
        pool.taken = sum(
            person["status"] is Status.CONFIRMED and person["mode"] is pool.mode
            for person in people
        )
    session.flush()


def _person(event_id: int, number: int, now: datetime) -> dict[str, Any]:
    first, last = FIRST[number % 10], f"{LAST[number // 10 % 10]}{number // 100}"
    place = next(itertools.islice(municipalities().values(), number * 7 % 290, None))
    organisation, email = f"{place.name}s kommun", f"p{number}@example.se"
    status = (
        Status.WAITING if number % 20 == 9 else Status.CANCELLED if number % 20 == 8
        else Status.CONFIRMED
    )  # fmt: skip
    return {
        "event_id": event_id, "first_name": first, "last_name": last,
        "name_key": name_key(f"{first} {last}"), "sort_key": swedish_order(f"{last} {first}"),
        "search": f"{first} {last} {email} {organisation}".casefold(), "email": email,
        "email_key": email, "phone": "", "organisation": organisation,
        "sector": Sector.MUNICIPALITY, "municipality": place.code,
        "role_kind": RoleKind.OFFICIAL, "mode": Mode.ONLINE if number % 5 == 0 else Mode.ROOM,
        "status": status, "source": Source.WEB, "list_consent": bool(number % 2),
        "protected": number % 500 == 0, "language": "sv", "token_hash": f"bench{number}",
        "token_version": 1, "sequence": 0, "created": now + timedelta(seconds=number),
        "updated": now, "queued": now + timedelta(seconds=number), "cancel_reason": "",
        "cancelled": now if status is Status.CANCELLED else None, "version": 1,
    }  # fmt: skip
