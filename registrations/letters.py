"""The letters to participants, each written when it is sent and as things stand then.

What somebody needs on the day (diet, access) is never repeated in a letter.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from core.clock import now
from core.crypto import derived_token
from core.db import db
from core.i18n import moment, public_url, span
from core.mail import Letter, Part
from events.ical import event_calendar
from events.models import Event
from events.rules import Mode, State, WaitingRule, may_cancel_place
from registrations import facts
from registrations.models import Registration
from registrations.parties.letters import link_of
from registrations.parties.models import Party
from registrations.placement.telling import explained, wished_lines
from registrations.queries import public as queries
from registrations.questions.queries import sheet
from registrations.rules import ACTIVE, Status

Block = tuple[Any, ...]
IN_PLACE = {"venue_name", "venue_address", "municipality"}


def receipt(payload: dict[str, Any]) -> Letter | None:
    """Thank you: a place, or one in the queue."""
    person = _person(payload)
    if person is None:
        return None
    opening = " ".join((_thanks(payload, person), _("Du har en plats.")))
    subject = _("Du är anmäld: %(title)s", title=person.event.title)
    if person.status is Status.PENDING:
        subject = _("Vi har tagit emot din anmälan: %(title)s", title=person.event.title)
        opening = _("Tack för din anmälan! Arrangören avgör vilka som får plats.")
    elif person.status is not Status.CONFIRMED:
        subject = _("Du står på reservlistan: %(title)s", title=person.event.title)
        full = _("Alla platser var tagna, så du står på reservlistan.")
        opening = " ".join((_thanks(payload, person), full))
    texts = [opening, *explained(db.session, person.id), *_queue(person), *_asked(person)]
    return _letter(person, subject, texts)


def _thanks(payload: dict[str, Any], person: Registration) -> str:
    """How the registration came about: by oneself, by a colleague, or in a colleague's place."""
    if payload.get("instead"):
        return _("Du kommer i stället för en kollega.")
    party = db.session.get(Party, payload["party"]) if payload.get("party") else None
    if party is None or party.email_key == person.email_key:
        return _("Tack för din anmälan!")
    return _("%(name)s har anmält dig.", name=party.contact_name)


def promoted(payload: dict[str, Any]) -> Letter | None:
    """A place has become free for somebody who waited."""
    person = _person(payload)
    if person is None or person.status is not Status.CONFIRMED:
        return None
    texts = [_("Du stod på reservlistan. Nu har du fått en plats."), *_lost(payload)]
    texts.append(_("Kan du inte komma? Avanmäl dig, så får någon annan platsen."))
    return _letter(person, _("Du har fått en plats: %(title)s", title=person.event.title), texts)


def offered(payload: dict[str, Any]) -> Letter | None:
    """A place has become free, and is held for somebody who waited."""
    person = _person(payload)
    if person is None or person.status is not Status.OFFERED or person.offered_until is None:
        return None
    texts = [
        _(
            "Du stod på reservlistan. Nu finns det en plats till dig. Svara senast %(when)s, "
            "annars går den vidare till nästa.",
            when=moment(person.offered_until),
        ),
        _("Tacka ja eller nej på din sida."),
        *_lost(payload),
    ]
    return _letter(
        person, _("Svara: det finns en plats, %(title)s", title=person.event.title), texts
    )


def approved(payload: dict[str, Any]) -> Letter | None:
    """The organiser has said yes."""
    person = _person(payload)
    if person is None or person.status not in {Status.CONFIRMED, Status.WAITING}:
        return None
    if person.status is Status.CONFIRMED:
        opening = _("Arrangören har godkänt din anmälan. Du har en plats.")
        return _letter(person, _("Du har en plats: %(title)s", title=person.event.title), [opening])
    opening = _("Arrangören har godkänt din anmälan, men alla platser är tagna just nu.")
    return _letter(
        person, _("Du står på reservlistan: %(title)s", title=person.event.title),
        [opening, *_queue(person)],
    )  # fmt: skip


