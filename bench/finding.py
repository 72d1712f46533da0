"""How long a search takes among 20,000 documents, filters and all."""

import random
import statistics
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from accounts import queries as account_queries
from accounts import services as accounts
from bench.asking import Filled, filled
from core.db import db
from core.reference import municipalities
from events.finding import services as finding
from events.finding.models import SearchDocument
from events.models import Event, Pool, Release, Speaker
from events.rules import Audience, Kind, Mode, State, Theme, search_text

EVENTS, ITEMS, SPEAKERS = 2_000, 6, 3  # 20,000 documents
GOAL = 30  # milliseconds, for 95 of 100
SEARCHES = 100
STEMS = (
    "bostad", "skola", "integration", "mottagande", "etablering", "arbete", "språk", "hälsa",
    "landsbygd", "förening", "samverkan", "dialog", "trygghet", "ungdom", "kvinna", "kommun",
    "region", "klimat", "beredskap", "försörjning", "utbildning", "konferens", "folkhälsa",
    "civilsamhälle", "näringsliv", "jämställdhet", "barnrätt", "kultur", "idrott", "vatten",
)  # fmt: skip
HEADS = ("", "en", "s", "s-fråga", "splan", "sdag", "skonferens", "sarbete", "sstöd", "snätverk")
COMMON = ("och", "om", "för", "i", "länet", "vi", "att", "som", "med", "hur")
WAYS = {
    "one word": "q={one}",
    "two words": "q={one}+{two}",
    "a common word": "q=l%C3%A4net",
    "a letter": "q=s",
    "with filters": "q={one}&lan={county}&tema=bostad&plats=natet",
    "a period": "q={one}&fran=2027-01-01&till=2027-12-31",
    "one kind": "q={one}&sort=item",
    "events of the start page": "start:q={one}",
}


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    for row in rows:
        print(
            f"{row['database']:12}{row['what']:26}{row['ms']:7.1f} ms, 95 of 100 within "
            f"{row['p95_ms']:.1f}{row['queries']:4} queries"
        )


def measure(kind: str) -> list[dict[str, Any]]:
    """A row for each way to search: the whole page, its median and the slowest but five in 100."""
    with filled(kind, fill) as where:
        return [
            {"database": kind, "data": "20 000", "what": what} | _time(where, way)
            for what, way in WAYS.items()
        ]


def _time(where: Filled, way: str) -> dict[str, Any]:
    chance, path = random.Random(1), "/" if way.startswith("start:") else "/sok"
    queries = [
        way.removeprefix("start:").format(
            one=_typed(chance), two=_typed(chance), county=chance.choice(("06", "12", "14"))
        )
        for _search in range(SEARCHES)
    ]
    took = where.took(where.app.test_client(), [f"{path}?{query}" for query in queries])
    p95 = statistics.quantiles(took, n=20)[-1]
    return {
        "ms": round(statistics.median(took), 1), "p95_ms": round(p95, 1),
        "queries": len(where.asked), "wrong": [f"more than {GOAL} ms"] if p95 > GOAL else [],
    }  # fmt: skip


def _typed(chance: random.Random) -> str:
    word = chance.choice(STEMS) + chance.choice(HEADS)
    return word[: chance.randint(3, len(word))]


def fill() -> None:
    """Events with released programmes, straight into the tables; then the index of them."""
    session, chance, now = db.session, random.Random(0), datetime.now(UTC)
    accounts.seed_boards(session)
    board = account_queries.authority_by_slug(session, "jonkoping")
    assert board is not None
    session.execute(sa.insert(Event), [_event(n, board.id, chance, now) for n in range(EVENTS)])
    ids = list(session.scalars(sa.select(Event.id).order_by(Event.id)))
    session.execute(
        sa.insert(Pool),
        [{"event_id": id_, "mode": chance.choice(list(Mode)), "taken": 0} for id_ in ids],
    )
    session.execute(
        sa.insert(Speaker),
        [
            {"id": id_ * 10 + n, "authority_id": board.id, "name": "x", "version": 1,
             "name_given": now, "consent": True}
            for id_ in ids for n in range(SPEAKERS)
        ],
    )  # fmt: skip
    session.execute(
        sa.insert(Release),
        [
            {"event_id": id_, "number": 1, "frozen": _content(id_, chance, now), "published": now}
            for id_ in ids
        ],
    )
    finding.rebuild(session)
    number = session.scalar(sa.select(sa.func.count(SearchDocument.id)))
    if number != EVENTS * (1 + ITEMS + SPEAKERS):
        raise SystemExit(f"{number} dokument")


def _event(number: int, board: int, chance: random.Random, now: datetime) -> dict[str, Any]:
    starts = now + timedelta(days=chance.randint(-600, 400))
    place = list(municipalities().values())[number * 7 % 290]
    title, lead = _text(chance, 5), _text(chance, 40)
    return {
        "slug": f"e-{number}", "uid": f"uid-{number}", "authority_id": board,
        "kind": list(Kind)[number % len(Kind)], "state": State.PUBLISHED, "title": title,
        "lead": lead, "starts": starts, "ends": starts + timedelta(hours=6), "created": now,
        "updated": now, "search": search_text(title, lead, place.name), "step_free": False,
        "hearing_loop": False, "lift": False, "sequence": 0, "county_code": place.county_code,
        "municipality": place.code, "registration_paused": False, "invited_only": False,
        "version": 1, "themes": (list(Theme)[number % len(Theme)].value, Theme.HOUSING.value),
        "audiences": (list(Audience)[number % len(Audience)].value,),
    }  # fmt: skip


def _content(event_id: int, chance: random.Random, now: datetime) -> dict[str, Any]:
    speakers = [
        {"id": event_id * 10 + n, "name": f"{_text(chance, 1)} Öberg{event_id % 500}".title(),
         "title": "chef", "organisation": _text(chance, 2), "text": _text(chance, 25)}
        for n in range(SPEAKERS)
    ]  # fmt: skip
    items = [
        {"id": event_id * 10 + n, "kind": "talk", "starts": now.isoformat(), "room": "Sal A",
         "ends": (now + timedelta(hours=1)).isoformat(), "title": _text(chance, 6),
         "text": _text(chance, 30), "group": "", "pause": False,
         "speakers": [{"id": speakers[0]["id"], "name": speakers[0]["name"], "by": "",
                       "role": "speaker"}]}
        for n in range(ITEMS)
    ]  # fmt: skip
    return {"items": items, "speakers": speakers}


def _text(chance: random.Random, length: int) -> str:
    return " ".join(
        chance.choice(COMMON) if chance.random() < 0.4
        else chance.choice(STEMS) + chance.choice(HEADS)
        for _word in range(length)
    ).capitalize()  # fmt: skip
