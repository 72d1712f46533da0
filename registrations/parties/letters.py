"""The letter to whoever has registered a party, written when it is sent."""

from typing import Any

from flask_babel import gettext as _

from core.clock import now
from core.db import db
from core.i18n import day, public_url, span_from
from core.mail import Letter
from events.letterhead import letter_from
from events.places import place
from events.rules import State, may_cancel_place
from registrations import facts
from registrations.parties import queries
from registrations.parties.models import Party
from registrations.parties.queries import Seen
from registrations.parties.services.forming import link_token
from registrations.rules import Status
from registrations.words import STATUS


def receipt(payload: dict[str, Any]) -> Letter | None:
    """Who of the party has a place and who has not, and the way to the party's page."""
    party = db.session.get(Party, payload["party"])
    if party is None or party.event.ends <= now() or party.event.state is State.CANCELLED:
        return None
    event = party.event
    people, more = queries.seen(db.session, party, may_change=True)
    where = place(event.venue_name, event.venue_address, event.municipality)
    known = [(_("Vad"), event.title), (_("När"), span_from(event.starts, event.ends))]
    blocks: list[tuple[Any, ...]] = [
        ("text", _("Hej %(name)s!", name=party.contact_name)),
        ("text", _("Så här ser er gruppanmälan ut nu. Var och en som är anmäld får ett eget "
                   "mejl.")),
        ("list", [_line(one) for one in people if one.status is not Status.CANCELLED]),
        *([("text", more_people(more))] if more else []),
        ("facts", [*known, (_("Var"), where)] if where else known),
    ]  # fmt: skip
    if may_cancel_place(cancel_by=event.cancel_by, starts=event.starts, now=now()):
        last = _(
            "Får någon förhinder? Avanmäl eller byt person på gruppens sida senast %(day)s. Länken "
            "är din egen: dela den inte.",
            day=day(event.cancel_by or event.starts),
        )
        blocks.append(("text", last))
    blocks += [
        ("link", _("Er grupp"), link_of(party)),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
        ("link", _("Så hanterar vi dina personuppgifter"), public_url("pages.privacy")),
    ]
    return letter_from(event, _("Er gruppanmälan: %(title)s", title=event.title), blocks)


def link_of(party: Party) -> str:
    """The secret address of the party's page."""
    return public_url("registrations.party_landing", token=link_token(party))


def more_people(number: int) -> str:
    """How many there are besides those who are named."""
    return _("Fler i gruppen, som bara arrangören ser: %(number)s.", number=number)


def _line(one: Seen) -> str:
    return f"{one.name}: {STATUS[one.status]}"


WRITERS = {"party.receipt": receipt}
