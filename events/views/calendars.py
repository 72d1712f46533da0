"""Calendar files for everybody."""

import hashlib
import re
from dataclasses import replace

from flask import Response, current_app, render_template, request
from flask_babel import gettext as _

from accounts.queries import authority_by_slug
from core.cache import answer, cached, page_cache, tagged
from core.db import db
from core.i18n import language
from core.policy import public
from core.reference import counties
from core.web import found
from events import ical
from events.queries import pages
from events.queries.feeds import events_by_id, feed_stamps
from events.queries.releases import latest_release, latest_releases
from events.views.blueprint import bp
from events.views.filters import KINDS, Filter, asked_for
from events.words import KIND

SLUG = re.compile(r"[a-z0-9-]{1,100}")


@bp.get("/evenemang/<slug:slug>.ics")
@public
def ics(slug: str) -> Response:
    """One event for one's own calendar."""
    stamp = found(pages.stamp(slug))
    return cached(
        ("ics", language(), stamp),
        lambda: ical.event_calendar(pages.whole_event(db.session, stamp.id)),
        mimetype=ical.MIMETYPE,
        headers={"Content-Disposition": f'inline; filename="{slug}.ics"'},
    )


@bp.get("/evenemang/<slug:slug>/program.ics")
@public
def programme_ics(slug: str) -> Response:
    """The released programme for one's own calendar, an entry for each item."""
    stamp = found(pages.stamp(slug))

    def made() -> bytes:
        event = pages.whole_event(db.session, stamp.id)
        return ical.programme_calendar(event, latest_release(db.session, stamp.id))

    return cached(
        ("programme-ics", language(), stamp),
        made,
        mimetype=ical.MIMETYPE,
        headers={"Content-Disposition": f'inline; filename="{slug}-program.ics"'},
    )


@bp.get("/kalender")
@public
def feeds() -> Response:
    """Which calendars there are to subscribe to, and how."""
    return cached(
        ("feeds", language()),
        lambda: render_template(
            "events/feeds.html",
            counties=sorted(counties().values(), key=lambda county: county.code),
            kinds=[(code, KIND[kind]) for code, kind in KINDS.items()],
        ),
    )


@bp.get("/kalender.ics")
@public
def feed() -> Response:
    """A calendar to subscribe to, with the same filters as the start page, and `myndighet`."""
    filters, authority = asked_for(), request.args.get("myndighet", "")
    authority = authority if SLUG.fullmatch(authority) else ""
    stamps = feed_stamps(db.session, replace(filters.in_feed(), authority=authority))
    name = _feed_name(filters, authority)
    return calendar_of(stamps, name=name, filename="kalender.ics", keep=not filters.free)


def calendar_of(
    stamps: list[tuple[int, int, int]], *, name: str, filename: str, keep: bool = True
) -> Response:
    """A calendar of these events, kept until one of them changes.

    Not where anybody can think of any number of them (`keep` False).
    """
    headers = {"Content-Disposition": f'inline; filename="{filename}"'}

    def made() -> bytes:
        return ical.calendar(_components(stamps), name=name)

    if not keep:
        return answer(tagged(made()), mimetype=ical.MIMETYPE, headers=headers)
    digest = hashlib.sha256(repr(stamps).encode()).hexdigest()
    return cached(("feed", language(), name, digest), made, mimetype=ical.MIMETYPE, headers=headers)


def _components(stamps: list[tuple[int, int, int]]) -> list[bytes]:
    """The events one by one, so that only those that have changed are written anew."""
    cache = page_cache(current_app)
    keys = {stamp[0]: ("component", language(), stamp) for stamp in stamps}
    made = {id_: page[0] for id_, key in keys.items() if (page := cache.peek(key))}
    missing = keys.keys() - made.keys()
    releases = latest_releases(db.session, missing)
    for event in events_by_id(db.session, missing):
        component = ical.event_component(event, releases.get(event.id))
        cache.put(keys[event.id], tagged(component))
        made[event.id] = component
    return [made[id_] for id_ in keys if id_ in made]


def _feed_name(filters: Filter, authority: str) -> str:
    board = authority_by_slug(db.session, authority) if authority else None
    if board:
        return _("Evenemang hos %(authority)s", authority=board.name)
    county = counties().get(filters.county)
    if county:
        return _("Evenemang i %(county)s", county=county.name)
    if filters.kind:
        return str(KIND[KINDS[filters.kind]])
    return _("Länsstyrelsernas evenemang")
