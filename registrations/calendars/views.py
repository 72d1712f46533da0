"""One's own calendar: its page behind the link of the letter, and the file."""

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PEOPLE, PLAN
from accounts.services import record
from core.cache import personal
from core.clock import now
from core.db import db, write
from core.policy import link
from core.web import act, download, found, handle, require_key
from events import ical
from events.models import Event
from events.queries.manage import find_event
from events.queries.releases import latest_releases
from registrations.calendars import queries, services, words
from registrations.calendars.entries import entry
from registrations.calendars.forms import OwnFeedForm
from registrations.calendars.models import CalendarReply
from registrations.models import Registration
from registrations.protection import shown
from registrations.views.blueprint import bp
from registrations.views.mine import no_link, own_registration


@bp.route("/min-anmalan/min-kalender", methods=["GET", "POST"])
@link
def my_feed() -> ResponseReturnValue:
    """Get a calendar of all one is registered to, or change when it reminds."""
    person = own_registration()
    if person is None:
        return no_link()
    feed = queries.feed_of(db.session, person)
    form = OwnFeedForm(data={"alarm": str((feed and feed.alarm) or "never")})

    def action() -> str:
        me = found(db.session.get(Registration, person.id))
        services.keep_feed(db.session, me, alarm=form.minutes, now=now())
        flash(_("Kalenderns adress kommer i ett mejl, kanske först om en stund."))
        return url_for("registrations.mine")

    def show() -> str:
        return render_template(
            "registrations/calendars/mine.html", person=person, feed=feed, form=form
        )

    return handle(form, action, show)


@bp.post("/min-anmalan/min-kalender/ta-bort")
@link
def end_my_feed() -> ResponseReturnValue:
    """Take the calendar away: its address is no longer one."""
    person = own_registration()
    if person is None:
        return no_link()

    def action() -> str:
        me = found(db.session.get(Registration, person.id))
        services.end_feed(db.session, me, now=now())
        flash(_("Din kalender är borttagen. Adressen till den gäller inte längre."))
        return url_for("registrations.mine")

    return act(action)


@bp.get("/min-kalender/<token:token>.ics")
@link
def own_feed(token: str) -> Response:
    """All that an address is registered to, with the chosen seminars."""
    feed = found(queries.feed_by_token(db.session, token))
    people = queries.registered(db.session, feed, now=now())
    releases = latest_releases(db.session, {person.event_id for person in people})
    choices = queries.choices_of(db.session, [person.id for person in people])
    made: list[bytes] = []
    for person in people:
        release = releases.get(person.event_id)
        own = entry(
            person, "CONFIRMED", alarm=feed.alarm, items=choices.get(person.id, frozenset())
        )
        made.append(ical.event_component(person.event, release, own))
        made += ical.item_components(person.event, release, own) if release else []
    return personal(ical.calendar(made, name=_("Det jag är anmäld till")), mimetype=ical.MIMETYPE)


def find_reply(reply_id: int) -> CalendarReply | None:
    """The answer of that number, whosesoever it is (the gate asks)."""
    return queries.find_reply(db.session, reply_id)


@bp.get("/arbeta/evenemang/<id:event_id>/kalendersvar")
@staff(PEOPLE, event=find_event)
def calendar_replies(event: Event) -> str:
    """What has come back by mail about the invitations: who comes, perhaps, or not."""
    return render_template(
        "registrations/calendars/replies.html", event=event, tab="participants",
        replies=queries.replies_to(db.session, event.id), shown=shown,
        answers=words.ANSWER, standings=words.STANDING,
    )  # fmt: skip


@bp.post("/arbeta/kalendersvar/<id:reply_id>")
@staff(PLAN, reply=find_reply)
def calendar_reply(reply: CalendarReply) -> Response:
    """The mail of an answer, as proof; that it was fetched stands in the log."""
    require_key()
    person = reply.registration

    def look() -> bytes:
        record(
            db.session, by=me(), action="calendar.reply_shown", now=now(),
            subject=db.session.get_one(Registration, person.id),
            authority_id=reply.authority_id, event_id=person.event_id,
        )  # fmt: skip
        return db.session.get_one(CalendarReply, reply.id).body

    body = write(look)
    return download(body, filename=f"kalendersvar-{reply.id}.eml", mimetype="message/rfc822")
