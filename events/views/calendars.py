"""Calendar files for everybody."""

import hashlib

from flask import Response, current_app
from flask_babel import gettext as _

from core.cache import cached, page_cache, tagged
from core.db import db
from core.i18n import language
from core.policy import public
from core.reference import counties
from core.web import found
from events import ical
from events.queries import public as queries
from events.views.blueprint import bp
from events.views.filters import Filter, asked_for


@bp.get("/evenemang/<slug:slug>.ics")
@public
def ics(slug: str) -> Response:
    """One event for one's own calendar."""
    stamp = found(queries.stamp(slug))
    return cached(
        ("ics", language(), stamp),
        lambda: ical.event_calendar(queries.whole_event(db.session, stamp.id)),
        mimetype=ical.MIMETYPE,
        headers={"Content-Disposition": f'inline; filename="{slug}.ics"'},
    )


@bp.get("/kalender.ics")
@public
def feed() -> Response:
    """A calendar to subscribe to, with the same filters as the start page."""
    filters = asked_for()
    stamps = queries.feed_stamps(db.session, filters.in_feed())
    digest = hashlib.sha256(repr(stamps).encode()).hexdigest()
    name = _feed_name(filters)
    return cached(
        ("feed", language(), name, digest),
        lambda: ical.calendar(_components(stamps), name=name),
        mimetype=ical.MIMETYPE,
        headers={"Content-Disposition": 'inline; filename="kalender.ics"'},
    )


@bp.get("/evenemang/<slug:slug>/program.ics")
@public
def programme_ics(slug: str) -> Response:
    """The released programme for one's own calendar, an entry for each item."""
    stamp = found(queries.stamp(slug))

    def made() -> bytes:
        event = queries.whole_event(db.session, stamp.id)
        return ical.programme_calendar(event, queries.latest_release(db.session, stamp.id))

    return cached(
        ("programme-ics", language(), stamp),
        made,
        mimetype=ical.MIMETYPE,
        headers={"Content-Disposition": f'inline; filename="{slug}-program.ics"'},
    )


def _components(stamps: list[tuple[int, int, int]]) -> list[bytes]:
    """The events one by one, so that only those that have changed are written anew."""
    cache = page_cache(current_app)
    keys = {stamp[0]: ("component", language(), stamp) for stamp in stamps}
    made = {id_: page[0] for id_, key in keys.items() if (page := cache.peek(key))}
    missing = keys.keys() - made.keys()
    releases = queries.latest_releases(db.session, missing)
    for event in queries.events_by_id(db.session, missing):
        component = ical.event_component(event, releases.get(event.id))
        cache.put(keys[event.id], tagged(component))
        made[event.id] = component
    return [made[id_] for id_ in keys if id_ in made]


def _feed_name(filters: Filter) -> str:
    county = counties().get(filters.county)
    if county:
        return _("Evenemang i %(county)s", county=county.name)
    return _("Länsstyrelsernas evenemang")
