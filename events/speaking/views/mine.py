"""A speaker's own page, behind the secret link of the letter. Opening it changes nothing."""

import json

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import crypto, links
from core.clock import now, to_local
from core.db import db
from core.i18n import day
from core.policy import link
from core.web import act, download, require_key
from events import services as event_services
from events.models import Event
from events.places import place
from events.rules import PUBLIC_STATES
from events.speaking import own_data, queries, services
from events.speaking.asking import to_come
from events.speaking.forms import (
    ConsentForm,
    ReplyForm,
    RoomForm,
)
from events.speaking.letters import turns_lines
from events.speaking.models import Engagement
from events.speaking.rules import Answer, Consent, suggested_end
from events.speaking.slides import slides_of
from events.speaking.views.owner import (
    COOKIE,
    form_page,
    kept_open,
    may_send,
    no_link,
    own_engagement,
)
from events.speaking.words import CONSENT
from events.views.blueprint import bp


@bp.get("/medverka/<token:token>")
@link
def speaking_landing(token: str) -> ResponseReturnValue:
    """Let the browser in for half an hour and go on to an address without the secret."""
    engagement = queries.by_hash(db.session, crypto.digest(token))
    if engagement is None:
        no_link()
    answer = redirect(url_for("events.speaking"), 303)
    links.remember(answer, COOKIE, engagement.id, engagement.token_version, now())
    return answer


@bp.get("/medverka")
@link
def speaking() -> ResponseReturnValue:
    """How it stands: the occasion, the answer, what is done and what is left, all we keep."""
    here = own_engagement()
    speaker, event = here.speaker, here.event
    needs, other = services.needs_of(here)
    return kept_open(
        here,
        render_template(
            "events/speaking/mine.html", engagement=here, speaker=speaker, event=event,
            turns=turns_lines(here), where=_where(event), open=to_come(event, now()),
            may_send=may_send(here),
            needs=needs, other=other, public=event.state in PUBLIC_STATES,
            told=here.needs is not None, consents=list(Consent), kept=_kept(here),
            slides=slides_of(db.session, here),
        ),
    )  # fmt: skip


@bp.route("/medverka/svar", methods=["GET", "POST"])
@link
def speaking_reply() -> ResponseReturnValue:
    """Yes or no, and a message."""
    here = own_engagement()
    if not to_come(here.event, now()):
        return redirect(url_for("events.speaking"), 303)
    form = ReplyForm(here)

    def save() -> str:
        me = own_engagement()
        services.reply(
            db.session, me, answer=Answer(form.answer.data), message=form.message.data or "",
            version=form.version.data, by=None, now=now(),
        )  # fmt: skip
        flash(_("Tack för ditt svar."))
        return url_for("events.speaking")

    return form_page(here, form, "events/speaking/reply.html", save)


@bp.route("/medverka/rummet", methods=["GET", "POST"])
@link
def speaking_room() -> ResponseReturnValue:
    """What the room must have."""
    here = own_engagement()
    if not to_come(here.event, now()):
        return redirect(url_for("events.speaking"), 303)
    form = RoomForm(*services.needs_of(here))

    def save() -> str:
        me = own_engagement()
        services.tell_needs(
            db.session, me, needs=form.wanted(), other=form.other.data or "", by=None, now=now()
        )
        flash(_("Det du behöver i rummet är sparat."))
        return url_for("events.speaking")

    return form_page(here, form, "events/speaking/room.html", save)


@bp.route("/medverka/samtycken", methods=["GET", "POST"])
@link
def speaking_consents() -> ResponseReturnValue:
    """What may be shown, each with a last day."""
    here = own_engagement()
    form = ConsentForm(here.speaker, suggested_end(to_local(here.event.ends).date()))

    def save() -> str:
        me = own_engagement()
        event_services.set_consents(db.session, me.speaker, form.wanted(), by=None, now=now())
        flash(_("Dina val är sparade och gäller nu."))
        return url_for("events.speaking")

    return form_page(here, form, "events/speaking/consents.html", save)


@bp.post("/medverka/ta-tillbaka")
@link
def speaking_take_back() -> ResponseReturnValue:
    """Take one consent back: never refused, however often."""
    own_engagement()
    try:
        what = Consent(request.form.get("what", ""))
    except ValueError:
        abort(400, _("Välj vad du vill ta tillbaka."))

    def save() -> str:
        me = own_engagement()
        event_services.take_back(db.session, me.speaker, what, by=None, now=now())
        flash(_("%(what)s: samtycket är tillbakataget och gäller inte längre.", what=CONSENT[what]))
        return url_for("events.speaking")

    return act(save)


@bp.post("/medverka/mina-uppgifter.json")
@link
def speaking_data() -> ResponseReturnValue:
    """All that the authority keeps about the speaker, as a file."""
    here = own_engagement()
    require_key()
    body = json.dumps(
        own_data.extract(db.session, here.speaker, now=now()), ensure_ascii=False, indent=1
    )
    return download(body, filename="mina-uppgifter.json", mimetype="application/json")


def _where(event: Event) -> str:
    return place(event.venue_name, event.venue_address, event.municipality)


def _kept(here: Engagement) -> list[tuple[str, str]]:
    """Letters we have sent and what has been done, for the speaker to read."""
    all_ = queries.engagements_of(db.session, here.speaker_id)
    letters = queries.letters_to(db.session, [one.id for one in all_])
    return [(row.subject or _("Mejl på väg"), day(row.sent or row.created)) for row in letters]
