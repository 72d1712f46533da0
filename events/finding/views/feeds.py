"""What feed readers subscribe to."""

from flask import Response
from flask_babel import gettext as _

from core.cache import answer, cached, tagged
from core.clock import now
from core.db import db
from core.i18n import language, public_url
from core.policy import public
from core.reference import counties
from events.finding import atom
from events.queries import feeds
from events.views.blueprint import bp
from events.views.filters import Filter, asked_for


@bp.get("/evenemang.atom")
@public
def news() -> Response:
    """The events that were published or changed last, with the same filters as the start page."""
    filters = asked_for()
    stamps = feeds.latest_changed(db.session, filters.in_feed())
    ids = [stamp[0] for stamp in stamps]

    def made() -> bytes:
        events = {event.id: event for event in feeds.events_by_id(db.session, ids)}
        return atom.feed(
            (events[id_] for id_ in ids if id_ in events),
            title=_title(filters),
            address=public_url("events.news", **filters.query()),
            page=public_url("events.start", **filters.query()),
            now=now(),
        )

    if filters.free:  # anybody can think of any number of these
        return answer(tagged(made()), mimetype=atom.MIMETYPE)
    key = ("atom", language(), tuple(filters.query().items()), tuple(stamps))
    return cached(key, made, mimetype=atom.MIMETYPE)


def _title(filters: Filter) -> str:
    county = counties().get(filters.county)
    if county:
        return _("Evenemang i %(county)s", county=county.name)
    return _("Länsstyrelsernas evenemang")
