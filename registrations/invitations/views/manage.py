"""The invited list of one event: who, why, sent, answered."""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.forms import Form
from core.reference import SECTOR_WORDS, Sector, counties
from core.web import act, found, handle
from events.models import Event
from events.queries.manage import find_event
from registrations.invitations import letters, services
from registrations.invitations.forms import (
    AddInvitationForm,
    AddressForm,
    InvitationForm,
)
from registrations.invitations.queries import invited as queries
from registrations.invitations.queries import organisations as register
from registrations.invitations.rules import counted, lopsided, may_answer, may_remind
from registrations.invitations.words import CRITERIA, PRINCIPLES
from registrations.models import Invitation, Organisation
from registrations.rules import Answer
from registrations.views.blueprint import bp


def _find(invitation_id: int) -> Invitation | None:
    return queries.find_invitation(db.session, invitation_id)


def _again(invitation: Invitation) -> Invitation:
    """The invitation, read inside the write transaction."""
    return found(_find(invitation.id))


def _list_of(event_id: int) -> str:
    return url_for("registrations.invitations", event_id=event_id)


@bp.get("/arbeta/evenemang/<id:event_id>/inbjudna")
@staff(PLAN, event=find_event)
def invitations(event: Event) -> str:
    """The list: the answers first, the selection beside it."""
    rows = queries.invited(db.session, event.id)
    numbers = {
        answer: sum(1 for row in rows if row.invitation.answer is answer) for answer in Answer
    }
    at = now()
    remindable = {
        row.invitation.id
        for row in rows
        if may_remind(
            row.invitation.answer,
            sent=row.invitation.sent,
            reminded=row.invitation.reminded,
            now=at,
        )
    }
    return render_template(
        "registrations/invitations/invited.html",
        event=event, tab="invitations", rows=rows, numbers=numbers, remindable=remindable,
        open=may_answer(
            state=event.state, closes=event.registration_closes, starts=event.starts, now=at
        ),
        begun=event.starts <= at, registered=sum(row.registered for row in rows),
        missing=_missing(event), principles=PRINCIPLES, selection=_selection(rows),
        people=sum(row.invitation.seats for row in rows),
    )  # fmt: skip


