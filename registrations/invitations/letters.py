"""The letters to invited organisations, written when they are sent, as things stand then."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from core.clock import now
from core.db import db
from core.i18n import clock, clock_span, day, phone, public_url, span_from
from core.mail import Letter, Part
from events.ical import event_calendar
from events.letterhead import letter_from
from events.models import Event
from events.places import place
from events.queries.releases import latest_release
from events.rules import State
from events.words import KIND, PREFIX
from registrations.invitations.queries.invited import find_invitation
from registrations.invitations.queries.named import named
from registrations.invitations.rules import answer_by, may_answer
from registrations.invitations.services.asking import link_token
from registrations.models import Invitation
from registrations.rules import Answer

Payload = dict[str, Any]
Block = tuple[Any, ...]


def sent(payload: Payload) -> Letter | None:
    """The invitation; nothing where it can no longer be answered or its link is replaced."""
    invitation = _addressed(payload)
    if invitation is None or not _open(invitation):
        return None
    return invitation_letter(invitation, link_of(invitation))


def reminder(payload: Payload) -> Letter | None:
    """A reminder; nothing where the organisation has answered meanwhile."""
    invitation = _addressed(payload)
    if invitation is None or invitation.answer is not Answer.SENT or not _open(invitation):
        return None
    event = invitation.event
    return _letter(
        event,
        _("Påminnelse: inbjudan till %(title)s", title=event.title),
        [
            ("text", _("Hej! Vi har bjudit in %(name)s och vill gärna veta om ni kommer. "
                       "Svara senast %(when)s. Ett nej är också ett bra svar.",
                       name=invitation.organisation.name, when=_last_moment(event))),
            *_heart(event),
            ("facts", _facts(event, invitation)),
            ("link", _("Svara på inbjudan"), link_of(invitation)),
            *_contact(event),
        ],

    )  # fmt: skip


def accepted(payload: Payload) -> Letter | None:
    """What the organisation has answered, and how to change it."""
    invitation = _addressed(payload)
    if invitation is None or invitation.answer is not Answer.ACCEPTED:
        return None
    if invitation.event.state is not State.PUBLISHED or invitation.event.ends <= now():
        return None
    event = invitation.event
    people = [one.name for one in named(db.session, invitation.id)]
    return _letter(
        event,
        _("Tack för ert svar: %(title)s", title=event.title),
        [
            ("text", _("Vad roligt att %(name)s kommer! De här personerna är anmälda, och var och "
                       "en har fått ett eget mejl:", name=invitation.organisation.name)),
            ("list", people),
            ("facts", _facts(event, invitation)),
            ("text", _("Ni kan byta personer eller lämna återbud till och med %(when)s.",
                       when=_last_moment(event))),
            ("link", _("Ändra ert svar"), link_of(invitation)),
            *_contact(event),
        ],

    )  # fmt: skip


def news(payload: Payload) -> Letter | None:
    """The event is cancelled, postponed, moved or on again; nothing once it is over."""
    invitation = _addressed(payload)
    if invitation is None or invitation.event.ends <= now():
        return None
    if invitation.answer not in {Answer.SENT, Answer.ACCEPTED}:
        return None
    event = invitation.event
    heading, text = _what_happened(event)
    blocks: list[Block] = [("text", text)]
    if event.state_note:
        blocks.append(("text", event.state_note))
    blocks.append(("facts", _when_and_where(event)))
    if _open(invitation):
        blocks.append(("link", _("Se eller ändra ert svar"), link_of(invitation)))
    blocks.append(("link", _("Sidan om mötet"), public_url("events.show", slug=event.slug)))
    return _letter(event, heading, [*blocks, *_contact(event)])


def invitation_letter(invitation: Invitation, link: str) -> Letter:
    """The invitation as it is sent, with `link` as its secret address (also for a preview)."""
    event = invitation.event
    programme = programme_of(event)
    blocks: list[Block] = [("text", _("Hej!")), ("text", _greeting(event, invitation))]
    if event.lead:
        blocks.append(("text", event.lead))
    blocks += _heart(event)
    blocks.append(("facts", [(_("Vad"), event.title), *_facts(event, invitation)]))
    blocks.append(("heading", _("Varför just ni")))
    blocks.append(("text", invitation.reason))
    blocks.append(("link", _("Svara på inbjudan"), link))
    if programme:
        blocks.append(("heading", _("Program (med reservation för ändringar)")))
        blocks.append(("list", programme))
    blocks.append(("text", _openness()))
    blocks.append(("link", _("Sidan om mötet"), public_url("events.show", slug=event.slug)))
    subject = _("Inbjudan: %(title)s, %(day)s", title=event.title, day=day(event.starts))
    return _letter(event, subject, [*blocks, *_contact(event)])


def link_of(invitation: Invitation) -> str:
    """The secret address where the organisation answers."""
    return public_url("registrations.invitation_landing", token=link_token(invitation))


def programme_of(event: Event) -> list[str]:
    """The released programme as lines of text; with the day where there is more than one."""
    release = latest_release(db.session, event.id)
    lines: list[str] = []
    several = day(event.starts) != day(event.ends)
    for item in release.content.get("items", []) if release else []:
        starts, ends = (datetime.fromisoformat(item[name]) for name in ("starts", "ends"))
        when = f"{day(starts)} {clock_span(starts, ends)}" if several else clock_span(starts, ends)
        who = ", ".join(one["name"] for one in item.get("speakers", []))
        lines.append(f"{when} {item['title']}" + (f" ({who})" if who else ""))
    return lines


def _addressed(payload: Payload) -> Invitation | None:
    """The invitation of a letter, unless its address has been corrected since."""
    invitation = find_invitation(db.session, payload["invitation"])
    if invitation is None or invitation.answer is Answer.DRAFT:
        return None
    return invitation if invitation.token_version == payload["token_version"] else None


def _open(invitation: Invitation) -> bool:
    event = invitation.event
    return may_answer(
        state=event.state, closes=event.registration_closes, starts=event.starts, now=now()
    )


def _greeting(event: Event, invitation: Invitation) -> str:
    # The title and the board stand beside the name, so that they end with a comma too.
    who = inviter(event) + ("," if event.inviter_name or event.inviter_title else "")
    if event.is_issue_council:
        return _("%(inviter)s bjuder in %(name)s till sakråd.",
                 inviter=who, name=invitation.organisation.name)  # fmt: skip
    return _("%(inviter)s bjuder in %(name)s till %(title)s.",
             inviter=who, name=invitation.organisation.name, title=event.title)  # fmt: skip


def inviter(event: Event) -> str:
    """Who invites, with title and board, e.g. "Tove Forsell, länsråd, Länsstyrelsen …"."""
    parts = (event.inviter_name, event.inviter_title, event.authority.name)
    return ", ".join(part for part in parts if part)


def _heart(event: Event) -> list[Block]:
    """What is asked, what for, and what can come of it (D-06)."""
    pairs = (
        (_("Frågan"), event.question),
        (_("Syftet"), event.purpose),
        (_("Vad det kan leda till"), event.can_achieve),
    )
    blocks: list[Block] = []
    for heading, text in pairs:
        if text:
            blocks += [("heading", heading), ("text", text)]
    return blocks


def _facts(event: Event, invitation: Invitation) -> list[tuple[str, str]]:
    return [
        *_when_and_where(event),
        (_("Platser"), ngettext("Ni får komma med %(num)s person",
                                "Ni får vara %(num)s personer", invitation.seats)),
        (_("Svara senast"), _last_moment(event)),
    ]  # fmt: skip


def _when_and_where(event: Event) -> list[tuple[str, str]]:
    facts = [(_("När"), span_from(event.starts, event.ends))]
    where = place(event.venue_name, event.venue_address, event.municipality)
    if where:
        facts.append((_("Var"), where))
    if event.online_url:
        facts.append((_("På nätet"), _("Den som är anmäld får länken i sitt mejl.")))
    return facts


def _last_moment(event: Event) -> str:
    last = answer_by(closes=event.registration_closes, starts=event.starts)
    return f"{day(last)} {_('kl.')} {clock(last)}"


def _openness() -> str:
    return _(
        "Av öppenhet visar vi på webben vilka organisationer som är inbjudna, varför, och om de "
        "kommer. Namn på personer visar vi inte där."
    )


def _contact(event: Event) -> list[Block]:
    number = phone(event.contact_phone) if event.contact_phone else ""
    parts = [part for part in (event.contact_name, event.contact_email, number) if part]
    return [("heading", _("Kontakt")), ("text", "\n".join(parts))] if parts else []


def _what_happened(event: Event) -> tuple[str, str]:
    prefix = PREFIX.get(event.state)
    kind = str(KIND[event.kind])
    if event.state is State.CANCELLED:
        text = _("Mötet som ni är inbjudna till blir inte av.")
    elif event.state is State.POSTPONED:
        text = _("Mötet som ni är inbjudna till är framflyttat. Vi hör av oss om den nya tiden.")
    else:
        text = _("Mötet som ni är inbjudna till har fått ny tid eller plats. Så här gäller nu:")
    title = f"{prefix} – {event.title}" if prefix else _("Ändrat: %(title)s", title=event.title)
    return title, f"{kind}: {event.title}\n{text}"


def _letter(event: Event, subject: str, blocks: list[Block]) -> Letter:
    return letter_from(event, subject, blocks, parts=[_calendar(event)])


def _calendar(event: Event) -> Part:
    return Part(
        filename=f"{event.slug[:60]}.ics",
        maintype="text",
        subtype="calendar",
        body=event_calendar(event),
        parameters={"charset": "utf-8", "method": "PUBLISH"},
    )
