"""What an invited organisation sees and answers, by its secret link. Opening it changes nothing."""

from datetime import datetime
from typing import Any, NoReturn

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import crypto
from core.clock import now
from core.db import db
from core.i18n import language
from core.policy import link
from core.web import handle
from events.models import Event
from events.rules import Mode
from registrations import facts, links
from registrations.invitations import letters, services
from registrations.invitations.forms import AnswerForm, DeclineForm, answer_form
from registrations.invitations.queries import invited as queries
from registrations.invitations.queries.named import Named, named
from registrations.invitations.rules import answer_by, may_answer
from registrations.models import Invitation
from registrations.questions.queries import asked
from registrations.rules import Answer
from registrations.views.blueprint import bp

COOKIE = "inbjudan"


@bp.get("/inbjudan/<token>")
@link
def invitation_landing(token: str) -> ResponseReturnValue:
    """Let the browser in for half an hour and go on to an address without the secret.

    Any text is taken, so that a link that was cut on its way is told the same as a dead one.
    """
    invitation = queries.by_hash(db.session, crypto.digest(token))
    if invitation is None:
        _no_link()
    answer = redirect(url_for("registrations.invitation"), 303)
    links.remember(answer, COOKIE, invitation.id, invitation.token_version, now())
    return answer


@bp.route("/inbjudan", methods=["GET", "POST"])
@link
def invitation() -> ResponseReturnValue:
    """The invitation and, as long as there is time, the form to say yes or change the names."""
    here = _mine()
    people = named(db.session, here.id)
    form = _form(here, people)

    def save() -> str:
        services.accept(
            db.session, _mine(), representatives=form.people(), now=now(),
            version=form.version.data, language=language(),
        )  # fmt: skip
        flash(_("Tack! Ert svar är sparat. Var och en som är anmäld får ett eget mejl."))
        return url_for("registrations.invitation")

    return handle(form, save, lambda: _page(here, people, form))


@bp.route("/inbjudan/nej", methods=["GET", "POST"])
@link
def decline_invitation() -> ResponseReturnValue:
    """Say no; people already named are cancelled."""
    here = _mine()
    form = DeclineForm(data={"version": here.version, "message": here.message})

    def save() -> str:
        services.decline(
            db.session, _mine(), message=form.message.data, now=now(), version=form.version.data
        )
        flash(_("Tack för beskedet. Ni har tackat nej."))
        return url_for("registrations.invitation")

    def show() -> str:
        return render_template(
            "registrations/invitations/decline.html",
            form=form, event=here.event, invitation=here, open=_open(here.event, now()),
            named=here.answer is Answer.ACCEPTED,
        )  # fmt: skip

    return handle(form, save, show)


def _mine() -> Invitation:
    """The invitation this browser was let in to, or 404 where the time is up or the link dead."""
    known = links.recall(COOKIE, now())
    invitation = queries.find_invitation(db.session, known[0]) if known else None
    if invitation is None or known is None or invitation.token_version != known[1]:
        _no_link()
    links.refuse_anothers_form(invitation.id)
    return invitation


def _no_link() -> NoReturn:
    abort(
        404,
        _(
            "Länken gäller inte. Öppna länken i det senaste mejlet från oss: av säkerhetsskäl "
            "gäller den öppnade sidan i 30 minuter åt gången. Hjälper det inte, kontakta den som "
            "bjöd in er."
        ),
    )


def _page(here: Invitation, people: list[Named], form: AnswerForm) -> str:
    event = here.event
    return render_template(
        "registrations/invitations/invitation.html",
        invitation=here, event=event, form=form, inviter=letters.inviter(event),
        phone=facts.contact_phone(event),
        open=_open(event, now()),
        last=answer_by(closes=event.registration_closes, starts=event.starts),
        people=people, programme=letters.programme_of(event),
    )  # fmt: skip


def _open(event: Event, at: datetime) -> bool:
    return may_answer(
        state=event.state, closes=event.registration_closes, starts=event.starts, now=at
    )


def _form(here: Invitation, people: list[Named]) -> AnswerForm:
    modes: tuple[Mode, ...] = tuple(pool.mode for pool in here.event.pools if pool.mode)
    data: dict[str, Any] = {"version": here.version}
    for row, one in enumerate(people, 1):
        data |= {
            f"first_name_{row}": one.first_name,
            f"last_name_{row}": one.last_name,
            f"email_{row}": one.email,
            f"role_{row}": one.role_kind.value,
            f"mode_{row}": one.mode.value,
        }
    return answer_form(
        max(here.seats, len(people)), modes, data, asked=asked(db.session, here.event_id),
        sector=here.organisation.sector.value, named=frozenset(one.who for one in people),
    )  # fmt: skip
