"""A speaker's own page, behind the secret link of the letter. Opening it changes nothing."""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import crypto, links
from core.clock import now, to_local
from core.db import db
from core.i18n import day
from core.policy import link, takes
from core.web import act, download, found, handle, require_key
from events import services as event_services
from events.models import Engagement, Event
from events.photos import MOST_BYTES, Jpeg, make_jpeg
from events.places import place
from events.queries.manage import photo_of
from events.rules import PUBLIC_STATES
from events.speaking import own_data, queries, services
from events.speaking.asking import to_come
from events.speaking.forms import AboutForm, ConsentForm, ReplyForm, RoomForm, sent_file
from events.speaking.letters import turns_lines
from events.speaking.rules import Answer, Consent, suggested_end
from events.speaking.words import CONSENT
from events.views.blueprint import bp

COOKIE = "medverkan"
ROOM_FOR_FIELDS = 256 * 1024  # bytes beside the photo


@bp.get("/medverka/<token:token>")
@link
def speaking_landing(token: str) -> ResponseReturnValue:
    """Let the browser in for half an hour and go on to an address without the secret."""
    engagement = queries.by_hash(db.session, crypto.digest(token))
    if engagement is None:
        _no_link()
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
    return _kept_open(
        here,
        render_template(
            "events/speaking/mine.html", engagement=here, speaker=speaker, event=event,
            turns=turns_lines(here), where=_where(event), open=to_come(event, now()),
            needs=needs, other=other, public=event.state in PUBLIC_STATES,
            told=here.needs is not None, consents=list(Consent), kept=_kept(here),
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
        services.refuse_too_often(db.session, me, now=now())
        services.reply(
            db.session, me, answer=Answer(form.answer.data), message=form.message.data or "",
            version=form.version.data, by=None, now=now(),
        )  # fmt: skip
        flash(_("Tack för ditt svar."))
        return url_for("events.speaking")

    return _form(here, form, "events/speaking/reply.html", save)


@bp.route("/medverka/om-dig", methods=["GET", "POST"])
@takes(MOST_BYTES + ROOM_FOR_FIELDS)
@link
def speaking_about() -> ResponseReturnValue:
    """Title, organisation, text and photo."""
    here = own_engagement()
    form = AboutForm(here.speaker)
    photo: list[Jpeg] = []

    def prepare() -> None:
        sent = sent_file(form.photo)
        if sent:
            photo.append(make_jpeg(sent))

    def save() -> str:
        me = own_engagement()
        services.refuse_too_often(db.session, me, now=now())
        event_services.change_speaker(
            db.session, me.speaker, facts=form.facts(), version=form.version.data, by=None,
            now=now(),
        )  # fmt: skip
        for jpeg in photo:
            event_services.set_photo(db.session, me.speaker, jpeg, by=None, now=now())
        flash(_("Presentationen är sparad."))
        return url_for("events.speaking")

    return _form(here, form, "events/speaking/about.html", save, prepare=prepare)


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
        services.refuse_too_often(db.session, me, now=now())
        services.tell_needs(
            db.session, me, needs=form.wanted(), other=form.other.data or "", by=None, now=now()
        )
        flash(_("Det du behöver i rummet är sparat."))
        return url_for("events.speaking")

    return _form(here, form, "events/speaking/room.html", save)


@bp.route("/medverka/samtycken", methods=["GET", "POST"])
@link
def speaking_consents() -> ResponseReturnValue:
    """What may be shown, each with a last day."""
    here = own_engagement()
    form = ConsentForm(here.speaker, suggested_end(to_local(here.event.ends).date()))

    def save() -> str:
        me = own_engagement()
        services.refuse_too_often(db.session, me, now=now())
        event_services.set_consents(db.session, me.speaker, form.wanted(), by=None, now=now())
        flash(_("Dina val är sparade och gäller nu."))
        return url_for("events.speaking")

    return _form(here, form, "events/speaking/consents.html", save)


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


@bp.get("/medverka/foto.jpg")
@link
def speaking_photo() -> Response:
    """One's own photo, whether others may see it or not."""
    image = found(photo_of(db.session, own_engagement().speaker))
    return photo_answer(image.body)


@bp.post("/medverka/ta-bort-foto")
@link
def speaking_remove_photo() -> ResponseReturnValue:
    """Take the photo away, everywhere."""
    own_engagement()

    def remove() -> str:
        event_services.remove_photo(db.session, own_engagement().speaker, by=None, now=now())
        flash(_("Fotot är borttaget."))
        return url_for("events.speaking")

    return act(remove)


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


def own_engagement() -> Engagement:
    """Whom this browser was let in as, or 404 where the time is up or the link dead."""
    known = links.recall(COOKIE, now())
    engagement = queries.find_engagement(known[0]) if known else None
    if engagement is None or known is None or engagement.token_version != known[1]:
        _no_link()
    if engagement.token_hash is None:
        _no_link()
    links.refuse_anothers_form(engagement.id)
    return engagement


def photo_answer(body: bytes) -> Response:
    """A photo for one reader, in a sandbox of its own, kept by nobody."""
    response = download(body, filename="foto.jpg", mimetype="image/jpeg", inline=True)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _no_link() -> NoReturn:
    abort(
        404,
        _(
            "Länken gäller inte. Öppna länken i det senaste mejlet från oss: av säkerhetsskäl "
            "gäller den öppnade sidan i 30 minuter åt gången. Hjälper det inte, kontakta den som "
            "frågade dig."
        ),
    )


def _form(
    here: Engagement,
    form: Any,
    template: str,
    save: Callable[[], str],
    prepare: Callable[[], None] | None = None,
) -> ResponseReturnValue:
    def show() -> str:
        return render_template(
            template, form=form, engagement=here, speaker=here.speaker, event=here.event
        )

    return _kept_open(here, handle(form, save, show, prepare=prepare))


def _kept_open(here: Engagement, answer: Any) -> ResponseReturnValue:
    """The answer, with another half hour for whoever is writing."""
    response = current_app.make_response(answer)
    links.remember(response, COOKIE, here.id, here.token_version, now())
    return response


def _where(event: Event) -> str:
    return place(event.venue_name, event.venue_address, event.municipality)


def _kept(here: Engagement) -> list[tuple[str, str]]:
    """Letters we have sent and what has been done, for the speaker to read."""
    all_ = queries.engagements_of(db.session, here.speaker_id)
    letters = queries.letters_to(db.session, [one.id for one in all_])
    return [(row.subject or _("Mejl på väg"), day(row.sent or row.created)) for row in letters]
