"""What the letters to participants have in common."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from core.clock import now
from core.crypto import derived_token
from core.db import db
from core.i18n import public_url, span_from
from core.mail import CalendarPart, Letter, Part
from events.letterhead import letter_from
from events.models import Event
from events.rules import Mode, State, WaitingRule, may_cancel_place
from registrations import facts
from registrations.calendars.entries import by_mail, withdrawal
from registrations.models import Registration
from registrations.placement.telling import wished_lines
from registrations.queries import public as queries
from registrations.queries.waiting import position
from registrations.questions.queries import sheet
from registrations.rules import ACTIVE, Status

Block = tuple[Any, ...]


def own_link(person: Registration) -> str:
    """The secret address of somebody's own page."""
    token = derived_token("registration", person.link_key, person.token_version)
    return public_url("registrations.landing", token=token)


def living(payload: dict[str, Any]) -> Registration | None:
    """Whom the letter is for, if there is still something to tell.

    That the event is called off is told in a letter of its own, and nothing after it.
    """
    person = concerned(payload)
    return person if person and person.event.state is not State.CANCELLED else None


def concerned(payload: dict[str, Any]) -> Registration | None:
    """Whom the letter is for, if what becomes of the event still concerns them."""
    person = db.session.get(Registration, payload["registration"])
    if person is None or person.status not in ACTIVE or person.event.ends <= now():
        return None
    return person


def greeting(person: Registration) -> str:
    """The first line. Protected persons are not named."""
    return _("Hej!") if person.protected else _("Hej %(name)s!", name=person.name)


def asked(person: Registration) -> list[str]:
    """That the organiser has questions, for whoever has not seen them in the form."""
    number = len(sheet(db.session, person).unanswered)
    sentence: str = ngettext(
        "Arrangören har en fråga till dig. Svara på din sida.",
        "Arrangören har %(num)s frågor till dig. Svara på din sida.",
        number,
    )
    return [sentence] if number else []


def in_queue(person: Registration) -> list[str]:
    """Where somebody without a place stands; nothing for who has one."""
    if person.status is Status.CONFIRMED:
        return []
    if person.status is Status.PENDING:
        return [_("Arrangören har inte svarat än. Du får ett mejl när svaret kommer.")]
    if person.status is Status.OFFERED:
        return []
    number = position(db.session, person)
    if person.event.waiting_rule is WaitingRule.OFFERED:
        return [
            _(
                "Du står som nummer %(number)s på reservlistan. Blir det en plats ledig mejlar vi, "
                "och håller den åt dig en tid.",
                number=number,
            )
        ]
    return [
        _(
            "Du står som nummer %(number)s på reservlistan. Blir det en plats ledig får du den, "
            "och ett mejl om det.",
            number=number,
        )
    ]


def letter(person: Registration, subject: str, texts: Sequence[str | Block]) -> Letter:
    """A letter with everything that somebody with a place, or in the queue, must know."""
    event = person.event
    confirmed = person.status is Status.CONFIRMED
    known = [(_("Vad"), event.title), *facts.when_and_where(event, person)]
    items = facts.choices(event, list(queries.chosen_items(db.session, person.id)))
    if items and confirmed:
        known.append((_("Ditt val"), "; ".join(items)))
    wished = wished_lines(db.session, person.id)
    if wished:
        known.append((_("Du önskar"), "; ".join(wished)))
    blocks: list[Block] = [("text", greeting(person))]
    blocks += [("text", text) if isinstance(text, str) else text for text in texts if text]
    blocks.append(("facts", known))
    if confirmed:
        blocks += way_in(person)
    blocks += own_page(person)
    parts = [calendar(person, "CONFIRMED")] if confirmed else withdrawal(person)
    if confirmed:
        blocks.append(
            (
                "text",
                _(
                    "Tiden läggs i din kalender. Händer inte det: öppna kalenderfilen som ligger "
                    "med i mejlet."
                ),
            )
        )
    blocks += [
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
        ("link", _("Så hanterar vi dina personuppgifter"), public_url("pages.privacy")),
    ]
    return send(event, subject, blocks, parts)


def letter_about(person: Registration, subject: str, texts: list[str]) -> Letter:
    """A letter that says `texts` and then how things stand, for the capabilities beside this."""
    return letter(person, subject, texts)


def farewell(
    person: Registration, subject: str, texts: list[str], parts: Sequence[Part | CalendarPart] = ()
) -> Letter:
    """A letter to somebody who is not coming."""
    event = person.event
    blocks: list[Block] = [
        ("text", greeting(person)),
        *[("text", text) for text in texts if text],
        ("facts", [(_("Vad"), event.title), (_("När"), span_from(event.starts, event.ends))]),
        ("link", _("Till evenemanget"), public_url("events.show", slug=event.slug)),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    return send(event, subject, blocks, list(parts))


def way_in(person: Registration) -> list[Block]:
    """How to get there, or the link to the meeting on the net."""
    event = person.event
    if person.mode is Mode.ONLINE:
        if event.online_url:
            return [("link", _("Länk till mötet"), event.online_url)]
        return [("text", _("Länken till mötet kommer i ett eget mejl före dagen."))]
    lines = facts.getting_there(event)
    return [("heading", _("Hitta dit")), *[("text", line) for line in lines]] if lines else []


def own_page(person: Registration) -> list[Block]:
    """The secret link to one's own page, and until when one can change things there."""
    event = person.event
    if person.status is Status.OFFERED:
        secret = _("Länken är din egen: dela den inte.")
        return [("link", _("Tacka ja eller nej"), own_link(person)), ("text", secret)]
    link = ("link", _("Din anmälan"), own_link(person))
    if not may_cancel_place(cancel_by=event.cancel_by, starts=event.starts, now=now()):
        return [link]
    if person.status is not Status.CONFIRMED:
        stay = _("Kan du inte komma? Avanmäl dig på din sida. Länken är din egen: dela den inte.")
        return [("text", stay), link]
    last = _(
        "Får du förhinder? Ändra eller avanmäl dig senast %(day)s, så kan någon annan få platsen. "
        "Länken är din egen: dela den inte.",
        day=facts.last_change(event),
    )
    return [("text", last), link]


def calendar(person: Registration, status: str | None) -> CalendarPart:
    """The event in somebody's own calendar, to go with a letter; CANCELLED takes it away."""
    return by_mail(person, status)


def send(
    event: Event, subject: str, blocks: list[Block], parts: Sequence[Part | CalendarPart]
) -> Letter:
    """The letter, from the board that arranges the event."""
    return letter_from(
        event,
        subject,
        blocks,
        parts=[part for part in parts if isinstance(part, Part)],
        calendar=next((part for part in parts if isinstance(part, CalendarPart)), None),
    )
