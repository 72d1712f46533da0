"""The files of an event: the organiser's pages, and where everybody fetches what is for all."""

import contextlib
from typing import IO

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PEOPLE, PLAN
from core.clock import now
from core.db import db
from core.policy import public, takes
from core.web import act, found, handle
from events.attachments import queries, services
from events.attachments.forms import AttachmentForm
from events.attachments.models import Attachment
from events.attachments.receiving import Received, receive
from events.attachments.rules import MOST_BYTES
from events.attachments.serving import answer
from events.models import Event
from events.queries.manage import find_event
from events.times import wall
from events.views.blueprint import bp

ROOM_FOR_FIELDS = 256 * 1024  # bytes beside the file
HERE = "/arbeta/evenemang/<id:event_id>/handlingar"
ONE = "/arbeta/handling/<id:attachment_id>"


@bp.get("/handlingar/<token:token>")
@public
def attachment(token: str) -> Response:
    """A file that everybody may have."""
    return answer(found(queries.public_one(db.session, token)), everybody=True)


@bp.route(HERE, methods=["GET", "POST"])
@takes(MOST_BYTES + ROOM_FOR_FIELDS)
@staff(PLAN, event=find_event)
def attachments(event: Event) -> ResponseReturnValue:
    """All files of an event in their order; attach one more."""
    event_id = event.id
    form = AttachmentForm(None, _items(event))
    received: list[Received] = []

    def take() -> None:
        received.append(_receive(*form.must_be_sent()))

    def attach() -> str:
        inside = db.session.get_one(Event, event_id)
        made = services.attach(
            db.session, inside, received[0], facts=form.facts(), by=me(), now=now()
        )
        flash(_("”%(title)s” finns nu bland handlingarna.", title=made.title))
        return url_for("events.attachments", event_id=event_id)

    def show() -> str:
        return render_template(
            "events/attachments/list.html", event=event, tab="programme", form=form,
            rows=queries.of_event(db.session, event_id),
        )  # fmt: skip

    return handle(form, attach, show, prepare=take)


@bp.route(ONE, methods=["GET", "POST"])
@takes(MOST_BYTES + ROOM_FOR_FIELDS)
@staff(PLAN, attachment=queries.find_attachment)
def edit_attachment(attachment: Attachment) -> ResponseReturnValue:
    """Change what is said about a file, or send another in its place."""
    attachment_id, event = attachment.id, attachment.event
    form = AttachmentForm(attachment, _items(event))
    received: list[Received] = []

    def take() -> None:
        sent = form.sent()
        received.extend([_receive(*sent)] if sent else [])

    def save() -> str:
        inside = db.session.get_one(Attachment, attachment_id)
        services.change(
            db.session, inside, facts=form.facts(), version=form.version.data,
            received=received[0] if received else None, by=me(), now=now(),
        )  # fmt: skip
        flash(_("”%(title)s” är sparad.", title=inside.title))
        return url_for("events.attachments", event_id=inside.event_id)

    def show() -> str:
        return render_template(
            "events/attachments/edit.html", event=event, tab="programme", form=form,
            attachment=attachment,
        )  # fmt: skip

    return handle(form, save, show, prepare=take)


@bp.get(f"{ONE}/fil")
@staff(PEOPLE, attachment=queries.find_attachment)
def staff_attachment(attachment: Attachment) -> Response:
    """The file, for those who work here."""
    return answer(attachment, everybody=False)


@bp.post(f"{ONE}/flytta")
@staff(PLAN, attachment=queries.find_attachment)
def move_attachment(attachment: Attachment) -> ResponseReturnValue:
    """One step up or down."""
    attachment_id, event_id = attachment.id, attachment.event_id
    up = request.form.get("vart") == "upp"

    def move() -> str:
        inside = db.session.get_one(Attachment, attachment_id)
        services.move(db.session, inside, up=up, now=now())
        return url_for("events.attachments", event_id=event_id)

    return act(move)


@bp.post(f"{ONE}/ta-bort")
@staff(PLAN, attachment=queries.find_attachment)
def remove_attachment(attachment: Attachment) -> ResponseReturnValue:
    """Take the file away."""
    attachment_id, event_id, title = attachment.id, attachment.event_id, attachment.title

    def remove() -> str:
        inside = db.session.get_one(Attachment, attachment_id)
        services.remove(db.session, inside, by=me(), now=now())
        flash(_("”%(title)s” är borttagen.", title=title))
        return url_for("events.attachments", event_id=event_id)

    return act(remove)


def _receive(sent: IO[bytes], name: str) -> Received:
    with contextlib.closing(sent):
        return receive(sent, name, whose=f"user:{me().id}", now=now())


def _items(event: Event) -> list[tuple[str, str]]:
    return [(str(item.id), f"{wall(item.starts):%H.%M} {item.title}") for item in event.items]
