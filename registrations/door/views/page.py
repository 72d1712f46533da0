"""The door on a telephone, and the list on paper."""

from typing import Any

from flask import render_template, url_for

from accounts.gate import me, staff
from accounts.rules import DOOR
from core.clock import now
from core.db import db
from core.web import query_text
from events.models import Event
from events.queries.manage import find_event
from registrations.door import queries, words
from registrations.door.queries import Post
from registrations.door.rules import LET_IN, is_open, may_come_in
from registrations.door.views.place import PATH, find, number, post_of
from registrations.protection import shown
from registrations.views.blueprint import bp


@bp.get(PATH)
@staff(DOOR, event=find_event)
def door(event: Event) -> str:
    """A search and numbers; names only when searched for, or just ticked in."""
    post, text = post_of(event), query_text("q")
    answering = queries.answering(db.session, post, text) if text else []
    items = queries.posts(db.session, event.id)
    return render_template(
        "registrations/door/door.html",
        event=event,
        tab="door",
        post=post,
        items=items,
        item_counts=queries.item_counts(db.session, event.id) if items else {},
        open=is_open(event.state),
        counts=queries.counts(db.session, post),
        text=text,
        visitors=[_row(one) for one in answering[: queries.AT_MOST]],
        more=len(answering) > queries.AT_MOST,
        just=_just_ticked(event, post),
        script=_script(event, post),
    )


@bp.get(f"{PATH}/lista")
@staff(DOOR, event=find_event)
def door_list(event: Event) -> str:
    """The list for paper: everybody by surname, with a box to tick."""
    people = queries.everybody(db.session, event.id)
    return render_template(
        "registrations/door/list.html",
        event=event,
        tab="door",
        people=[(one, shown(one.registration)) for one in people],
        printed=now(),
    )


def _row(one: queries.Visitor) -> tuple[queries.Visitor, object, bool]:
    return one, shown(one.registration), may_come_in(one.registration.status)


def _just_ticked(event: Event, post: Post) -> tuple[queries.Visitor, object, bool] | None:
    """Whom the address says has just been ticked in, if that is so."""
    registration_id = number("klar")
    registration = find(registration_id) if registration_id else None
    if registration is None or registration.event_id != event.id:
        return None
    visitor = queries.visitor(db.session, registration, post)
    return _row(visitor) if visitor.came else None


def _script(event: Event, post: Post) -> dict[str, object]:
    """What the page's script needs to know: addresses, words, and whose page it is."""
    place: dict[str, Any] = {"event_id": event.id, "punkt": post.item_id}
    return {
        "people": url_for("registrations.door_people", **place),
        "counts": url_for("registrations.door_counts", **place),
        "line": url_for("registrations.door_line", event_id=event.id),
        "signIn": url_for("accounts.sign_in", next=url_for("registrations.door", **place)),
        "punkt": post.item_id or "",
        "who": me().id,
        "atMost": queries.AT_MOST,
        "letIn": sorted(status.value for status in LET_IN),
        "words": words.spoken(),
    }
