"""Which participants an address asks for: read by an allow-list, and written again for links.

The list, what is done with a selection, mailings and files all speak this language, so that what
was filtered on one page can be handed over to another.
"""

import enum
import re
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from flask import abort
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from accounts.gate import may
from accounts.rules import PLAN
from core.db import db
from core.reference import Sector, counties
from core.web import clean_query, page_number
from events.models import Event
from events.rules import Mode
from registrations.queries import lists
from registrations.rules import Status

E = TypeVar("E", bound=enum.StrEnum)
Choices = dict[str, list[tuple[int, str]]]
SORTS = {"namn": "name", "organisation": "organisation", "tid": "time"}
CAME = {"ja": True, "nej": False}
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
UNCHOSEN = "utan:"  # before the name of a group in which nothing was chosen
TEXT = 100  # characters
TICKED = 500  # persons, at most, who can be named one by one in an address


def wanted_of(event: Event, given: Mapping[str, str]) -> tuple[lists.Wanted, Choices]:
    """What is asked for, and what there is to choose. An unknown filter or sort is 400.

    `given` is an address's query, or the fields of a form that carries one on.
    """
    choices = lists.choices(db.session, event.id)
    order = given.get("sortera") or "namn"
    item, unchosen = _choice(given.get("val", ""), choices)
    came, county = given.get("kom", ""), given.get("lan", "")
    if (came and came not in CAME) or (county and county not in counties()):
        _unknown()
    name = order.removeprefix("-")
    if name not in SORTS:
        _unknown()
    wanted = lists.Wanted(
        text=clean_query(given.get("q", ""))[:TEXT],
        status=one_of(Status, given.get("status", "")),
        mode=one_of(Mode, given.get("deltar", "")),
        sector=one_of(Sector, given.get("sektor", "")),
        county=county,
        item=item,
        unchosen=unchosen,
        came=CAME.get(came),
        ids=ticked(given),
        sort=SORTS[name],
        descending=order.startswith("-"),
        page=page_number(),
        openly=may(PLAN, event.authority_id),
    )
    return wanted, choices


def filter_query(wanted: lists.Wanted) -> dict[str, Any]:
    """The filters as an address has them: what `wanted_of` reads, order and page left out."""
    came = {True: "ja", False: "nej", None: ""}[wanted.came]
    unchosen = UNCHOSEN + wanted.unchosen if wanted.unchosen else ""
    query = {
        "q": wanted.text,
        "status": wanted.status,
        "deltar": wanted.mode,
        "sektor": wanted.sector,
        "lan": wanted.county,
        "val": wanted.item or unchosen,
        "kom": came,
        "vald": ",".join(map(str, wanted.ids)),
    }
    return {name: str(value) for name, value in query.items() if value}


def ticked(given: Mapping[str, str], name: str = "vald") -> tuple[int, ...]:
    """The numbers of those named one by one, as `vald=1&vald=2` or `vald=1,2`."""
    texts = given.getlist(name) if isinstance(given, MultiDict) else [given.get(name, "")]
    numbers = [text for one in texts for text in one.split(",") if text]
    if len(numbers) > TICKED or any(not NUMBER.fullmatch(text) for text in numbers):
        _unknown()
    return tuple(sorted({int(text) for text in numbers}))


def one_of(kind: type[E], text: str) -> E | None:
    """The member of that value; None for nothing, 400 for another."""
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        _unknown()


def _choice(text: str, choices: Choices) -> tuple[int | None, str]:
    """The item, or the group in which nothing was chosen."""
    if text.startswith(UNCHOSEN) and text.removeprefix(UNCHOSEN) in choices:
        return None, text.removeprefix(UNCHOSEN)
    ids = {str(id_): id_ for items in choices.values() for id_, _title in items}
    if text and text not in ids:
        _unknown()
    return ids.get(text), ""


def _unknown() -> NoReturn:
    abort(400, _("Adressen frågar efter något som listan inte har. Börja om från Deltagare."))
