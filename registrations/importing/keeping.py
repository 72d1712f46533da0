"""Write down what a list says of its own about those who have just been entered: in bulk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.errors import Refusal
from events.models import ProgrammeItem
from registrations.importing.seating import Limits, Seating
from registrations.models import ItemChoice, Registration
from registrations.placement.models import Wish
from registrations.placement.queries import placed_groups
from registrations.questions import queries
from registrations.questions.models import Reply
from registrations.questions.rules import Asked, fits

Row = dict[str, Any]
OWN = "own"  # where a row keeps it until it is written


def plain(rows: Sequence[Row]) -> list[Row]:
    """The rows as the table of registrations takes them."""
    return [{name: value for name, value in row.items() if name != OWN} for row in rows]


def seat_in_items(
    session: Session, event_id: int, limits: Limits, rows: Sequence[Row], found: Seating
) -> None:
    """Count the seats that the rows with a place take in items, in the order of the file.

    Who finds the first choice full is given the second, and the row then says so (`swapped`).
    Raises `Refusal` for too few.
    """
    seated = [
        row[OWN]
        for row, there in zip(rows, found.seated, strict=True)
        if there and row.get(OWN) and row[OWN]["items"]
    ]
    if not seated:
        return
    here = _items(session, event_id)
    placed = placed_groups(session, event_id)
    pools = {pool.item_id: pool for pool in limits.pools if pool.item_id}
    left = {item_id: pool.left for item_id, pool in pools.items()}
    for own in seated:
        own["swapped"] = []
        for field, first in own["items"].items():
            pair = _pair(own, field)
            slots = {here.get(item_id, ("", ""))[1] for item_id in pair}
            if "" in slots or len(slots) > 1 or not pools.keys() >= set(pair):
                raise Refusal(_("Programmet har ändrats. Läs om listan under Kolumner."))
            if here[first][1] in placed:
                continue
            given = next((item_id for item_id in pair if left[item_id] != 0), None)
            if given is None:
                raise _too_few(seated, field, first, here[first][0], pools[first].left or 0)
            room = left[given]
            left[given] = None if room is None else room - 1
            found.pools[pools[given].id] += 1
            if given != first:
                own["swapped"].append(field)


def _pair(own: Row, field: str) -> list[int]:
    """The first choice in a slot, and the second where there is one."""
    second = own.get("seconds", {}).get(field)  # a list read before there were any has none
    return [own["items"][field], *([] if second is None else [second])]


def _too_few(seated: Sequence[Row], field: str, item_id: int, title: str, left: int) -> Refusal:
    wanted = sum(item_id in _pair(own, field) for own in seated if field in own["items"])
    return Refusal(
        ngettext(
            "”%(title)s” har %(num)s plats kvar, men filen har %(wanted)s nya. Ingen har lagts in.",
            "”%(title)s” har %(num)s platser kvar, men filen har %(wanted)s nya. Ingen har "
            "lagts in.",
            left, title=title, wanted=wanted,
        )
    )  # fmt: skip


def keep(session: Session, event_id: int, rows: Sequence[Row], after: int, now: datetime) -> None:
    """The answers and choices of the rows, whose registrations have numbers from `after` on."""
    told = {(row["email_key"], row["name_key"]): row[OWN] for row in rows if row.get(OWN)}
    if not any(own["answers"] or own["items"] for own in told.values()):
        return
    ids = session.execute(
        sa.select(Registration.id, Registration.email_key, Registration.name_key).where(
            Registration.event_id == event_id, Registration.id > after
        )
    )
    by_id = {id_: told[email, name] for id_, email, name in ids if (email, name) in told}
    _keep_answers(session, event_id, by_id, now)
    _keep_choices(session, event_id, by_id, now)


def _keep_answers(
    session: Session, event_id: int, told: dict[int, dict[str, Any]], now: datetime
) -> None:
    if not any(own["answers"] for own in told.values()):
        return
    asked: dict[str, Asked] = {
        str(one.id): one for one in queries.asked(session, event_id, hold=True)
    }
    replies = []
    for id_, own in told.items():
        for wording, value in own["answers"].items():
            if wording not in asked or not fits(asked[wording], value):
                raise Refusal(_("Frågorna har ändrats. Läs om listan under Kolumner."))
            replies.append(
                {"registration_id": id_, "question_id": asked[wording].question_id,
                 "wording_id": asked[wording].id, "value": queries.written(value), "given": now}
            )  # fmt: skip
    session.execute(sa.insert(Reply), replies)


def _keep_choices(
    session: Session, event_id: int, told: dict[int, dict[str, Any]], now: datetime
) -> None:
    here, placed = _items(session, event_id), placed_groups(session, event_id)
    chosen, wished = [], []
    for id_, own in told.items():
        for field in own["items"]:
            pair = [item_id for item_id in _pair(own, field) if item_id in here]
            if not pair:
                continue
            swapped, to_place = field in own.get("swapped", ()), here[pair[0]][1] in placed
            if to_place or swapped:
                wished += [
                    {"registration_id": id_, "item_id": item_id, "rank": rank, "at": now}
                    for rank, item_id in enumerate(pair, 1)
                ]
            if not to_place:
                chosen.append({"registration_id": id_, "item_id": pair[swapped]})
    if chosen:
        session.execute(sa.insert(ItemChoice), chosen)
    if wished:
        session.execute(sa.insert(Wish), wished)


def _items(session: Session, event_id: int) -> dict[int, tuple[str, str]]:
    """Title and slot of the items that are chosen among."""
    rows = session.execute(
        sa.select(ProgrammeItem.id, ProgrammeItem.title, ProgrammeItem.group).where(
            ProgrammeItem.event_id == event_id, ProgrammeItem.group != ""
        )
    )
    return {id_: (title, group) for id_, title, group in rows}