@bp.route("/arbeta/evenemang/<id:event_id>/inbjudna/ny", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def add_invitation(event: Event) -> ResponseReturnValue:
    """Put an organisation on the list; one that is not in the register is added to it."""
    form = AddInvitationForm()
    event_id = event.id

    def save() -> str:
        here = found(find_event(event_id))
        organisation = _organisation(form, here)
        services.invite(
            db.session, here, organisation=organisation, facts=form.facts(), by=me(), now=now()
        )
        flash(_("%(name)s står på listan. Inget är skickat än.", name=organisation.name))
        if request.form.get("again"):
            return url_for("registrations.add_invitation", event_id=event_id)
        return _list_of(event_id)

    def show() -> str:
        return render_template(
            "registrations/invitations/add.html",
            event=event, tab="invitations", form=form, criteria=CRITERIA,
            names=register.suggested(db.session, event.county_code),
        )  # fmt: skip

    return handle(form, save, show)


@bp.route("/arbeta/inbjudna/<id:invitation_id>", methods=["GET", "POST"])
@staff(PLAN, invitation=_find)
def edit_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Change an unsent invitation; a sent one is only shown where its address can be corrected."""
    form = InvitationForm(obj=invitation)
    event_id = invitation.event_id

    def save() -> str:
        services.change_invitation(
            db.session, _again(invitation), facts=form.facts(), version=form.version.data,
            by=me(), now=now(),
        )  # fmt: skip
        flash(_("Inbjudan är sparad."))
        return _list_of(event_id)

    return handle(form, save, lambda: _page("edit", invitation, form, criteria=CRITERIA))


@bp.post("/arbeta/inbjudna/<id:invitation_id>/ta-bort")
@staff(PLAN, invitation=_find)
def remove_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Take an unsent invitation off the list."""
    event_id, name = invitation.event_id, invitation.organisation.name

    def remove() -> str:
        services.remove(db.session, _again(invitation), by=me(), now=now())
        flash(_("%(name)s är borttagen från listan.", name=name))
        return _list_of(event_id)

    return act(remove)


@bp.route("/arbeta/inbjudna/<id:invitation_id>/adress", methods=["GET", "POST"])
@staff(PLAN, invitation=_find)
def correct_address(invitation: Invitation) -> ResponseReturnValue:
    """Send a sent invitation to another address; the old link dies."""
    form = AddressForm(data={"version": invitation.version})
    event_id = invitation.event_id

    def save() -> str:
        services.correct_address(
            db.session, _again(invitation), email=form.email.data, version=form.version.data,
            by=me(), now=now(),
        )  # fmt: skip
        flash(_("Inbjudan går nu till %(email)s. Den gamla länken gäller inte längre.",
                email=form.email.data))  # fmt: skip
        return _list_of(event_id)

    return handle(form, save, lambda: _page("address", invitation, form))


@bp.route("/arbeta/inbjudna/<id:invitation_id>/skicka", methods=["GET", "POST"])
@staff(PLAN, invitation=_find)
def send_invitation(invitation: Invitation) -> ResponseReturnValue:
    """Look at the letter and send it to one."""
    return _send_page(invitation.event, [invitation])


@bp.route("/arbeta/evenemang/<id:event_id>/inbjudna/skicka", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def send_invitations(event: Event) -> ResponseReturnValue:
    """Look at one of the letters and send them to all who have got none."""
    return _send_page(event, queries.unsent(db.session, event.id))


@bp.post("/arbeta/inbjudna/<id:invitation_id>/paminn")
@staff(PLAN, invitation=_find)
def remind_one(invitation: Invitation) -> ResponseReturnValue:
    """Remind one."""
    event_id, name = invitation.event_id, invitation.organisation.name

    def remind() -> str:
        services.remind(db.session, _again(invitation), by=me(), now=now())
        flash(_("En påminnelse är på väg till %(name)s.", name=name))
        return _list_of(event_id)

    return act(remind)


@bp.post("/arbeta/evenemang/<id:event_id>/inbjudna/paminn")
@staff(PLAN, event=find_event)
def remind_all(event: Event) -> ResponseReturnValue:
    """Remind everybody who has not answered and has got no letter for a day."""
    event_id = event.id

    def remind() -> str:
        at = now()
        late = [
            one
            for one in queries.unanswered(db.session, event_id)
            if may_remind(one.answer, sent=one.sent, reminded=one.reminded, now=at)
        ]
        if not late:
            raise Refusal(_("Alla som inte har svarat har fått ett mejl det senaste dygnet."))
        for one in late:
            services.remind(db.session, one, by=me(), now=at)
        flash(ngettext("En påminnelse är på väg.", "%(num)s påminnelser är på väg.", len(late)))
        return _list_of(event_id)

    return act(remind)


def _send_page(event: Event, chosen: Sequence[Invitation]) -> ResponseReturnValue:
    form = Form()
    event_id, ids = event.id, [one.id for one in chosen if one.answer is Answer.DRAFT]

    def send() -> str:
        for invitation_id in ids:
            invitation = found(_find(invitation_id))
            services.send(db.session, invitation, by=me(), now=now())
        flash(ngettext("Inbjudan är på väg.", "%(num)s inbjudningar är på väg.", len(ids)))
        return _list_of(event_id)

    def show() -> str:
        unsent = [one for one in chosen if one.answer is Answer.DRAFT]
        letter = (
            letters.invitation_letter(unsent[0], _("(organisationens egen länk)"))
            if unsent
            else None
        )
        return render_template(
            "registrations/invitations/send.html",
            event=event, tab="invitations", form=form, unsent=unsent, letter=letter,
            missing=_missing(event),
        )  # fmt: skip

    return handle(form, send, show)


def _page(name: str, invitation: Invitation, form: Form, **more: object) -> str:
    return render_template(
        f"registrations/invitations/{name}.html",
        event=invitation.event, tab="invitations", invitation=invitation, form=form, **more,
    )  # fmt: skip


def _organisation(form: AddInvitationForm, event: Event) -> Organisation:
    """The organisation of that name, or a new one. Raises `Refusal` where its sector is missing."""
    name = form.organisation.data
    known = register.named(db.session, name)
    if known is not None:
        return known
    if not form.sector.data:
        alike = register.similar(db.session, name)
        asked = _(" Menar du %(names)s?", names=" / ".join(alike)) if alike else ""
        raise Refusal(
            _("Organisationen finns inte i registret. Välj sektor så läggs den till.") + asked,
            "sector",
        )
    facts = {
        "name": name,
        "sector": Sector(form.sector.data),
        "municipality": form.municipality.data,
        "county_code": event.county_code,
    }
    return services.add_organisation(db.session, facts=facts, by=me(), now=now())


def _missing(event: Event) -> list[str]:
    """What the invitation ought to say and the event does not (D-06, D-08)."""
    wanted = {
        _("frågan"): event.question,
        _("syftet"): event.purpose,
        _("vad mötet kan leda till"): event.can_achieve,
        _("vem som bjuder in"): event.inviter_name,
        _("kontaktperson"): event.contact_name or event.contact_email or event.contact_phone,
    }
    return [words for words, text in wanted.items() if not text]


def _selection(rows: Sequence[queries.Row]) -> dict[str, object]:
    """The selection by sector and county, and what it is heavy with."""
    organisations = [row.invitation.organisation for row in rows]
    names = {code: county.short_name for code, county in counties().items()}
    sectors = [str(SECTOR_WORDS[one.sector]) for one in organisations]
    places = [names.get(one.county_code or "", _("Hela landet")) for one in organisations]
    return {
        "sectors": counted(sectors),
        "counties": counted(places),
        "heavy": [value for value in (lopsided(sectors), lopsided(places)) if value],
    }
