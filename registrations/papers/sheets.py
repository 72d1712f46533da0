"""What is printed for the day: the list for the door, numbers for the kitchen, who needs what."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.clock import now
from core.db import refuse_while_writing
from core.i18n import clock, clock_span, moment, span, speaking
from core.text import swedish_order
from events.models import Event, ProgrammeItem
from events.places import place
from registrations.papers import queries
from registrations.papers.tables import LANGUAGE, File, column, part, pdf_file, table
from registrations.protection import Person, shown
from registrations.queries.presence import arrivals
from registrations.queries.wishes import Kitchen


def door_list(session: Session, event: Event, item: ProgrammeItem | None) -> File:
    """The list for the door on paper: by surname, a part for each letter, a box for each person."""
    refuse_while_writing("a list")
    with speaking(LANGUAGE):
        item_id = item.id if item else None
        rows = queries.at_the_door(session, event.id, item_id)
        came = arrivals(session, event.id, item_id)
        people = [shown(row) for row in rows]
        lead = [span(event.starts, event.ends)]
        if item:
            lead = [f"{clock_span(item.starts, item.ends)} {item.title}", *lead]
        lead.append(ngettext("%(num)s person", "%(num)s personer", len(rows)))
        body = table(
            event,
            kind=_("Avprickningslista"),
            title=event.title,
            lead=lead,
            columns=[
                column(_("Här"), 1, "box"), column(_("Namn"), 4), column(_("Organisation"), 5),
            ],
            parts=[
                part(letter, [_at_the_door(person, came) for person in of_letter])
                for letter, of_letter in itertools.groupby(people, key=_letter)
            ],
            notes=[_("Hämtad %(when)s. Riv listan efter dagen.", when=moment(now()))],
            large=True,
        )  # fmt: skip
        which = f"-{item_id}" if item else ""
        return pdf_file(f"avprickning-{event.slug}{which}.pdf", body)


def kitchen_sheet(event: Event, kitchen: Kitchen) -> File:
    """How many eat what: numbers, no names."""
    refuse_while_writing("a list")
    with speaking(LANGUAGE):
        counted = [
            *kitchen.diets, (_("Utan önskemål"), kitchen.ordinary), (_("Summa"), kitchen.eating),
        ]  # fmt: skip
        where = place(event.venue_name, event.venue_address, event.municipality)
        body = table(
            event,
            kind=_("Till köket"),
            title=event.title,
            lead=[span(event.starts, event.ends), *([where] if where else [])],
            columns=[column(_("Kost"), 5), column(_("Antal"), 1, "number")],
            parts=[part("", [(diet, str(number)) for diet, number in counted])],
            notes=[
                _("Antalet gäller dem som har plats i salen %(when)s.", when=moment(now())),
                _("Listan innehåller inga namn."),
            ],
            large=True,
        )
        return pdf_file(f"kost-{event.slug}.pdf", body)


def needs_list(event: Event, people: Sequence[tuple[Person, str]]) -> File:
    """Who needs what to take part: for the officer who sees to it, and nobody else."""
    refuse_while_writing("a list")
    with speaking(LANGUAGE):
        body = table(
            event,
            kind=_("Behov för att kunna delta"),
            title=event.title,
            lead=[
                span(event.starts, event.ends),
                _("Bara för den som ordnar med tolk och tillgänglighet. Uppgifterna omfattas av "
                  "sekretess: lämna inte listan vidare, mejla den inte och förstör den efter "
                  "evenemanget."),
            ],
            columns=[column(_("Namn"), 2), column(_("Behov"), 4)],
            parts=[part("", [(person.sorted_name, text) for person, text in people])],
            notes=[_("Hämtad %(when)s. Det står i loggen vem som hämtade den.",
                     when=moment(now()))],
        )  # fmt: skip
        return pdf_file(f"behov-{event.slug}.pdf", body)


def _at_the_door(person: Person, came: Mapping[int, datetime]) -> tuple[str, str, str]:
    at = clock(came[person.id]) if person.id in came else ""
    return at, person.sorted_name, person.organisation


def _letter(person: Person) -> str:
    """The first letter of the surname in Swedish order; "…" for what is no letter."""
    if person.protected:
        return _("Skyddade uppgifter")
    first = swedish_order(person.sorted_name)[:1].translate(str.maketrans("{|}", "åäö")).upper()
    return first if first.isalpha() else "…"
