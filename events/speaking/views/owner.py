"""Whom a browser was let in as by a speaker's link."""

from collections.abc import Callable
from typing import Any, NoReturn

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import links
from core.clock import now
from core.db import db, write
from core.errors import Refusal
from core.web import handle
from events.rules import State
from events.speaking import queries, services
from events.speaking.models import Engagement

COOKIE = "medverkan"


def own_engagement() -> Engagement:
    """Whom this browser was let in as, or 404 where the time is up or the link dead."""
    known = links.recall(COOKIE, now())
    engagement = queries.find_engagement(known[0]) if known else None
    if engagement is None or known is None or engagement.token_version != known[1]:
        no_link()
    if engagement.token_hash is None:
        no_link()
    links.refuse_anothers_form(engagement.id)
    return engagement


def let_in() -> bool:
    """Whether some link has let this browser in lately; whether that still opens is not asked.

    A large file from whoever was let in too long ago is answered with that, not with its size.
    """
    known = links.recall(COOKIE, now()) is not None
    if not known and (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        no_link()
    return known


def may_send(here: Engagement) -> bool:
    """Whether slides may be sent: also afterwards, until the event is closed."""
    return here.event.state not in {State.CANCELLED, State.CLOSED}


def no_link() -> NoReturn:
    """What somebody sees whose link is unknown or whose time is up: always the same."""
    abort(
        404,
        _(
            "Länken gäller inte. Öppna länken i det senaste mejlet från oss: av säkerhetsskäl "
            "gäller den öppnade sidan i 30 minuter åt gången. Hjälper det inte, kontakta den som "
            "frågade dig."
        ),
    )


def form_page(
    here: Engagement,
    form: Any,
    template: str,
    save: Callable[[], str],
    prepare: Callable[[], None] | None = None,
) -> ResponseReturnValue:
    """A page with one form of the speaker's own. What is sent is counted before it is looked at."""
    engagement_id = here.id

    def ready() -> None:
        if not write(lambda: services.within_bounds(db.session, engagement_id, now=now())):
            raise Refusal(_("Du har sparat väldigt många gånger. Vänta en timme och försök igen."))
        if prepare:
            prepare()

    def show() -> str:
        return render_template(
            template, form=form, engagement=here, speaker=here.speaker, event=here.event
        )

    return kept_open(here, handle(form, save, show, prepare=ready))


def kept_open(here: Engagement, answer: Any) -> ResponseReturnValue:
    """The answer, with another half hour for whoever is writing."""
    response = current_app.make_response(answer)
    links.remember(response, COOKIE, here.id, here.token_version, now())
    return response
