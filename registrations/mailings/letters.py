"""The letters of a mailing, each written when it is sent and as things stand then."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from core.crypto import derived_token
from core.db import db
from core.i18n import language, public_url, span
from core.mail import Letter
from events.letterhead import letter_from
from events.models import Event
from events.rules import Mode
from events.words import MODE
from registrations import facts, hooks
from registrations.letters import own_link
from registrations.mailings.models import Mailing, MailingRecipient
from registrations.mailings.queries import Audience, has_opted_out
from registrations.mailings.rules import (
    Link,
    Placeholder,
    Purpose,
    Value,
    line,
    paragraphs,
)
from registrations.mailings.words import OCCASION
from registrations.models import Registration
from registrations.queries.public import chosen_items
from registrations.rules import ACTIVE, Status

Block = tuple[Any, ...]


def letter(payload: dict[str, Any]) -> Letter | None:
    """The letter of one recipient; None for whoever it no longer concerns."""
    recipient = db.session.get(MailingRecipient, payload["recipient"])
    if recipient is None or recipient.registration is None:
        return None
    mailing, person = recipient.mailing, recipient.registration
    if not concerns(mailing, person):
        return None
    stop = ""
    if mailing.purpose is Purpose.NEWS:
        if has_opted_out(db.session, mailing.event.authority_id, person.email):
            return None
        stop = opt_out_link(recipient)
    return written(mailing, person, own=own_link(person), stop=stop)


def trial(payload: dict[str, Any]) -> Letter | None:
    """The letter that somebody who works here has sent to themselves, without secret links."""
    mailing = db.session.get(Mailing, payload["mailing"])
    person = db.session.get(Registration, payload["registration"])
    if mailing is None or person is None:
        return None
    shown = preview(mailing, person)
    return replace(shown, subject=_("Prov: %(subject)s", subject=shown.subject), unsubscribe="")


WRITERS = {"mailing.letter": letter, "mailing.trial": trial}


def concerns(mailing: Mailing, person: Registration) -> bool:
    """Whether somebody who was chosen still is somebody the mailing is for."""
    return person.status in Audience.read(mailing.audience).statuses


def preview(mailing: Mailing, person: Registration) -> Letter:
    """The letter as `person` will read it; what is theirs alone is left out."""
    own = _("(personens egen länk)")
    return written(mailing, person, own=own, stop=own if mailing.purpose is Purpose.NEWS else "")


def language_of(mailing: Mailing, person: Registration) -> str:
    """The language of somebody's letter: English for whoever has chosen it, if it is written."""
    return "en" if person.language == "en" and in_english(mailing) else "sv"


def in_english(mailing: Mailing) -> bool:
    """Whether it is written in English too, whole."""
    return bool(mailing.subject_en and mailing.body_en)


def opt_out_link(recipient: MailingRecipient) -> str:
    """The secret address where a recipient says no to more news; nothing of it is stored."""
    return public_url(
        "registrations.opt_out", recipient_id=recipient.id, token=opt_out_token(recipient)
    )


def opt_out_token(recipient: MailingRecipient) -> str:
    """The secret of that address."""
    return derived_token("mailing.opt_out", recipient.id)


def written(mailing: Mailing, person: Registration, *, own: str, stop: str) -> Letter:
    """The letter, in the language that is spoken. `stop`: the address that ends such mail."""
    event = mailing.event
    english = language() == "en" and in_english(mailing)
    subject = mailing.subject_en if english else mailing.subject
    body = mailing.body_en if english else mailing.body
    known = values(event, person, own=own)
    blocks: list[Block] = [_block(runs) for runs in paragraphs(body, known)]
    blocks += _why(mailing, person, stop)
    return letter_from(event, line(subject, known), blocks, unsubscribe=stop)


def called(mailing: Mailing) -> str:
    """The subject as far as it is the same for everybody; for pages of those who work here."""
    event = mailing.event
    known: dict[Placeholder, Value] = dict.fromkeys(tuple(Placeholder), "…")
    known |= {
        Placeholder.EVENT: event.title,
        Placeholder.TIME: span(event.starts, event.ends),
        Placeholder.LAST_DAY: facts.last_change(event),
    }
    return line(mailing.subject, known) or str(OCCASION[mailing.occasion])


def values(event: Event, person: Registration, *, own: str) -> dict[Placeholder, Value]:
    """What each placeholder stands for, for one person. Protected persons are not named in mail."""
    seated = person.status is Status.CONFIRMED
    online = person.mode is Mode.ONLINE
    items = facts.choices(event, list(chosen_items(db.session, person.id))) if seated else []
    documented = set[int]().union(*hooks.documented(db.session, [event.id]))
    place = str(MODE[Mode.ONLINE]).lower() if online else facts.when_and_where(event, person)[1][1]
    return {
        Placeholder.FIRST_NAME: "" if person.protected else person.first_name,
        Placeholder.NAME: "" if person.protected else person.name,
        Placeholder.EVENT: event.title,
        Placeholder.TIME: span(event.starts, event.ends),
        Placeholder.PLACE: place,
        Placeholder.LAST_DAY: facts.last_change(event),
        Placeholder.CHOICES: "; ".join(items),
        Placeholder.OWN_PAGE: Link(_("din sida"), own) if person.status in ACTIVE else "",
        Placeholder.MEETING: (
            Link(_("länk till mötet"), event.online_url)
            if online and seated and event.online_url
            else ""
        ),
        Placeholder.DOCUMENTATION: (
            Link(_("dokumentationen"), public_url("minutes.document", slug=event.slug))
            if event.id in documented
            else ""
        ),
    }


def _block(runs: list[Value]) -> Block:
    if len(runs) == 1 and isinstance(runs[0], Link):
        label = runs[0].label
        return ("link", label[:1].upper() + label[1:], runs[0].address)
    if all(isinstance(run, str) for run in runs):
        return ("text", "".join(str(run) for run in runs))
    return (
        "mixed",
        [
            ("link", run.label, run.address) if isinstance(run, Link) else ("text", run)
            for run in runs
        ],
    )


def _why(mailing: Mailing, person: Registration, stop: str) -> list[Block]:
    event = mailing.event
    found: list[Block] = [("text", _("Frågor: %(contact)s", contact=facts.contact(event)))]
    if not stop:
        if person.status in ACTIVE:
            found.append(
                ("text", _("Du får mejlet för att du är anmäld till %(title)s.", title=event.title))
            )
        return found
    why = _(
        "Du får mejlet för att du har varit anmäld till %(title)s. Vill du inte ha fler mejl av "
        "det här slaget från %(authority)s?",
        title=event.title, authority=event.authority.name,
    )  # fmt: skip
    return [*found, ("mixed", [("text", f"{why} "), ("link", _("Avregistrera dig"), stop)])]
