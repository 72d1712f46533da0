"""The organiser puts right afterwards who was there, beside what the door has written."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core import crypto
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import handle
from events.models import Event
from events.queries.manage import find_event
from registrations.door import queries
from registrations.door.forms import CorrectionForm
from registrations.door.queries import Post
from registrations.door.services import correct
from registrations.door.views.place import belongs, find
from registrations.models import Registration
from registrations.protection import shown
from registrations.views.blueprint import bp


@bp.route(
    "/arbeta/evenemang/<id:event_id>/deltagare/<id:registration_id>/narvaro",
    methods=["GET", "POST"],
)
@staff(PLAN, event=find_event, registration=find)
def presence(event: Event, registration: Registration) -> ResponseReturnValue:
    """Was there but was not ticked, was ticked by mistake, came late or left early."""
    belongs(registration, event)
    form = CorrectionForm()
    items = queries.posts(db.session, event.id)
    form.where.choices = [(str(item.id), item.title) for item in items]

    def put_right() -> str:
        post = _post(event, form)
        came, left = form.times(post.item.starts if post.item else event.starts)
        person = db.session.get_one(Registration, registration.id)
        correct(
            db.session, person, came=came, left=left, reason=form.reason.data, by=me(), now=now(),
            nonce=crypto.digest(f"{person.id}:{request.form.get('form_key', '')}"),
            item=post.item,
        )  # fmt: skip
        flash(_("Närvaron för %(name)s är rättad.", name=shown(person, openly=True).name))
        return url_for(
            "registrations.participant", event_id=event.id, registration_id=registration.id
        )

    return handle(
        form,
        put_right,
        lambda: render_template(
            "registrations/door/presence_form.html",
            event=event,
            tab="participants",
            form=form,
            registration=registration,
            person=shown(registration, openly=True),
        ),
    )


def _post(event: Event, form: CorrectionForm) -> Post:
    if not form.where.data:
        return Post(event.id)
    post = queries.find_post(db.session, event.id, int(form.where.data))
    if post is None:
        raise Refusal(_("Programpunkten finns inte längre. Välj en annan."), "where")
    return post
