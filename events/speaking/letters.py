"""The letters to speakers, written when they are sent, as things stand then."""

from typing import Any

from flask_babel import gettext as _

from core.clock import now, to_local
from core.db import db
from core.i18n import clock_span, day_short, phone, public_url, span_from
from core.mail import Letter
from events.letterhead import letter_from
from events.models import Event
from events.places import place
from events.rules import SpeakerRole, State
from events.speaking.asking import link_token, to_come
from events.speaking.models import Engagement
from events.speaking.queries import find_engagement, missing_of, turns_of
from events.speaking.rules import Answer, Missing
from events.words import PREFIX, SPEAKER_ROLE

Payload = dict[str, Any]
Block = tuple[Any, ...]
STILL = (Missing.PRESENTATION, Missing.NAME, Missing.PHOTO, Missing.SLIDES)


def link_of(engagement: Engagement) -> str:
    """The secret address of the speaker's own page."""
    return public_url("events.speaking_landing", token=link_token(engagement))


def invitation(payload: Payload) -> Letter | None:
    """The question whether they come, with the link; nothing where it no longer concerns them."""
    engagement = _addressed(payload)
    if engagement is None or engagement.answer is Answer.NO:
        return None
    event = engagement.event
    opening = _(
        "%(authority)s vill gärna ha dig med på %(title)s.",
        authority=event.authority.name, title=event.title,
    )  # fmt: skip
    asks = _(
        "På din egen sida svarar du om du kan komma. Där skriver du också hur du vill presenteras, "
        "lägger upp ett foto, berättar vad du behöver i rummet och väljer vad som får visas. Du "
        "behöver inget konto, och du kan ändra dig när du vill."
    )
    return _letter(
        engagement,
        _("Vill du medverka? %(title)s", title=event.title),
        [("text", opening), *_what(engagement), ("text", asks),
         ("link", _("Svara och berätta"), link_of(engagement))],
    )  # fmt: skip


def reminder(payload: Payload) -> Letter | None:
    """A reminder to answer; nothing where they have."""
    engagement = _addressed(payload)
    if engagement is None or engagement.answer is not Answer.NONE:
        return None
    event = engagement.event
    asks = _(
        "Vi har frågat om du vill medverka och har inte sett något svar. Ett nej är också bra."
    )
    return _letter(
        engagement,
        _("Påminnelse: vill du medverka? %(title)s", title=event.title),
        [("text", asks), *_what(engagement), ("link", _("Svara"), link_of(engagement))],
    )


def lacking(payload: Payload) -> Letter | None:
    """What is still missing before the day; nothing where nothing is."""
    engagement = _addressed(payload)
    if engagement is None or engagement.answer is not Answer.YES:
        return None
    wanted = _still(engagement)
    if not wanted:
        return None
    event = engagement.event
    text = _(
        "Snart är det dags, och det här saknar vi från dig. Hoppa över det du inte vill lämna."
    )
    return _letter(
        engagement,
        _("Inför %(title)s: något saknas", title=event.title),
        [("text", text), ("list", wanted), *_what(engagement),
         ("link", _("Till din sida"), link_of(engagement))],
    )  # fmt: skip


def off(payload: Payload) -> Letter | None:
    """That the event is cancelled or postponed; nothing where it is on again."""
    engagement = find_engagement(payload["engagement"])
    if engagement is None or engagement.token_version != payload["token_version"]:
        return None
    event = engagement.event
    if event.state not in {State.CANCELLED, State.POSTPONED} or engagement.answer is Answer.NO:
        return None
    said = (
        _("Evenemanget är inställt, och du behöver inte komma.")
        if event.state is State.CANCELLED
        else _("Evenemanget är framflyttat, och du behöver inte komma den dag som var sagd.")
    )
    note: list[Block] = [("text", event.state_note)] if event.state_note else []
    facts = [(_("Vad"), event.title), (_("Skulle ha varit"), span_from(event.starts, event.ends))]
    return _letter(
        engagement,
        f"{PREFIX[event.state]}: {event.title}",
        [("text", said), *note, ("facts", facts),
         ("link", _("Till din sida"), link_of(engagement))],
    )  # fmt: skip


