"""Letters about a place: given, offered, approved, refused, gone."""

from typing import Any

from flask_babel import gettext as _

from core.db import db
from core.mail import Letter
from registrations import facts
from registrations.calendars.entries import withdrawal
from registrations.letters.common import (
    farewell,
    in_queue,
    letter,
    living,
)
from registrations.models import Registration
from registrations.queries import public as queries
from registrations.rules import Status


def promoted(payload: dict[str, Any]) -> Letter | None:
    """A place has become free for somebody who waited."""
    person = living(payload)
    if person is None or person.status is not Status.CONFIRMED:
        return None
    texts = [_("Du stod på reservlistan. Nu har du fått en plats."), *_lost(payload)]
    texts.append(_("Kan du inte komma? Avanmäl dig, så får någon annan platsen."))
    return letter(person, _("Du har fått en plats: %(title)s", title=person.event.title), texts)


def offered(payload: dict[str, Any]) -> Letter | None:
    """A place has become free, and is held for somebody who waited."""
    person = living(payload)
    if person is None or person.status is not Status.OFFERED or person.offered_until is None:
        return None
    texts = [
        _(
            "Du stod på reservlistan. Nu finns det en plats till dig. Svara senast %(when)s, "
            "annars går den vidare till nästa.",
            when=facts.answer_by(person.offered_until),
        ),
        *_lost(payload),
    ]
    return letter(
        person, _("Svara: det finns en plats, %(title)s", title=person.event.title), texts
    )


def offer_ended(payload: dict[str, Any]) -> Letter | None:
    """The place that was held has gone to the next."""
    person = db.session.get(Registration, payload["registration"])
    if person is None or person.status is not Status.CANCELLED:
        return None
    return farewell(
        person, _("Platsen har gått vidare: %(title)s", title=person.event.title),
        [
            _("Vi fick inget svar i tid, så platsen har gått vidare till nästa i kön."),
            _("Vill du fortfarande komma? Anmäl dig på nytt."),
        ],
        withdrawal(person),
    )  # fmt: skip


def approved(payload: dict[str, Any]) -> Letter | None:
    """The organiser has said yes."""
    person = living(payload)
    if person is None or person.status not in {Status.CONFIRMED, Status.WAITING}:
        return None
    if person.status is Status.CONFIRMED:
        opening = _("Arrangören har godkänt din anmälan. Du har en plats.")
        return letter(person, _("Du har en plats: %(title)s", title=person.event.title), [opening])
    opening = _("Arrangören har godkänt din anmälan, men alla platser är tagna just nu.")
    return letter(
        person, _("Du står på reservlistan: %(title)s", title=person.event.title),
        [opening, *in_queue(person)],
    )  # fmt: skip


def declined(payload: dict[str, Any]) -> Letter | None:
    """The organiser has said no, and why."""
    person = db.session.get(Registration, payload["registration"])
    if person is None or person.status is not Status.DECLINED:
        return None
    return farewell(
        person, _("Svar på din anmälan: %(title)s", title=person.event.title),
        [_("Vi kan tyvärr inte ge dig en plats den här gången."), person.cancel_reason],
        withdrawal(person),
    )  # fmt: skip


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
