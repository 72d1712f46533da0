"""A file for those who have a place, behind the secret link of the letter."""

from flask import Response
from flask.typing import ResponseReturnValue

from core.db import db
from core.policy import link
from core.web import found
from events.attachments import queries
from events.attachments.serving import answer
from registrations.handouts.rules import may_have
from registrations.views.blueprint import bp
from registrations.views.mine import no_link, own_registration


@bp.get("/min-anmalan/handlingar/<token:file_token>")
@link
def my_attachment(file_token: str) -> Response | ResponseReturnValue:
    """The file; whoever has no place is told no more than that there is no such page."""
    person = own_registration()
    if person is None:
        return no_link()
    wanted = queries.registered_one(db.session, person.event_id, file_token)
    return answer(found(wanted if may_have(person.status) else None), everybody=False)
