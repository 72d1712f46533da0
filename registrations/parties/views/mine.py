"""The contact's page, behind the secret link of the letter."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.db import db
from core.i18n import language
from core.policy import link
from core.web import act, found, handle
from events.rules import State, may_cancel_place
from registrations import facts, links
from registrations.parties import queries, services
from registrations.parties.models import Party, PartyMember
from registrations.parties.queries import name_of, status_of
from registrations.parties.views.group import COOKIE
from registrations.parties.views.handing_over import (
    form_for_contact,
    picks_for_contact,
    seats_shown,
)
from registrations.rules import ACTIVE, Status
from registrations.views.blueprint import bp


@bp.get("/min-grupp/<token:token>")
@link
def party_landing(token: str) -> ResponseReturnValue:
    """The link of the letter: changes nothing, and goes on to an address without the secret."""
    party = queries.by_link(db.session, token)
    if party is None:
        return _no_link()
    answer = current_app.make_response(redirect(url_for("registrations.my_party"), 303))
    links.remember(answer, COOKIE, party.id, party.token_version, now())
    return answer


@bp.get("/min-grupp")
@link
def my_party() -> ResponseReturnValue:
    """Who has a place, who waits, and the ways to change it."""
    party = _party()
    if party is None:
        return _no_link()
    event, may_change = party.event, _may_change(party)
    people, more = queries.seen(db.session, party, may_change=may_change)
    page = render_template(
        "registrations/parties/mine.html", party=party, event=event, people=people, more=more,
        may_change=may_change, last_change=facts.last_change(event), over=event.ends <= now(),
        phone=facts.contact_phone(event),
        counts=[(status, sum(1 for one in people if one.status is status)) for status in Status],
    )  # fmt: skip
    answer = current_app.make_response(page)
    links.remember(answer, COOKIE, party.id, party.token_version, now())
    return answer


@bp.route("/min-grupp/<id:member_id>/avanmal", methods=["GET", "POST"])
@link
def cancel_member(member_id: int) -> ResponseReturnValue:
    """Ask first; then give somebody's place back."""
    party = _party()
    if party is None:
        return _no_link()
    member = found(queries.member(db.session, party.id, member_id))
    if not _may_change(party) or status_of(member) not in ACTIVE:
        return redirect(url_for("registrations.my_party"), 303)
    if request.method != "POST":
        return render_template(
            "registrations/parties/cancel.html", party=party, event=party.event,
            name=name_of(member), status=status_of(member),
        )  # fmt: skip

    def action() -> str:
        services.cancel_member(db.session, _again(party, member_id), now=now())
        flash(_("%(name)s är avanmäld. Vi mejlar en bekräftelse till er båda.",
                name=name_of(member)))  # fmt: skip
        return url_for("registrations.my_party")

    return act(action)


@bp.route("/min-grupp/<id:member_id>/byt", methods=["GET", "POST"])
@link
def replace_member(member_id: int) -> ResponseReturnValue:
    """Let a colleague have somebody's place."""
    party = _party()
    if party is None:
        return _no_link()
    member = found(queries.member(db.session, party.id, member_id))
    if not _may_change(party) or status_of(member) is not Status.CONFIRMED:
        return redirect(url_for("registrations.my_party"), 303)
    form = form_for_contact(party.event)

    def action() -> str:
        here = _again(party, member_id)
        picks = picks_for_contact(form, here.registration if queries.is_ours(here) else None)
        services.replace_member(
            db.session, here, facts=form.facts, picks=picks, needs=form.needs,
            language=language(), now=now(),
        )  # fmt: skip
        flash(_("Platsen har gått över till en kollega. Vi mejlar er alla."))
        return url_for("registrations.my_party")

    def show() -> str:
        return render_template(
            "registrations/parties/replace.html", party=party, event=party.event, form=form,
            name=name_of(member), phone=facts.contact_phone(party.event),
            **seats_shown(party.event, None),
        )  # fmt: skip

    return handle(form, action, show)


def _again(party: Party, member_id: int) -> PartyMember:
    """The same person, as things stand inside the transaction."""
    return found(queries.member(db.session, party.id, member_id))


def _party() -> Party | None:
    """The party that this browser was let in to."""
    recalled = links.recall(COOKIE, now())
    party = queries.own(db.session, *recalled) if recalled else None
    if party is not None:
        links.refuse_anothers_form(party.id)
    return party


def _no_link() -> tuple[str, int]:
    return render_template("registrations/no_link.html"), 404


def _may_change(party: Party) -> bool:
    event = party.event
    return event.state in {State.PUBLISHED, State.POSTPONED} and may_cancel_place(
        cancel_by=event.cancel_by, starts=event.starts, now=now()
    )
