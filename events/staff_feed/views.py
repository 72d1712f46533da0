"""A user's own calendar: its page, and the file that calendar programs fetch."""

from flask import Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PEOPLE
from core.cache import personal
from core.clock import now
from core.db import db
from core.i18n import public_url
from core.policy import link
from core.web import act, found
from events import ical
from events.queries.releases import latest_releases
from events.staff_feed import queries, services
from events.views.blueprint import bp


@bp.get("/arbeta/kalender")
@staff(PEOPLE)
def staff_feed() -> str:
    """The address of the calendar, if there is one; and how to get it."""
    feed = queries.feed_of(db.session, me())
    address = feed and public_url("events.staff_calendar", token=queries.token_of(feed))
    return render_template("events/manage/calendar.html", address=address)


@bp.post("/arbeta/kalender")
@staff(PEOPLE)
def change_staff_feed() -> ResponseReturnValue:
    """Make the calendar, give it another address, or take it away."""
    what = request.form.get("what", "")
    if what not in {"new", "end"}:
        abort(400)

    def action() -> str:
        if what == "new":
            services.renew(db.session, me(), now=now())
            flash(_("Din kalender har en ny adress. En tidigare gäller inte längre."))
        else:
            services.revoke(db.session, me(), now=now())
            flash(_("Kalendern är borttagen."))
        return url_for("events.staff_feed")

    return act(action)


@bp.get("/personalkalender/<token:token>.ics")
@link
def staff_calendar(token: str) -> Response:
    """The events of somebody's authorities, for a program that cannot sign in."""
    feed = found(queries.feed_by_token(db.session, token))
    events = queries.events_of(db.session, feed.user, now=now())
    releases = latest_releases(db.session, [event.id for event in events])
    made = [ical.event_component(event, releases.get(event.id)) for event in events]
    return personal(
        ical.calendar(made, name=_("Våra evenemang, med utkast")), mimetype=ical.MIMETYPE
    )
