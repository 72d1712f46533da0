"""What the page at the door is told: who may come, what colleagues have ticked, how many."""

from datetime import datetime
from typing import Any

from flask import Response, abort, jsonify, request
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import DOOR
from core.csrf import csrf_token
from core.db import db
from core.i18n import clock
from events.models import Event
from events.queries.manage import find_event
from registrations.door import queries
from registrations.door.views.place import PATH, number, post_of
from registrations.door_code import door_code
from registrations.models import CheckIn
from registrations.protection import shown
from registrations.rules import Tick
from registrations.views.blueprint import bp

# Lines may be committed in another order than they were numbered: the last ones are told again.
TOLD_AGAIN = 20


@bp.get(f"{PATH}/antal.json")
@staff(DOOR, event=find_event)
def door_counts(event: Event) -> Response:
    """How many have come, and what has been ticked since the line `efter`.

    Also a form token and whose it is, for a page that has outlived a sign-in.
    """
    post, after = post_of(event), number("efter")
    lines = (
        queries.lines_since(db.session, post, max(0, after - TOLD_AGAIN))
        if after is not None
        else []
    )
    counts = queries.counts(db.session, post)
    return jsonify(
        came=counts.came,
        expected=counts.expected,
        left=counts.left,
        unseated=counts.unseated,
        by_mode={mode.value: share for mode, share in counts.by_mode.items()},
        by_sector={sector.value: share for sector, share in counts.by_sector.items()},
        items={str(id_): share for id_, share in _items(event).items()},
        lines=[_line(line) for line in lines],
        changed=_iso(queries.latest_change(db.session, event.id)),
        token=csrf_token(),
        who=me().id,
    )


@bp.get(f"{PATH}/alla.json")
@staff(DOOR, event=find_event)
def door_people(event: Event) -> Response:
    """Everybody who may come, for the page to search in when the net goes.

    Kept in the page's memory only: what is written to the telephone's disk outlives the day, the
    sign-in and often the telephone's owner. With `sedan` those that have changed since.
    """
    post = post_of(event)
    line = queries.latest_number(db.session, event.id)
    changed = queries.latest_change(db.session, event.id)
    rows = queries.remembered(db.session, post, _since())
    return jsonify(
        people=[_person(*row, door_code(row[0])) for row in rows], line=line, changed=_iso(changed)
    )


def _person(one: Any, stands: Any, chosen: bool, seal: str) -> list[object]:
    """A row of the list as the script reads it, as short as may be."""
    person = shown(one)
    about: list[object] = [
        person.id, person.sorted_name, person.organisation, one.status.value, one.mode.value, seal,
        int(chosen), int(person.protected),
    ]  # fmt: skip
    if stands is None:
        return about
    state = Tick.OUT if stands.left else Tick.IN
    return [*about, state.value, clock(stands.left or stands.at), stands.ticked_by, stands.line]


def _line(line: CheckIn) -> list[object]:
    state = "" if line.tick is Tick.UNDO else line.tick.value
    by = line.user.name if line.user else _("tjänsten")
    return [line.registration_id, state, clock(line.at), by, line.id]


def _items(event: Event) -> dict[int, queries.Share]:
    return queries.item_counts(db.session, event.id)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _since() -> datetime | None:
    text = request.args.get("sedan", "")
    if not text:
        return None
    try:
        since = datetime.fromisoformat(text)
    except ValueError:
        abort(400)
    if since.tzinfo is None:
        abort(400)
    return since
