"""One mailing: who gets it, how it reads, send it; afterwards what became of it."""

import re
from dataclasses import dataclass

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.i18n import moment, speaking
from core.mail import Letter
from core.web import act, found, handle
from registrations.mailings import letters, queries, services
from registrations.mailings.forms import AddressForm, SendForm
from registrations.mailings.models import Mailing, MailingRecipient
from registrations.mailings.rules import EDITABLE, Purpose, State
from registrations.mailings.views.finding import again, find_mailing, find_recipient, titles
from registrations.mailings.words import to_whom
from registrations.models import Registration
from registrations.protection import Person, shown
from registrations.views.blueprint import bp


@dataclass(frozen=True)
class Sample:
    """One of those who will get a letter, and the letter; `number` of how many."""

    number: int
    person: Person
    letter: Letter
    text: str
    language: str


@bp.route("/arbeta/utskick/<id:mailing_id>", methods=["GET", "POST"])
@staff(PLAN, mailing=find_mailing)
def mailing(mailing: Mailing) -> ResponseReturnValue:
    """Before: how many, five of them, the letter, and the way to send it. After: the outcome."""
    form = SendForm(data={"version": mailing.version, "when": "now"})

    def send() -> str:
        at = form.send_at.data if form.when.data == "later" else None
        mine = again(mailing)
        if services.plan(db.session, mine, at=at, version=form.version.data, by=me(), now=now()):
            flash(
                _("Utskicket går %(when)s.", when=moment(at)) if at else _("Utskicket är på väg.")
            )
        else:
            flash(_("Utskicket var redan på väg. Inget mer har skickats."))
        return url_for("registrations.mailing", mailing_id=mailing.id)

    return handle(form, send, lambda: _page(mailing, form))


@bp.post("/arbeta/utskick/<id:mailing_id>/prov")
@staff(PLAN, mailing=find_mailing)
def mailing_trial(mailing: Mailing) -> ResponseReturnValue:
    """Send it to the one who is signed in, as one of the recipients would get it."""
    number = _number(request.form.get("number", "1"))

    def send() -> str:
        mine = again(mailing)
        person = _sample_person(mine, number)
        if person is None:
            raise Refusal(_("Ingen stämmer med urvalet, så det finns inget prov att skicka."))
        services.send_trial(db.session, mine, person, by=me(), now=now())
        flash(_("Ett prov är på väg till %(to)s.", to=me().email))
        return url_for("registrations.mailing", mailing_id=mailing.id, prov=number)

    return act(send)


@bp.post("/arbeta/utskick/<id:mailing_id>/stall-in")
@staff(PLAN, mailing=find_mailing)
def mailing_unplan(mailing: Mailing) -> ResponseReturnValue:
    """Take a planned one back."""

    def unplan() -> str:
        services.unplan(db.session, again(mailing), by=me(), now=now())
        flash(_("Utskicket är inställt och finns kvar som utkast."))
        return url_for("registrations.mailing", mailing_id=mailing.id)

    return act(unplan)


@bp.post("/arbeta/utskick/<id:mailing_id>/fortsatt")
@staff(PLAN, mailing=find_mailing)
def mailing_resume(mailing: Mailing) -> ResponseReturnValue:
    """Go on with one whose work was given up."""

    def resume() -> str:
        if services.resume(db.session, again(mailing), by=me(), now=now()):
            flash(_("Utskicket fortsätter där det var. Ingen får det två gånger."))
        return url_for("registrations.mailing", mailing_id=mailing.id)

    return act(resume)


@bp.route("/arbeta/utskick/mottagare/<id:recipient_id>", methods=["GET", "POST"])
@staff(PLAN, recipient=find_recipient)
def mailing_address(recipient: MailingRecipient) -> ResponseReturnValue:
    """Send a letter that did not arrive to another address."""
    person = found(recipient.registration)
    form = AddressForm(
        data={"email": "" if person.protected else person.email,
              "reason": _("Mejlet kom inte fram.")}
    )  # fmt: skip

    def correct() -> str:
        mine = found(find_recipient(recipient.id))
        services.correct(
            db.session, mine, email=form.email.data, reason=form.reason.data, by=me(), now=now()
        )
        flash(_("Adressen är rättad och mejlet skickas igen."))
        return url_for("registrations.mailing", mailing_id=mine.mailing_id)

    return handle(
        form,
        correct,
        lambda: render_template(
            "registrations/mailings/address.html",
            event=recipient.mailing.event,
            tab="mailings",
            form=form,
            recipient=recipient,
            person=shown(person),
        ),
    )


def _page(mailing: Mailing, form: SendForm) -> str:
    audience = queries.Audience.read(mailing.audience)
    editable = mailing.state in EDITABLE
    samples = queries.samples(db.session, mailing.event_id, audience) if editable else []
    reach = queries.reach(db.session, mailing.event, audience, mailing.purpose)
    return render_template(
        "registrations/mailings/mailing.html",
        event=mailing.event,
        tab="mailings",
        mailing=mailing,
        title=letters.called(mailing),
        form=form,
        editable=editable,
        stopped=services.has_stopped(db.session, mailing),
        why_stopped=services.why_stopped(db.session, mailing),
        planned=mailing.state is State.PLANNED,
        reach=reach,
        people=[shown(person) for person in samples],
        sample=_sample(mailing) if editable else None,
        standing=queries.standings(db.session, [mailing.id])[mailing.id],
        failures=[
            (one, shown(one.registration) if one.registration else None)
            for one in ([] if editable else queries.failures(db.session, mailing.id))
        ],
        to_whom=to_whom(audience, titles(mailing.event)),
        optional=mailing.purpose is Purpose.NEWS,
    )


def _sample(mailing: Mailing) -> Sample | None:
    number = _number(request.args.get("prov", "1"))
    person = _sample_person(mailing, number)
    if person is None:
        return None
    language = letters.language_of(mailing, person)
    with speaking(language):
        letter = letters.preview(mailing, person)
        text = render_template("mail/letter.txt", letter=letter)
    return Sample(number, shown(person), letter, text, language)


def _sample_person(mailing: Mailing, number: int) -> Registration | None:
    audience = queries.Audience.read(mailing.audience)
    people = queries.samples(db.session, mailing.event_id, audience, limit=1, skip=number - 1)
    return people[0] if people else None


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        abort(400)
    return int(text)
