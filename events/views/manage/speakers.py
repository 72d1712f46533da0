"""The register of speakers of one's authorities."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.models import Authority
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.policy import Policy
from core.web import act, handle, page_number, query_text
from events import services
from events.forms.speakers import SpeakerForm
from events.models import Speaker
from events.photos import MOST_BYTES, Jpeg, make_jpeg
from events.queries import speakers as queries
from events.views.blueprint import bp

ROOM_FOR_FIELDS = 256 * 1024  # bytes beside the photo
V = TypeVar("V", bound=Callable[..., Any])


class TakesAPhoto:
    """A policy that, when the one it holds has let a request in, lets in a photo's bytes too."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.name = policy.name

    def admit(self, args: dict[str, Any]) -> ResponseReturnValue | None:
        """As the policy held; a larger body than elsewhere."""
        answer = self.policy.admit(args)
        if answer is None:
            request.max_content_length = MOST_BYTES + ROOM_FOR_FIELDS
        return answer


def takes_a_photo(view: V) -> V:
    """Declare that the view, whose policy is declared already, takes a photo."""
    view.policy = TakesAPhoto(view.policy)  # type: ignore[attr-defined]
    return view


@bp.get("/arbeta/medverkande")
@staff(PLAN)
def speakers() -> str:
    """Everybody in the register, by name."""
    searched = query_text("q")
    listing = queries.listing(
        db.session,
        [authority.id for authority in me().authorities_with(PLAN)],
        searched=searched,
        page=page_number(),
    )
    return render_template("events/manage/speakers.html", listing=listing, searched=searched)


@bp.route("/arbeta/medverkande/ny", methods=["GET", "POST"])
@takes_a_photo
@staff(PLAN)
def add_speaker() -> ResponseReturnValue:
    """Add somebody."""
    authorities = me().authorities_with(PLAN)
    form = SpeakerForm(None, authorities)
    photo: list[Jpeg] = []

    def add() -> str:
        speaker = services.add_speaker(
            db.session, _authority(form, authorities), facts=form.facts(), by=me(), now=now()
        )
        services.set_consents(db.session, speaker, form.wanted(), by=me(), now=now())
        for jpeg in photo:
            services.set_photo(db.session, speaker, jpeg, by=me(), now=now())
        flash(_("%(name)s finns nu i registret.", name=speaker.name))
        return url_for("events.speakers")

    def show() -> str:
        return render_template("events/manage/speaker.html", form=form, speaker=None)

    return handle(form, add, show, prepare=lambda: photo.extend(_made(form)))


@bp.route("/arbeta/medverkande/<id:speaker_id>", methods=["GET", "POST"])
@takes_a_photo
@staff(PLAN, speaker=queries.find_speaker)
def edit_speaker(speaker: Speaker) -> ResponseReturnValue:
    """Change what stands about somebody, and their photo."""
    speaker_id = speaker.id
    form = SpeakerForm(speaker, [])
    photo: list[Jpeg] = []

    def save() -> str:
        inside = db.session.get_one(Speaker, speaker_id)
        services.change_speaker(
            db.session, inside, facts=form.facts(), version=form.version.data, by=me(), now=now()
        )
        services.set_consents(db.session, inside, form.wanted(), by=me(), now=now())
        for jpeg in photo:
            services.set_photo(db.session, inside, jpeg, by=me(), now=now())
        flash(_("Uppgifterna om %(name)s är sparade.", name=inside.name))
        came_from = query_text("evenemang", 9)
        if came_from.isdecimal():
            return url_for("events.event_people", event_id=int(came_from))
        return url_for("events.speakers")

    def show() -> str:
        return render_template("events/manage/speaker.html", form=form, speaker=speaker)

    return handle(form, save, show, prepare=lambda: photo.extend(_made(form)))


@bp.post("/arbeta/medverkande/<id:speaker_id>/ta-bort-foto")
@staff(PLAN, speaker=queries.find_speaker)
def remove_photo(speaker: Speaker) -> ResponseReturnValue:
    """Take the photo away, everywhere."""
    speaker_id = speaker.id

    def remove() -> str:
        services.remove_photo(
            db.session, db.session.get_one(Speaker, speaker_id), by=me(), now=now()
        )
        flash(_("Fotot är borttaget."))
        return url_for("events.edit_speaker", speaker_id=speaker_id)

    return act(remove)


def _authority(form: SpeakerForm, authorities: list[Authority]) -> Authority:
    if "authority" not in form:
        return authorities[0]
    return next(one for one in authorities if one.slug == form["authority"].data)


def _made(form: SpeakerForm) -> list[Jpeg]:
    sent = form.sent_photo()
    return [make_jpeg(sent)] if sent else []
