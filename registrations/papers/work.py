"""Long lists and many badges are made after the answer, as a job."""

import dataclasses
from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts.models import User
from core.db import db
from core.jobs import services
from core.jobs.models import Job
from core.jobs.services import JobFile
from core.jobs.work import makes
from events.models import Event, ProgrammeItem
from registrations.papers import badges, lists, sheets
from registrations.papers.rules import Format, Hidden, Level, Order, Part, Wanted, WantedList, Who
from registrations.papers.tables import File

BADGES, LIST, DOOR = "papers.badges", "papers.list", "papers.door"


def init_app(app: Flask) -> None:
    """Say how each kind is made."""
    makes(app, BADGES, _badges, title=_l("Namnbrickor"), links=_links)
    makes(app, LIST, _list, title=_l("Deltagarlista"), links=_links)
    makes(app, DOOR, _door, title=_l("Avprickningslista"), links=_links)


def start(
    session: Session, event: Event, *, kind: str, payload: dict[str, Any], total: int, by: User,
    now: datetime,
) -> Job:  # fmt: skip
    """Have it made; `payload` by one of the functions below."""
    return services.start(
        session, kind=kind, payload=payload, total=total, now=now, by=by, event_id=event.id,
        authority_id=event.authority_id, about=event.title,
    )  # fmt: skip


def of_badges(wanted: Wanted) -> dict[str, Any]:
    """`wanted` as JSON."""
    return dataclasses.asdict(wanted) | {"parts": sorted(wanted.parts), "ids": list(wanted.ids)}


def of_list(wanted: WantedList) -> dict[str, Any]:
    """`wanted` as JSON."""
    return dataclasses.asdict(wanted)


def _badges(job: Job, _tell: Any) -> JobFile:
    told = dict(job.payload)
    wanted = Wanted(**told | {
        "who": Who(told["who"]), "hidden": Hidden(told["hidden"]), "ids": tuple(told["ids"]),
        "parts": frozenset(Part(part) for part in told["parts"]),
    })  # fmt: skip
    event = _event(job)
    return _kept(badges.file(db.session, event, wanted))


def _list(job: Job, _tell: Any) -> JobFile:
    told = job.payload
    wanted = WantedList(
        level=Level(told["level"]), format=Format(told["format"]), order=Order(told["order"]),
        everyone=told["everyone"], contact=told["contact"],
    )  # fmt: skip
    return _kept(lists.participants(db.session, _event(job), wanted))


def _door(job: Job, _tell: Any) -> JobFile:
    item_id = job.payload["item"]
    item = db.session.get(ProgrammeItem, item_id) if item_id else None
    return _kept(sheets.door_list(db.session, _event(job), item))


def _event(job: Job) -> Event:
    return db.session.get_one(Event, job.event_id)


def _kept(file: File) -> JobFile:
    body = file.body.encode() if isinstance(file.body, str) else file.body
    return JobFile(file.filename, file.mimetype, body)


def _links(job: Job) -> list[tuple[str, str]]:
    return [(str(_l("Listor och brickor")), url_for("registrations.papers", event_id=job.event_id))]
