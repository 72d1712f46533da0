"""Letters about the event: another time, place, title, link or state."""

from typing import Any

from flask_babel import gettext as _

from core.i18n import span
from core.mail import Letter
from events.rules import Mode, State
from registrations import facts
from registrations.letters.common import (
    Block,
    calendar,
    greeting,
    in_queue,
    letter,
    living,
    own_link,
    send,
)
from registrations.models import Registration
from registrations.rules import Status

IN_PLACE = {"venue_name", "venue_address", "municipality"}


def news(payload: dict[str, Any]) -> Letter | None:
    """The event has another time, place, title, link or state."""
    person = living(payload)
    if person is None:
        return None
    event, what = person.event, set(payload.get("changed", []))
    if event.state is State.CANCELLED:
        return _called_off(person)
    if event.state is State.POSTPONED:
        return _postponed(person, new_time="starts" in what)
    if not what:
        texts = [_("Evenemanget blir av. Din anmälan gäller fortfarande."), event.state_note]
        return letter(
            person, _("Blir av: %(title)s", title=event.title), [*texts, *in_queue(person)]
        )
    if _concerns_others(person, what):
        return None
    texts = [
        _("Något har ändrats: %(what)s. Så här gäller det nu.", what=", ".join(_words(what))),
        *in_queue(person),
    ]
    return letter(person, _("Ändrat: %(title)s", title=event.title), texts)


def _called_off(person: Registration) -> Letter:
    event = person.event
    blocks: list[Block] = [
        ("text", greeting(person)),
        ("text", _("Evenemanget är inställt. Du behöver inte avanmäla dig.")),
        *([("text", event.state_note)] if event.state_note else []),
        (
            "facts",
            [(_("Vad"), event.title), (_("Skulle varit"), span(event.starts, event.ends))],
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
