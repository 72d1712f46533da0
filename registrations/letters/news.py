"""Letters about what is new: time, place, title, link or state of the event; its programme."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _

from core.db import db
from core.i18n import span
from core.mail import Letter
from events.releasing.words import sentences as programme_words
from events.rules import State
from registrations import facts
from registrations.letters.common import (
    Block,
    calendar,
    concerned,
    greeting,
    in_queue,
    letter,
    own_link,
    send,
)
from registrations.models import Registration
from registrations.news import queries, rules
from registrations.news.words import sentences
from registrations.rules import Status


def news(payload: dict[str, Any]) -> Letter | None:
    """The event or its programme is another than the reader knows it."""
    person = concerned(payload)
    if person is None:
        return None
    event = person.event
    known = rules.still_new(payload.get("known", {}), queries.facts(event))
    if event.state is State.CANCELLED:
        return _called_off(person) if "state" in known else None
    if event.state is State.POSTPONED and known:
        return _postponed(person, new_time="starts" in known)
    programme = _programme(person, payload)
    if "state" in known:
        lines = [*sentences(event, known), *programme]
        opening: list[str | Block] = [
            _("Evenemanget blir av. Din anmälan gäller fortfarande."),
            event.state_note,
            *(told_blocks(lines) if lines else ()),
            *in_queue(person),
        ]
        return letter(person, _("Blir av: %(title)s", title=event.title), opening)
    told = rules.worth_telling(known, person.mode, person.status)
    lines = [*(sentences(event, known) if told else ()), *programme]
    if not lines:
        return None
    kept = _("Du har kvar din plats.") if person.status is Status.CONFIRMED else ""
    texts: list[str | Block] = [*told_blocks(lines), kept, *in_queue(person)]
    return letter(person, _("Ändrat: %(title)s", title=event.title), texts)


def older(kind: str) -> Callable[[dict[str, Any]], Letter | None]:
    """The writer of letters of `kind` that were put in the outbox by an older release of us."""
    return lambda payload: news(queries.read(kind, payload))


def told_blocks(lines: Sequence[str]) -> list[Block]:
    """What is new, as a list; one thing as a sentence."""
    if len(lines) == 1:
        return [("text", _("%(what)s Så här gäller det nu.", what=lines[0]))]
    return [("text", _("Det här är ändrat:")), ("list", list(lines))]


def _programme(person: Registration, payload: dict[str, Any]) -> list[str]:
    """What in the programme is new to somebody it concerns; texts only where they alone are."""
    if "release" not in payload:
        return []
    programmes = queries.Programmes(db.session, person.event_id)
    found = programmes.since(payload["release"])
    found_here = queries.concerning(found, queries.chosen_by(db.session, person.id))
    loud = [change for change in found_here if not change.minor]
    return programme_words(loud or (found_here if payload.get("small") else []))


def _called_off(person: Registration) -> Letter:
    event = person.event
    blocks: list[Block] = [
        ("text", greeting(person)),
        ("text", _("Evenemanget är tyvärr inställt. Du behöver inte avanmäla dig.")),
        *([("text", event.state_note)] if event.state_note else []),
        (
            "facts",
            [(_("Vad"), event.title), (_("Skulle ha varit"), span(event.starts, event.ends))],
        ),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    parts = [calendar(person, "CANCELLED")] if person.status is Status.CONFIRMED else []
    return send(event, _("INSTÄLLT: %(title)s", title=event.title), blocks, parts)


def _postponed(person: Registration, *, new_time: bool) -> Letter:
    event = person.event
    opening = _("Evenemanget är framflyttat. Du behåller din plats och behöver inte göra något.")
    if person.status is not Status.CONFIRMED:
        opening = _("Evenemanget är framflyttat. Du står kvar på reservlistan.")
    when = (
        span(event.starts, event.ends)
        if new_time
        else _("Inte bestämd än. Vi mejlar när den är det.")
    )
    blocks: list[Block] = [
        ("text", greeting(person)),
        ("text", opening),
        *([("text", event.state_note)] if event.state_note else []),
        ("facts", [(_("Vad"), event.title), (_("Ny tid"), when)]),
        ("text", _("Passar det inte? Avanmäl dig på din sida.")),
        ("link", _("Din anmälan"), own_link(person)),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    parts = [calendar(person, None)] if person.status is Status.CONFIRMED else []
    return send(event, _("FRAMFLYTTAT: %(title)s", title=event.title), blocks, parts)
