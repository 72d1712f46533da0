"""The page of an event, and its programme as PDF."""

from flask import Response, abort, render_template
from flask_babel import gettext as _

from core.cache import cached
from core.clock import now
from core.db import db
from core.i18n import language
from core.policy import public
from core.web import found
from events import jsonld, pdf, programme
from events.queries import public as queries
from events.queries.public import Glance
from events.views.blueprint import bp


@bp.get("/evenemang/<slug:slug>")
@public
def show(slug: str) -> Response:
    """The invitation: one page at one address, whatever becomes of the event."""
    glance = found(queries.glance(db.session, slug, now()))
    return cached(("event", language(), glance), lambda: _page(glance))


def _page(glance: Glance) -> str:
    """The page as `glance` has it: the seats are those that the cache knows it by."""
    event = queries.whole_event(db.session, glance.id)
    release = queries.latest_release(db.session, glance.id)
    left = {seats.item_id: seats.left for seats in glance.seats if seats.item_id}
    return render_template(
        "events/show.html",
        event=event,
        glance=glance,
        release=release,
        days=programme.days(release.content, left) if release else (),
        speakers=release.content.get("speakers", ()) if release else (),
        json_ld=jsonld.event_script(event, release, glance.modes),
    )


@bp.get("/evenemang/<slug:slug>/program.pdf")
@public
def programme_pdf(slug: str) -> Response:
    """The released programme, to print and to keep."""
    stamp = found(queries.stamp(db.session, slug))
    if not stamp[2]:
        abort(404, _("Programmet är inte klart än. Titta in igen närmare dagen."))

    def made() -> bytes:
        event = queries.whole_event(db.session, stamp[0])
        release = found(queries.latest_release(db.session, stamp[0]))
        db.session.rollback()  # the typesetting takes its time; no connection waits for it
        return pdf.programme_pdf(event, release)

    return cached(
        ("programme", language(), stamp),
        made,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="program-{slug}.pdf"'},
    )


@bp.get("/arbeta/")
@public
def work() -> str:
    """Stub."""
    return ""
