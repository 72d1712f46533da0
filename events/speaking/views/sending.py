"""What a speaker sends by their own page: how they are presented, a photo, slides."""

import contextlib
import re

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.db import db
from core.errors import Refusal
from core.policy import link, takes
from core.web import act, download, found
from events import services as event_services
from events.attachments import rules as attachments
from events.attachments.receiving import Received, receive
from events.photos import MOST_BYTES, Jpeg, make_jpeg
from events.queries.speakers import photo_of
from events.speaking.forms import AboutForm, SlidesForm, sent_file
from events.speaking.slides import add_slides, remove_slides
from events.speaking.views.owner import form_page, let_in, may_send, own_engagement
from events.views.blueprint import bp

ROOM_FOR_FIELDS = 256 * 1024  # bytes beside the file


@bp.route("/medverka/om-dig", methods=["GET", "POST"])
@takes(MOST_BYTES + ROOM_FOR_FIELDS, let_in)
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
        event_services.change_speaker(
            db.session, me.speaker, facts=form.facts(), version=form.version.data, by=None,
            now=now(),
        )  # fmt: skip
        for jpeg in photo:
            event_services.set_photo(db.session, me.speaker, jpeg, by=None, now=now())
        flash(_("Presentationen är sparad."))
        return url_for("events.speaking")

    return form_page(here, form, "events/speaking/about.html", save, prepare=prepare)


@bp.route("/medverka/presentation", methods=["GET", "POST"])
@takes(attachments.MOST_BYTES + ROOM_FOR_FIELDS, let_in)
@link
def speaking_slides() -> ResponseReturnValue:
    """Send slides."""
    here = own_engagement()
    if not may_send(here):
        return redirect(url_for("events.speaking"), 303)
    form = SlidesForm()
    received: list[Received] = []

    def prepare() -> None:
        stream, name = form.sent()
        with contextlib.closing(stream):
            received.append(receive(stream, name, whose=f"engagement:{here.id}", now=now()))

    def save() -> str:
        me = own_engagement()
        add_slides(db.session, me, received[0], title=form.title.data or "", by=None, now=now())
        flash(_("Tack! Arrangören har fått din presentation."))
        return url_for("events.speaking")

    return form_page(here, form, "events/speaking/slides.html", save, prepare=prepare)


@bp.post("/medverka/presentation/ta-bort")
@link
def speaking_remove_slides() -> ResponseReturnValue:
    """Take slides away."""
    own_engagement()
    number = request.form.get("slides", "")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        abort(400, _("Välj vilken fil som ska tas bort."))

    def remove() -> str:
        remove_slides(db.session, own_engagement(), int(number), by=None, now=now())
        flash(_("Presentationen är borttagen."))
        return url_for("events.speaking")

    try:
        return act(remove)
    except Refusal as refusal:
        flash(str(refusal))
        return redirect(url_for("events.speaking"), 303)


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


def photo_answer(body: bytes) -> Response:
    """A photo for one reader, in a sandbox of its own, kept by nobody."""
    response = download(body, filename="foto.jpg", mimetype="image/jpeg", inline=True)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
