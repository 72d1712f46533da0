"""Letters about one's own registration: thanks, changes, the way back to it."""

from typing import Any

from flask_babel import gettext as _

from core.clock import now
from core.db import db
from core.i18n import span, span_from
from core.mail import Letter
from registrations import facts
from registrations.letters.common import (
    Block,
    asked,
    calendar,
    farewell,
    greeting,
    in_queue,
    letter,
    living,
    own_link,
    send,
)
from registrations.models import Registration
from registrations.parties.letters import link_of
from registrations.parties.models import Party
from registrations.placement.telling import explained
from registrations.rules import ACTIVE, Status
from registrations.services.telling import address_digest


def receipt(payload: dict[str, Any]) -> Letter | None:
    """Thank you: a place, or one in the queue."""
    person = living(payload)
    if person is None:
        return None
    opening = " ".join((_thanks(payload, person), _("Du har en plats.")))
    if payload.get("accepted"):
        opening = _("Du har tackat ja, och platsen är din.")
    subject = _("Du är anmäld: %(title)s", title=person.event.title)
    if person.status is Status.PENDING:
        subject = _("Vi har tagit emot din anmälan: %(title)s", title=person.event.title)
        chosen = _("Arrangören avgör vilka som får plats.")
        opening = " ".join((_thanks(payload, person), chosen))
    elif person.status is not Status.CONFIRMED:
        subject = _("Du står på reservlistan: %(title)s", title=person.event.title)
        full = _("Alla platser var tagna, så du står på reservlistan.")
        opening = " ".join((_thanks(payload, person), full))
    texts = [opening, *explained(db.session, person.id), *in_queue(person), *asked(person)]
    return letter(person, subject, texts)


def unproven(payload: dict[str, Any]) -> Letter | None:
    """Please confirm that the address is yours: one link, and what happens without."""
    person = living(payload)
    if person is None or not person.unproven or person.offered_until is None:
        return None
    event = person.event
    texts = [_("Bekräfta din anmälan på sidan som länken går till. Då vet vi att adressen är din.")]
    if person.status is Status.UNPROVEN:
        texts.append(
            _(
                "Vi håller din plats till %(when)s. Efter det går den vidare till nästa, men du "
                "kan bekräfta ändå och få en plats om det finns någon kvar.",
                when=facts.answer_by(person.offered_until),
            )
        )
    blocks: list[Block] = [
        ("text", greeting(person)),
        *[("text", text) for text in texts],
        ("link", _("Bekräfta din anmälan"), own_link(person)),
        ("facts", [(_("Vad"), event.title), (_("När"), span_from(event.starts, event.ends))]),
        ("text", _("Har du inte anmält dig? Då behöver du inte göra något.")),
        ("text", _("Frågor: %(contact)s", contact=facts.contact(event))),
    ]
    return send(event, _("Bekräfta din anmälan: %(title)s", title=event.title), blocks, [])


def changed(payload: dict[str, Any]) -> Letter | None:
    """One's own registration has been changed."""
    person = living(payload)
    if person is None:
        return None
    texts = [_("Din anmälan är ändrad. Så här ser den ut nu."), *in_queue(person)]
    return letter(person, _("Ändrad anmälan: %(title)s", title=person.event.title), texts)


def already(payload: dict[str, Any]) -> Letter | None:
    """Somebody registered once more with the same name and address."""
    person = living(payload)
    if person is None:
        return None
    if person.unproven:
        return unproven(payload)
    opening = _("Du var redan anmäld, så vi har inte ändrat något. Din anmälan gäller.")
    return letter(
        person, _("Du är redan anmäld: %(title)s", title=person.event.title),
        [opening, *in_queue(person)],
    )  # fmt: skip


def cancelled(payload: dict[str, Any]) -> Letter | None:
    """One's place has been given back."""
    person = db.session.get(Registration, payload["registration"])
    if person is None or person.status is not Status.CANCELLED:
        return None
    if payload.get("merged"):
        return _merged(person)
    what = _("Du är avanmäld. Vi har gett platsen vidare om någon väntade på den.")
    mistaken = _("Var det ett misstag? Anmäl dig på nytt.")
    if payload.get("handed_over"):
        what = _("Din plats har gått över till en kollega. Du är inte längre anmäld.")
        mistaken = _("Stämmer det inte? Hör av dig till oss.")
    return farewell(
        person, _("Du är avanmäld: %(title)s", title=person.event.title),
        [what, mistaken],
        [calendar(person, "CANCELLED")] if payload.get("had_seat") else [],
    )  # fmt: skip


def _merged(person: Registration) -> Letter:
    """Two registrations have become one: the entry of this one goes, the place does not."""
    return farewell(
        person, _("Två anmälningar har blivit en: %(title)s", title=person.event.title),
        [
            _("Du var anmäld två gånger. Nu har du en anmälan, och din plats är kvar."),
            _("Den ena posten i din kalender tas bort, den andra gäller."),
        ],
        [calendar(person, "CANCELLED")],
    )  # fmt: skip


def links(payload: dict[str, Any]) -> Letter | None:
    """The way to one's registrations, once more."""
    ids = payload["registrations"]
    people = [db.session.get(Registration, id_) for id_ in ids]
    address = payload.get("address")
    living = [
        p for p in people
        if p and p.status in ACTIVE and p.event.ends > now()
        and address in {None, address_digest(p.email)}  # since then it may be another's
    ]  # fmt: skip
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
            ("link", _("Er grupp"), link_of(party)),
        ]
    first = living[0].event if living else led[0].event
    return send(first, _("Länkar till dina anmälningar"), blocks, [])


def _thanks(payload: dict[str, Any], person: Registration) -> str:
    """How the registration came about: by oneself, by a colleague, or in a colleague's place."""
    if payload.get("instead"):
        return _("Du kommer i stället för en kollega.")
    party = db.session.get(Party, payload["party"]) if payload.get("party") else None
    if party is None or party.email_key == person.email_key:
        return _("Tack för din anmälan!")
    return _("%(name)s har anmält dig.", name=party.contact_name)
