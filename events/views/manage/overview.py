"""Läget: how it stands and what must be done."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import staff
from accounts.rules import PEOPLE
from core.clock import now
from core.db import db
from events.models import Event
from events.queries import drafts, manage, releases
from events.queries.pages import imagined
from events.rules import MAY_FOLLOW, State, difference, findings, next_step
from events.views.blueprint import bp
from events.views.public import page_of
from events.words import ACTION


@bp.get("/arbeta/evenemang/<id:event_id>")
@staff(PEOPLE, event=manage.find_event)
def overview(event: Event) -> str:
    """Numbers first, then what to do, then what has happened."""
    items = drafts.programme(db.session, event.id)
    release = releases.latest_release(db.session, event.id)
    pending = difference(release.content if release else None, drafts.content_of(items))
    planned = event.state in {State.DRAFT, State.PUBLISHED, State.POSTPONED}
    odd = findings(event, drafts.slots(items), manage.modes(event), now()) if planned else []
    return render_template(
        "events/manage/overview.html",
        event=event,
        tab="overview",
        pools=[pool for pool in event.pools if pool.mode],
        odd=odd,
        pending=pending if release else None,
        step=next_step(state=event.state, ends=event.ends, items=len(items), now=now()),
        next_states=MAY_FOLLOW[event.state],
        history=manage.history(db.session, event.id, ACTION),
    )


@bp.get("/arbeta/evenemang/<id:event_id>/forhandsvisning")
@staff(PEOPLE, event=manage.find_event)
def preview(event: Event) -> ResponseReturnValue:
    """The page of a draft as it would be; what is public already is shown where it is."""
    if event.state is not State.DRAFT:
        return redirect(url_for("events.show", slug=event.slug))
    glance = imagined(event, now())
    return page_of(event, glance, release=None, content=drafts.draft_content(event))
