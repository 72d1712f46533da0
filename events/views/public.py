"""The page of an event, and its programme as PDF."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Response, abort, render_template
from flask_babel import gettext as _

from core.cache import cached
from core.clock import now, to_local
from core.db import db
from core.i18n import clock, day_short, language
from core.policy import public
from core.reference import counties, municipality_name
from core.text import initials
from core.web import found
from events import jsonld, pdf, places, programme
from events.models import Event, Release
from events.queries import pages, releases
from events.queries.pages import Glance
from events.releasing.rules import Content, changes
from events.releasing.words import sentences
from events.rules import State
from events.views.blueprint import bp


@bp.get("/evenemang/<slug:slug>")
@public
def show(slug: str) -> Response:
    """The invitation: one page at one address, whatever becomes of the event."""
    glance = found(pages.glance(slug, now()))
    return cached(("event", language(), glance), lambda: _page(glance))


def _page(glance: Glance) -> str:
    event = pages.whole_event(db.session, glance.stamp.id)
    release, before = releases.latest_two(db.session, glance.stamp.id)
    content = release.content if release else {}
    changed = sentences(changes(before.content, content)) if before else []
    return page_of(event, glance, release=release, content=content, changed=changed)


def page_of(
    event: Event,
    glance: Glance,
    *,
    release: Release | None,
    content: Content,
    changed: Sequence[str] = (),
) -> str:
    """The page as `glance` has it: the seats are those that the cache knows it by.

    Without a `release` it is a preview: `content` is then the draft of the programme. `changed`
    is what the release changed, in words.
    """
    return render_template(
        "events/show.html",
        event=event,
        glance=glance,
        release=release,
        changed=changed,
        preview=event.state is State.DRAFT,
        days=programme.days(content, glance.left_in_items),
        speakers=content.get("speakers", ()),
        updated=max(event.updated, release.published) if release else event.updated,
        place=places.place(event.venue_name, event.venue_address, event.municipality),
        where_short=_where_short(event),
        access=_access(event),
        last_day=_last_day(event.registration_closes),
        last_cancel=_last_day(event.cancel_by),
        counties=counties(),
        initials=initials,
        json_ld=jsonld.event_script(event, content if release else {}, glance.modes),
    )


def _where_short(event: Event) -> str:
    town = municipality_name(event.municipality) or event.venue_name
    if not event.online_url:
        return town
    return _("%(town)s och på nätet", town=town) if town else _("På nätet")


def _access(event: Event) -> list[str]:
    facts = {
        _("entré utan trappsteg"): event.step_free,
        _("hiss"): event.lift,
        _("hörslinga"): event.hearing_loop,
    }
    return [word for word, there in facts.items() if there]


def _last_day(limit: datetime | None) -> str:
    """The day somebody may wait for: what ends at midnight ends the day before."""
    if limit is None:
        return ""
    local = to_local(limit)
    if (local.hour, local.minute) in {(0, 0), (23, 59)}:
        return day_short(local - timedelta(minutes=1))
    return _("%(day)s kl. %(clock)s", day=day_short(local), clock=clock(local))


@bp.get("/evenemang/<slug:slug>/program.pdf")
@public
def programme_pdf(slug: str) -> Response:
    """The released programme, to print and to keep."""
    stamp = found(pages.stamp(slug))

    def made() -> bytes:
        event = pages.whole_event(db.session, stamp.id)
        release = releases.latest_release(db.session, stamp.id)
        if release is None or not release.content.get("items"):
            abort(404, _("Programmet är inte klart än. Titta in igen närmare dagen."))
        data = pdf.programme_data(event, release)
        db.session.rollback()  # the typesetting takes its time; no connection waits for it
        return pdf.programme_pdf(data)

    return cached(
        ("programme", language(), stamp),
        made,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="program-{slug}.pdf"'},
    )
