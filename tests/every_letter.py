"""A letter of every kind that the house knows to write, sent, and read as bytes.

A kind without a case here makes `of_every_kind` fail: say in `CASES` when it is written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from core.db import db, write
from core.outbox.services import enqueue
from core.outbox.worker import run_once
from events.models import Event
from events.rules import State
from events.speaking.models import Engagement
from events.speaking.rules import Answer as SpeakerAnswer
from registrations.calendars.models import OwnFeed
from registrations.mailings.models import Mailing
from registrations.mailings.rules import Purpose
from registrations.models import Invitation, Registration
from registrations.parties.models import Party
from registrations.rules import Answer, Status
from tests.world import NOW, Place

Payload = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """When a letter of `kind` is written: its payload, and how things stand by name of the row."""

    kind: str
    payload: Callable[[Place], Payload]
    stands: dict[str, dict[str, Any]] = field(default_factory=dict)


def _person(_place: Place, **more: Any) -> Payload:
    return {"registration": _place.ids["registration"], **more}


def _own(**more: Any) -> Callable[[Place], Payload]:
    return lambda place: _person(place, **more)


def _asked(_place: Place) -> Payload:
    return {"invitation": _place.ids["invitation"], "token_version": 1}


def _speaks(_place: Place) -> Payload:
    return {"engagement": _place.ids["engagement"], "token_version": 1}


def _party(_place: Place) -> int:
    return db.session.query(Party.id).filter_by(event_id=_place.ids["event"]).scalar()


def _feed(place: Place) -> Payload:
    person = db.session.get_one(Registration, place.ids["registration"])
    feed = db.session.query(OwnFeed).filter_by(email_key=person.email_key).one()
    return _person(place, feed=feed.id)


def _links(place: Place) -> Payload:
    return {"registrations": [place.ids["registration"]], "parties": [_party(place)]}


CONFIRMED = {"status": Status.CONFIRMED, "offered_until": None, "cancel_reason": ""}
HELD = {"offered_until": NOW + timedelta(days=2)}
GONE = {"status": Status.CANCELLED}
NEW = {"title": "Förr", "starts": None, "venue_name": "Annorstädes", "online_url": None}
CASES = (
    Case("registration.receipt", _own()),
    Case("registration.receipt", _own(), {"person": {"status": Status.PENDING}}),
    Case("registration.receipt", _own(), {"person": {"status": Status.WAITING}}),
    Case("registration.receipt", lambda place: _person(place, party=_party(place))),
    Case("registration.promoted", _own()),
    Case("registration.offered", _own(), {"person": {"status": Status.OFFERED, **HELD}}),
    Case("registration.offer_ended", _own(), {"person": GONE}),
    Case("registration.unproven", _own(), {"person": {"status": Status.UNPROVEN, **HELD}}),
    Case("registration.approved", _own()),
    Case("registration.declined", _own(), {"person": {"status": Status.DECLINED}}),
    Case("registration.changed", _own()),
    Case("registration.already", _own()),
    Case("registration.cancelled", _own(had_seat=True), {"person": GONE}),
    Case("registration.links", _links),
    Case("registration.own_feed", _feed),
    Case("registration.calendar_declined", _own()),
    Case("event.news", _own(known=NEW, release=0, small=True)),
    Case("event.news", _own(known={"state": "published"}), {"event": {"state": State.CANCELLED}}),
    Case("event.news", _own(known={"state": "published"}), {"event": {"state": State.POSTPONED}}),
    Case("event.news", _own(known={"state": "cancelled"})),
    Case("event.changed", _own(changed=["title", "starts"])),
    Case("event.state", _own(), {"event": {"state": State.CANCELLED}}),
    Case("party.receipt", lambda place: {"party": _party(place)}),
    Case("placement.placed", _own()),
    Case("mailing.letter", lambda place: {"recipient": place.ids["recipient"]}),
    Case("mailing.letter", lambda place: {"recipient": place.ids["recipient"]},
         {"mailing": {"purpose": Purpose.PLACE}}),
    Case("mailing.trial", lambda place: _person(place, mailing=place.ids["mailing"])),
    Case("invitation.sent", _asked),
    Case("invitation.reminder", _asked),
    Case("invitation.accepted", _asked, {"invitation": {"answer": Answer.ACCEPTED}}),
    Case("invitation.news", _asked, {"council": {"state": State.CANCELLED}}),
    Case("speaking.invitation", _speaks),
    Case("speaking.reminder", _speaks),
    Case("speaking.off", _speaks, {"event": {"state": State.CANCELLED}}),
    Case("speaking.news", lambda place: {**_speaks(place), "again": False}),
    Case("speaking.missing", _speaks, {"engagement": {"answer": SpeakerAnswer.YES}}),
)  # fmt: skip


def of_every_kind(
    app: Flask, place: Place, *, language: str = "sv"
) -> Iterator[tuple[Case, bytes]]:
    """Each case with the bytes of its letter, as a relay would get them."""
    assert {case.kind for case in CASES} == set(app.extensions["letter_writers"])
    folder = Path(app.instance_path) / "mail"
    while run_once():
        pass
    for case in CASES:
        known = set(folder.glob("*.eml"))
        write(lambda case=case: _send(case, place, language))
        assert run_once() == 1
        new = set(folder.glob("*.eml")) - known
        assert len(new) == 1, f"{case.kind}: no letter"
        yield case, new.pop().read_bytes()


def _send(case: Case, place: Place, language: str) -> None:
    usual = {
        "person": CONFIRMED, "event": {"state": State.PUBLISHED},
        "council": {"state": State.PUBLISHED}, "invitation": {"answer": Answer.SENT},
        "engagement": {"answer": SpeakerAnswer.NONE}, "mailing": {"purpose": Purpose.NEWS},
    }  # fmt: skip
    rows = {
        "person": (Registration, "registration"), "event": (Event, "event"),
        "invitation": (Invitation, "invitation"), "engagement": (Engagement, "engagement"),
        "mailing": (Mailing, "mailing"),
    }  # fmt: skip
    found = {name: db.session.get_one(model, place.ids[id_]) for name, (model, id_) in rows.items()}
    found["council"] = found["invitation"].event
    for name, facts in usual.items():
        for column, value in (facts | case.stands.get(name, {})).items():
            setattr(found[name], column, value)
    payload = case.payload(place)
    # A calendar object goes only to whom it is for.
    to = found["person"].email if "registration" in payload else "mottagare@example.se"
    enqueue(db.session, kind=case.kind, to=to, payload=payload, now=NOW, language=language)
