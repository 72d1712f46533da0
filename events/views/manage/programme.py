"""The draft programme beside the latest release."""

from itertools import groupby

from flask import render_template

from accounts.gate import staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from events.models import Event
from events.queries import manage as queries
from events.rules import IN_PROGRAMME, difference, findings
from events.times import wall
from events.views.blueprint import bp


@bp.get("/arbeta/evenemang/<id:event_id>/program")
@staff(PLAN, event=queries.find_event)
def programme(event: Event) -> str:
    """The draft as a table, what in it is not published, what in it is odd."""
    items = queries.programme(db.session, event.id)
    release = queries.latest_release(db.session, event.id)
    draft = queries.content_of(items)
    odd = findings(event, queries.slots(items), queries.modes(event), now())
    return render_template(
        "events/manage/programme.html",
        event=event,
        tab="programme",
        days=[(day, list(lines)) for day, lines in groupby(items, lambda i: wall(i.starts).date())],
        release=release,
        pending=difference(release.content if release else None, draft),
        odd=[one for one in odd if one.odd in IN_PROGRAMME],
        pools=queries.item_pools(db.session, event.id),
    )