def unproven(payload: dict[str, Any]) -> Letter | None:
    """Please confirm that the address is yours: one link, and what happens without."""
    person = _person(payload)
    if person is None or not person.unproven or person.offered_until is None:
        return None
    event = person.event
    texts = [_("Bekräfta din anmälan på sidan som länken går till. Då vet vi att adressen är din.")]
    if person.status is Status.UNPROVEN:
        texts.append(
            _(
                "Vi håller din plats till %(when)s. Efter det går den vidare till nästa, men du "
                "kan bekräfta ändå och få en plats om det finns någon kvar.",
                when=moment(person.offered_until),
            )
        )
    blocks: list[Block] = [
        ("text", _greeting(person)),
        *[("text", text) for text in texts],
        ("link", _("Bekräfta din anmälan"), own_link(person)),
        ("facts", [(_("Vad"), event.title), (_("När"), span(event.starts, event.ends))]),
        ("text", _("Har du inte anmält dig? Då behöver du inte göra något.")),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    return _send(event, _("Bekräfta din anmälan: %(title)s", title=event.title), blocks, [])


def declined(payload: dict[str, Any]) -> Letter | None:
    """The organiser has said no, and why."""
    person = db.session.get(Registration, payload["registration"])
    if person is None or person.status is not Status.DECLINED:
        return None
    return _farewell(
        person, _("Svar på din anmälan: %(title)s", title=person.event.title),
        [_("Vi kan tyvärr inte ge dig en plats den här gången."), person.cancel_reason],
    )  # fmt: skip


def offer_ended(payload: dict[str, Any]) -> Letter | None:
    """The place that was held has gone to the next."""
    person = db.session.get(Registration, payload["registration"])
    if person is None or person.status is not Status.CANCELLED:
        return None
    return _farewell(
        person, _("Platsen har gått vidare: %(title)s", title=person.event.title),
        [
            _("Vi fick inget svar i tid, så platsen har gått vidare till nästa i kön."),
            _("Vill du fortfarande komma? Anmäl dig på nytt."),
        ],
    )  # fmt: skip


def changed(payload: dict[str, Any]) -> Letter | None:
    """One's own registration has been changed."""
    person = _person(payload)
    if person is None:
        return None
    texts = [_("Din anmälan är ändrad. Så här ser den ut nu."), *_queue(person)]
    return _letter(person, _("Ändrad anmälan: %(title)s", title=person.event.title), texts)


def already(payload: dict[str, Any]) -> Letter | None:
    """Somebody registered once more with the same name and address."""
    person = _person(payload)
    if person is None:
        return None
    if person.unproven:
        return unproven(payload)
    opening = _("Du var redan anmäld, så vi har inte ändrat något. Din anmälan gäller.")
    return _letter(
        person, _("Du är redan anmäld: %(title)s", title=person.event.title),
        [opening, *_queue(person)],
    )  # fmt: skip


def cancelled(payload: dict[str, Any]) -> Letter | None:
    """One's place has been given back."""
    person = db.session.get(Registration, payload["registration"])
    if person is None or person.status is not Status.CANCELLED:
        return None
    what = _("Du är avanmäld. Vi har gett platsen vidare om någon väntade på den.")
    if payload.get("handed_over"):
        what = _("Din plats har gått över till en kollega. Du är inte längre anmäld.")
    return _farewell(
        person, _("Du är avanmäld: %(title)s", title=person.event.title),
        [what, _("Var det ett misstag? Anmäl dig på nytt.")],
        [_calendar(person, "CANCELLED")] if payload.get("had_seat") else [],
    )  # fmt: skip


def links(payload: dict[str, Any]) -> Letter | None:
    """The way to one's registrations, once more."""
    ids = payload["registrations"]
    people = [db.session.get(Registration, id_) for id_ in ids]
    living = [p for p in people if p and p.status in ACTIVE and p.event.ends > now()]
    parties = [db.session.get(Party, id_) for id_ in payload.get("parties", [])]
    led = [party for party in parties if party and party.event.ends > now()]
    if not living and not led:
        return None
    blocks: list[Block] = [
        ("text", _("Hej!")),
        ("text", _("Här är länkarna till dina anmälningar. Där kan du se, ändra och avanmäla.")),
    ]
    for person in living:
        event = person.event
        blocks += [
            ("heading", event.title),
            ("text", span(event.starts, event.ends)),
            ("link", _("Anmälan för %(name)s", name=person.name), own_link(person)),
        ]
    for party in led:
        blocks += [
            ("heading", party.event.title),
            ("text", span(party.event.starts, party.event.ends)),
            ("link", _("Gruppen från %(name)s", name=party.organisation), link_of(party)),
        ]
    first = living[0].event if living else led[0].event
    return _send(first, _("Länkar till dina anmälningar"), blocks, [])


def news(payload: dict[str, Any]) -> Letter | None:
    """The event has another time, place, title, link or state."""
    person = _person(payload)
    if person is None:
        return None
    event, what = person.event, set(payload.get("changed", []))
    if event.state is State.CANCELLED:
        return _called_off(person)
    if event.state is State.POSTPONED:
        return _postponed(person, new_time="starts" in what)
    if not what:
        texts = [_("Evenemanget blir av. Din anmälan gäller fortfarande."), event.state_note]
        return _letter(
            person, _("Blir av: %(title)s", title=event.title), [*texts, *_queue(person)]
        )
    if _concerns_others(person, what):
        return None
    texts = [
        _("Något har ändrats: %(what)s. Så här gäller det nu.", what=", ".join(_words(what))),
        *_queue(person),
    ]
    return _letter(person, _("Ändrat: %(title)s", title=event.title), texts)


def own_link(person: Registration) -> str:
    """The secret address of somebody's own page."""
    token = derived_token("registration", person.link_key, person.token_version)
    return public_url("registrations.landing", token=token)


WRITERS = {
    "registration.receipt": receipt,
    "registration.promoted": promoted,
    "registration.offered": offered,
    "registration.offer_ended": offer_ended,
    "registration.unproven": unproven,
    "registration.approved": approved,
    "registration.declined": declined,
    "registration.changed": changed,
    "registration.already": already,
    "registration.cancelled": cancelled,
    "registration.links": links,
    "event.changed": news,
    "event.state": news,
}


def _person(payload: dict[str, Any]) -> Registration | None:
    """Whom the letter is for, if there is still something to tell."""
    person = db.session.get(Registration, payload["registration"])
    if person is None or person.status not in ACTIVE or person.event.ends <= now():
        return None
    return person


def _greeting(person: Registration) -> str:
    return _("Hej!") if person.protected else _("Hej %(name)s!", name=person.name)


def _asked(person: Registration) -> list[str]:
    """That the organiser has questions, for whoever has not seen them in the form."""
    number = len(sheet(db.session, person).unanswered)
    sentence: str = ngettext(
        "Arrangören har en fråga till dig. Svara på din sida.",
        "Arrangören har %(num)s frågor till dig. Svara på din sida.",
        number,
    )
    return [sentence] if number else []


def _queue(person: Registration) -> list[str]:
    if person.status is Status.CONFIRMED:
        return []
    if person.status is Status.PENDING:
        return [_("Arrangören har inte svarat än. Du får ett mejl när den gör det.")]
    if person.status is Status.OFFERED:
        return []
    number = queries.position(db.session, person)
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


def _lost(payload: dict[str, Any]) -> list[str]:
    lost = queries.item_titles(db.session, payload.get("lost", []))
    if not lost:
        return []
    return [
        _(
            "Det du hade valt är fullt: %(titles)s. Välj något annat på din sida.",
            titles=", ".join(lost),
        )
    ]


def _farewell(
    person: Registration, subject: str, texts: list[str], parts: Sequence[Part] = ()
) -> Letter:
    """A letter to somebody who is not coming."""
    event = person.event
    blocks: list[Block] = [
        ("text", _greeting(person)),
        *[("text", text) for text in texts if text],
        ("facts", [(_("Vad"), event.title), (_("När"), span(event.starts, event.ends))]),
        ("link", _("Till evenemanget"), public_url("events.show", slug=event.slug)),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    return _send(event, subject, blocks, list(parts))


def _letter(person: Registration, subject: str, texts: list[str]) -> Letter:
    """A letter with everything that somebody with a place, or in the queue, must know."""
    event = person.event
    confirmed = person.status is Status.CONFIRMED
    known = [(_("Vad"), event.title), *facts.when_and_where(event, person)]
    items = facts.choices(list(queries.chosen_items(db.session, person.id)))
    if items and confirmed:
        known.append((_("Ditt val"), "; ".join(items)))
    wished = wished_lines(db.session, person.id)
    if wished:
        known.append((_("Du önskar"), "; ".join(wished)))
    blocks: list[Block] = [("text", _greeting(person))]
    blocks += [("text", text) for text in texts if text]
    blocks.append(("facts", known))
    if confirmed:
        blocks += _way_in(person)
    blocks += _own_page(person)
    parts = [_calendar(person, "CONFIRMED")] if confirmed else []
    if parts:
        blocks.append(
            ("text", _("Kalenderfilen ligger med i mejlet: öppna den för att lägga in tiden."))
        )
    blocks += [
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
        ("link", _("Så hanterar vi dina personuppgifter"), public_url("pages.privacy")),
    ]
    return _send(event, subject, blocks, parts)


def letter_about(person: Registration, subject: str, texts: list[str]) -> Letter:
    """A letter that says `texts` and then how things stand, for the capabilities beside this."""
    return _letter(person, subject, texts)


def _way_in(person: Registration) -> list[Block]:
    event = person.event
    if person.mode is Mode.ONLINE:
        if event.online_url:
            return [("link", _("Länk till mötet"), event.online_url)]
        return [("text", _("Länken till mötet kommer i ett eget mejl före dagen."))]
    lines = facts.getting_there(event)
    return [("heading", _("Hitta dit")), *[("text", line) for line in lines]] if lines else []


def _own_page(person: Registration) -> list[Block]:
    event = person.event
    link = ("link", _("Din anmälan"), own_link(person))
    if not may_cancel_place(cancel_by=event.cancel_by, starts=event.starts, now=now()):
        return [link]
    last = _(
        "Får du förhinder? Ändra eller avanmäl dig före %(day)s, så kan någon annan få platsen. "
        "Länken är din egen: dela den inte.",
        day=facts.last_change(event),
    )
    return [("text", last), link]


def _called_off(person: Registration) -> Letter:
    event = person.event
    blocks: list[Block] = [
        ("text", _greeting(person)),
        ("text", _("Evenemanget är inställt. Du behöver inte avanmäla dig.")),
        *([("text", event.state_note)] if event.state_note else []),
        (
            "facts",
            [(_("Vad"), event.title), (_("Skulle varit"), span(event.starts, event.ends))],
        ),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    parts = [_calendar(person, "CANCELLED")] if person.status is Status.CONFIRMED else []
    return _send(event, _("INSTÄLLT: %(title)s", title=event.title), blocks, parts)


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
        ("text", _greeting(person)),
        ("text", opening),
        *([("text", event.state_note)] if event.state_note else []),
        ("facts", [(_("Vad"), event.title), (_("Ny tid"), when)]),
        ("text", _("Passar det inte? Avanmäl dig på din sida.")),
        ("link", _("Din anmälan"), own_link(person)),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    parts = [_calendar(person, None)] if person.status is Status.CONFIRMED else []
    return _send(event, _("FRAMFLYTTAT: %(title)s", title=event.title), blocks, parts)


def _concerns_others(person: Registration, what: set[str]) -> bool:
    """Whether what changed is only the link or only the place, and the person needs it not."""
    if what == {"online_url"}:
        return person.mode is not Mode.ONLINE or person.status is not Status.CONFIRMED
    return person.mode is Mode.ONLINE and what <= IN_PLACE


def _words(what: set[str]) -> list[str]:
    names = [
        (_("titeln"), {"title"}),
        (_("tiden"), {"starts", "ends"}),
        (_("platsen"), IN_PLACE),
        (_("länken"), {"online_url"}),
    ]
    return [word for word, fields in names if fields & what]


def _calendar(person: Registration, status: str | None) -> Part:
    return Part(
        filename="kalender.ics",
        maintype="text",
        subtype="calendar",
        body=own_calendar(person, status),
        parameters={"charset": "utf-8", "method": "PUBLISH"},
    )


def own_calendar(person: Registration, status: str | None) -> bytes:
    """Somebody's own calendar file: with the link, if the place is on the net."""
    event = person.event
    confirmed_online = person.status is Status.CONFIRMED and person.mode is Mode.ONLINE
    return event_calendar(
        event,
        attendee=None if person.protected else person.name,
        status=status,
        sequence=event.sequence + person.sequence,
        online_url=event.online_url if confirmed_online else "",
    )


def _send(event: Event, subject: str, blocks: list[Block], parts: list[Part]) -> Letter:
    authority = event.authority
    return Letter(
        subject=subject,
        blocks=blocks,
        sender_name=authority.sender_name or authority.name,
        reply_to=event.contact_email or authority.reply_to,
        parts=parts,
    )