def news(payload: Payload) -> Letter | None:
    """The event has another time or place, or takes place after all; nothing where it is off."""
    engagement = _addressed(payload)
    if engagement is None or engagement.answer is Answer.NO:
        return None
    event = engagement.event
    if event.state is State.POSTPONED:
        subject = f"{PREFIX[event.state]}: {event.title}"
        said = _("Evenemanget är framflyttat, och nu är den nya tiden bestämd.")
    elif payload["again"]:
        subject = _("Blir av: %(title)s", title=event.title)
        said = _("Evenemanget blir av.")
    else:
        subject = _("Ändrat: %(title)s", title=event.title)
        said = _("Tiden eller platsen är ändrad. Så här gäller det nu.")
    note: list[Block] = [("text", event.state_note)] if event.state_note else []
    asks = _("Kan du inte komma då? Ändra ditt svar på din sida.")
    return _letter(
        engagement,
        subject,
        [("text", said), *note, *_what(engagement), ("text", asks),
         ("link", _("Till din sida"), link_of(engagement))],
    )  # fmt: skip


def _still(engagement: Engagement) -> list[str]:
    said = {
        Missing.PRESENTATION: _("Titel eller organisation, och några rader om dig"),
        Missing.NAME: _("Om ditt namn får visas"),
        Missing.PHOTO: _("Ett foto"),
        Missing.SLIDES: _("Din presentation"),
    }
    lacks = missing_of(db.session, engagement)
    return [said[one] for one in STILL if one in lacks]


def _addressed(payload: Payload) -> Engagement | None:
    """The engagement of a letter, unless its link is dead or there is nothing left to ask."""
    engagement = find_engagement(payload["engagement"])
    if engagement is None or engagement.token_version != payload["token_version"]:
        return None
    return engagement if to_come(engagement.event, now()) else None


def _what(engagement: Engagement) -> list[Block]:
    event = engagement.event
    facts = [(_("Vad"), event.title), (_("När"), span_from(event.starts, event.ends))]
    where = place(event.venue_name, event.venue_address, event.municipality)
    if where:
        facts.append((_("Var"), where))
    blocks: list[Block] = [("facts", facts)]
    turns = turns_lines(engagement)
    if turns:
        blocks += [("heading", _("Din del av programmet")), ("list", turns)]
    return blocks


def turns_lines(engagement: Engagement) -> list[str]:
    """What they take part in, a line each: time, title, room and role where it is more."""
    turns = turns_of(db.session, engagement)
    event = engagement.event
    many = to_local(event.starts).date() != to_local(event.ends).date()
    found = []
    for item, roles in turns:
        when = clock_span(item.starts, item.ends)
        if many:
            when = f"{day_short(item.starts)} {when}"
        more = [str(SPEAKER_ROLE[role]) for role in roles if role is not SpeakerRole.SPEAKER]
        parts = [f"{when} {item.title}", item.room, ", ".join(more)]
        found.append(" · ".join(part for part in parts if part))
    return found


def _letter(engagement: Engagement, subject: str, blocks: list[Block]) -> Letter:
    event = engagement.event
    secret = _("Länken är din egen: dela den inte.")
    return letter_from(
        event,
        subject,
        [
            ("text", _("Hej %(name)s!", name=engagement.speaker.name)),
            *blocks,
            ("text", secret),
            *_contact(event),
            ("link", _("Så hanterar vi dina personuppgifter"), public_url("pages.privacy")),
        ],
    )


def _contact(event: Event) -> list[Block]:
    number = phone(event.contact_phone) if event.contact_phone else ""
    parts = [part for part in (event.contact_name, event.contact_email, number) if part]
    return [("text", _("Frågor: %(contact)s", contact=", ".join(parts)))] if parts else []
