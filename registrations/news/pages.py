"""What pages show of news: whom a release concerns and the letter to them; one's own changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from core.db import db
from core.i18n import span_from
from core.mail import Letter
from events.models import Event
from events.places import place
from events.releasing.rules import Change
from events.releasing.words import sentences
from registrations import facts
from registrations.letters.common import send
from registrations.letters.news import told_blocks
from registrations.models import Registration
from registrations.news import queries

MOST = 12  # sentences on one's own page


@dataclass(frozen=True)
class News:
    """How many a release concerns, and the letter as it will read to somebody it all concerns."""

    concerned: int
    everybody: int
    letter: Letter | None


def programme_news(event: Event, changes: Sequence[Change]) -> News:
    """What will be told of a release that makes these `changes`."""
    found = queries.audience(db.session, event, changes)
    letter = _letter(event, changes) if found.concerned else None
    return News(found.concerned, found.everybody, letter)


def _letter(event: Event, changes: Sequence[Change]) -> Letter:
    """The letter as to somebody in the room, without what stands only in that of each."""
    loud = [change for change in changes if not change.minor]
    where = place(event.venue_name, event.venue_address, event.municipality)
    known = [(_("Vad"), event.title), (_("När"), span_from(event.starts, event.ends))]
    blocks = [
        ("text", _("Hej %(name)s!", name="…")),
        *told_blocks(sentences(loud or changes)),
        ("facts", [*known, (_("Var"), where)] if where else known),
        ("link", _("Din anmälan"), "…"),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    return send(event, _("Ändrat: %(title)s", title=event.title), blocks, [])


def programme_changes(person: Registration) -> list[str]:
    """What in the programme has changed since somebody registered, as far as it concerns them."""
    programmes = queries.Programmes(db.session, person.event_id)
    found = programmes.since(programmes.known(max(person.created, person.queued)))
    mine = queries.concerning(found, queries.chosen_by(db.session, person.id))
    return sentences([change for change in mine if not change.minor])[:MOST]
