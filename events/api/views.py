"""Read only, for everybody, from any site: the same questions and the same memory as the pages."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.cache import answer, cached, tagged
from core.clock import now
from core.db import db
from core.i18n import ENGLISH, language, public_url
from core.policy import public
from core.reference import counties
from core.web import found
from events.api import openapi, rendering
from events.attachments import queries as attachments
from events.finding import queries as finding
from events.models import Event
from events.queries import lists, pages, releases
from events.views.blueprint import bp
from events.views.filters import KINDS, asked_for
from events.words import KIND

MIMETYPE = "application/json"
MOST = 100
USUAL = 50
View = Callable[..., Response]


def in_language(view: View) -> Callable[..., ResponseReturnValue]:
    """Declare that the view is in the language that `sprak` asks for: each has its address."""

    @wraps(view)
    def inside(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        wanted = request.args.get("sprak")
        if wanted is None or wanted == language():
            return view(*args, **kwargs)
        if wanted not in {"sv", "en"}:
            abort(400, _("Språket ska vara sv eller en."))
        rest = [(n, v) for n, v in request.args.items(multi=True) if n != "sprak"]
        query = urlencode(rest)
        prefix = ENGLISH if wanted == "en" else ""
        return redirect(prefix + request.path + (f"?{query}" if query else ""), 307)

    return inside


@bp.get("/api/v1/")
@public
@in_language
def api() -> Response:
    """Where everything is."""
    return _json(rendering.root())


@bp.get("/api/v1/openapi.json")
@public
@in_language
def api_description() -> Response:
    """What can be asked, and what the answers look like."""
    return _json(openapi.description())


@bp.get("/api/v1/events")
@public
@in_language
def api_events() -> Response:
    """Public events by the filters of the start page, a page at a time."""
    filters, most = asked_for(), _most()
    rows = lists.following(db.session, filters.wanted(), _after(), most + 1)
    events, more = rows[:most], len(rows) > most
    address = None
    if more:
        asked = filters.query(efter=_cursor(events[-1]), antal=most)
        address = public_url("events.api_events", **asked)
    return _json({"events": [rendering.summary(event) for event in events], "next": address})


@bp.get("/api/v1/events/<slug:slug>")
@public
@in_language
def api_event(slug: str) -> Response:
    """An event with its released programme; never a draft."""
    glance = found(pages.glance(slug, now()))

    def made() -> bytes:
        event = pages.whole_event(db.session, glance.stamp.id)
        release = releases.latest_release(db.session, event.id)
        files = (
            attachments.shown(db.session, event.id, attachments.FOR_ALL) if event.attached else []
        )
        return _bytes(rendering.whole(event, glance, release, files))

    return cached(("api", language(), glance), made, mimetype=MIMETYPE)


@bp.get("/api/v1/events/<slug:slug>/speakers")
@public
@in_language
def api_speakers(slug: str) -> Response:
    """Those in the released programme who have agreed to be named."""
    stamp = found(pages.stamp(slug))

    def made() -> bytes:
        release = releases.latest_release(db.session, stamp.id)
        content = release.content if release else {}
        return _bytes({"speakers": rendering.speakers(content)})

    return cached(("api speakers", language(), stamp), made, mimetype=MIMETYPE)


@bp.get("/api/v1/speakers")
@public
@in_language
def api_all_speakers() -> Response:
    """Everybody whom a released programme may name now, each once, a page at a time."""
    most = _most()
    rows = finding.appearances(db.session, _after_number(), most + 1)
    people, more = rows[:most], len(rows) > most
    latest = releases.latest_releases(db.session, {one.events[0].id for one in people})
    address = None
    if more:
        last = people[-1].speaker_id
        address = public_url("events.api_all_speakers", efter=last, antal=most)
    return _json({"speakers": rendering.everybody(people, latest), "next": address})


@bp.get("/api/v1/kinds")
@public
@in_language
def api_kinds() -> Response:
    """The kinds of events, and what the filter `typ` calls them."""
    return _json(
        {
            "kinds": [
                {"code": kind.value, "filter": name, "name": str(KIND[kind])}
                for name, kind in KINDS.items()
            ]
        }
    )


@bp.get("/api/v1/counties")
@public
@in_language
def api_counties() -> Response:
    """The counties, and their boards."""
    return _json(
        {
            "counties": [
                {
                    "code": county.code, "name": county.name, "iso_3166_2": county.iso_3166_2,
                    "authority": {
                        "slug": county.county_board_slug, "name": county.county_board_name,
                    },
                }
                for county in counties().values()
            ]
        }
    )  # fmt: skip


def _json(body: rendering.Json) -> Response:
    return answer(tagged(_bytes(body)), mimetype=MIMETYPE)


def _bytes(body: rendering.Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _most() -> int:
    text = request.args.get("antal", str(USUAL))
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text) or int(text) > MOST:
        abort(400, _("Antalet ska vara ett heltal från 1 till %(most)s.", most=MOST))
    return int(text)


def _cursor(event: Event) -> str:
    return f"{round(event.starts.timestamp() * 1_000_000)}-{event.id}"


def _after() -> tuple[datetime, int] | None:
    text = request.args.get("efter")
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,16}-[0-9]{1,9}", text):
        abort(400, _("Fortsätt med adressen som står i ”next”."))
    micros, id_ = (int(part) for part in text.split("-"))
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(
        microsecond=micros % 1_000_000
    ), id_


def _after_number() -> int:
    text = request.args.get("efter", "0")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        abort(400, _("Fortsätt med adressen som står i ”next”."))
    return int(text)
