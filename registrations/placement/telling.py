"""Why somebody got what they got, in a sentence or three; said alike on pages and in letters."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core.i18n import clock_span
from events.queries.releases import released_items
from registrations.placement import queries
from registrations.placement.rules import Bar, Outcome

Item = Any  # a programme item as released, or a row with its title and times


def explained(session: Session, registration_id: int) -> list[str]:
    """What a placement, a colleague or a full first choice has meant for somebody, by slot.

    Only what still holds: whoever has moved on to another seat is told nothing of the old one.
    """
    placements = {row.group: row for row in queries.placements_of(session, registration_id)}
    wished = queries.wishes_of(session, registration_id)
    if not placements and not wished:
        return []
    seats = queries.seats_of(session, registration_id)
    ids = {id_ for pair in wished.values() for id_ in pair if id_} | set(seats.values())
    for given in placements.values():
        about = given.item_id, given.why.get("first"), given.why.get("second")
        ids |= {id_ for id_ in about if id_}
    items = released_items(session, ids)
    lines = []
    for group in sorted({*placements, *wished}, key=lambda name: _begins(name, items)):
        seat, row = seats.get(group), placements.get(group)
        if row is not None and row.item_id == seat:
            lines.append(_at(group, items, sentence(row.outcome, row.item_id, row.why, items)))
        elif row is None and seat and seat == wished.get(group, (None, None))[1]:
            lines.append(_at(group, items, _first_was_full(wished[group], items)))
    return lines


def wished_lines(session: Session, registration_id: int) -> list[str]:
    """What somebody wishes for in the slots where they have no seat yet, a line for each."""
    wished = queries.wishes_of(session, registration_id)
    if not wished:
        return []
    seats = queries.seats_of(session, registration_id)
    open_ = {group: pair for group, pair in wished.items() if group not in seats}
    ids = {id_ for pair in open_.values() for id_ in pair if id_}
    items = released_items(session, ids)
    return [
        clock_span(items[first].starts, items[first].ends)
        + " "
        + (
            _("1. %(first)s, 2. %(second)s", first=items[first].title, second=items[second].title)
            if second
            else items[first].title
        )
        for first, second in open_.values()
        if first is not None
    ]


def sentence(
    outcome: str, item_id: int | None, why: Mapping[str, Any], items: Mapping[int, Item]
) -> str:
    """Why `outcome` and not something better: the numbers behind it, in words."""
    got = _title(item_id, items)
    if outcome == Outcome.BY_HAND:
        return _("Arrangören har gett dig en plats på ”%(title)s”.", title=got)
    if outcome == Outcome.FIRST:
        return _first(got, why)
    parts = [_lost_first(why, items)]
    if outcome == Outcome.SECOND:
        parts.append(_("Du fick ditt andrahandsval ”%(title)s”.", title=got))
        return _joined(parts)
    parts.append(_lost_second(why, items))
    if outcome == Outcome.ROOM and not why.get("first") and not why.get("second"):
        parts.append(
            _(
                "Du hade inte önskat något, så du fick plats där det fanns lediga platser: "
                "”%(title)s”.",
                title=got,
            )
        )
    elif outcome == Outcome.ROOM:
        parts.append(_("Du fick plats där det fanns lediga platser: ”%(title)s”.", title=got))
    else:
        parts.append(_("Du har ingen plats i det här passet."))
    return _joined(parts)


def _first(got: str, why: Mapping[str, Any]) -> str:
    seats, wanted = why.get("seats"), why.get("wanted", 0)
    if seats is not None and wanted > seats:
        return _(
            "Du fick ditt förstahandsval ”%(title)s”. Det hade %(seats)s platser och %(wanted)s "
            "ville ha det.",
            title=got, seats=seats, wanted=wanted,
        )  # fmt: skip
    return _("Du fick ditt förstahandsval ”%(title)s”.", title=got)


def _lost_first(why: Mapping[str, Any], items: Mapping[int, Item]) -> str:
    first = _title(why.get("first"), items)
    if not first:
        return ""
    if why.get("first_bar"):
        return _barred(_("Ditt förstahandsval"), first, why["first_bar"])
    if not why.get("seats"):
        return _("Ditt förstahandsval ”%(title)s” hade inga platser kvar.", title=first)
    if why.get("full_since"):
        return _("Ditt förstahandsval ”%(title)s” blev fullt under fördelningen.", title=first)
    numbers = {"title": first, "seats": why["seats"], "wanted": why.get("wanted", 0)}
    if why.get("later"):
        return _(
            "Ditt förstahandsval ”%(title)s” hade %(seats)s platser och %(wanted)s ville ha det. "
            "De som anmälde sig först gick före, utom att %(later)s som anmälde sig efter dig "
            "fick plats för att fler skulle få något av sina val.",
            later=why["later"], **numbers,
        )  # fmt: skip
    text: str = ngettext(
        "Ditt förstahandsval ”%(title)s” hade %(num)s plats och %(wanted)s ville ha det; "
        "den som anmälde sig först fick platsen.",
        "Ditt förstahandsval ”%(title)s” hade %(num)s platser och %(wanted)s ville ha det; "
        "de %(num)s som anmälde sig först fick plats.",
        numbers.pop("seats"), **numbers,
    )  # fmt: skip
    return text


def _lost_second(why: Mapping[str, Any], items: Mapping[int, Item]) -> str:
    second = _title(why.get("second"), items)
    if not second:
        return _("Du hade inget andrahandsval.") if why.get("first") else ""
    if why.get("second_bar"):
        return _barred(_("Ditt andrahandsval"), second, why["second_bar"])
    return _("Ditt andrahandsval ”%(title)s” blev också fullt.", title=second)


def _barred(which: str, title: str, bar: str) -> str:
    if bar == Bar.IN_ROOM:
        return _("%(which)s ”%(title)s” hålls bara på plats och du deltar på nätet.",
                 which=which, title=title)  # fmt: skip
    return _("%(which)s ”%(title)s” går samtidigt som något annat där du har plats.",
             which=which, title=title)  # fmt: skip


def _first_was_full(pair: tuple[int | None, int | None], items: Mapping[int, Item]) -> str:
    return _(
        "Ditt förstahandsval ”%(first)s” var fullt när du anmälde dig. Du fick ditt andrahandsval "
        "”%(second)s”.",
        first=_title(pair[0], items), second=_title(pair[1], items),
    )  # fmt: skip


def _title(item_id: int | None, items: Mapping[int, Item]) -> str:
    item = items.get(item_id) if item_id else None
    return item.title if item else ""


def _begins(group: str, items: Mapping[int, Item]) -> tuple[Any, ...]:
    times = [item.starts.timestamp() for item in items.values() if item.group == group]
    return (min(times, default=0.0), group)


def _at(group: str, items: Mapping[int, Item], text: str) -> str:
    of_group = [item for item in items.values() if item.group == group]
    if not of_group:
        return text
    first = min(of_group, key=lambda item: item.starts)
    return _("Kl. %(time)s: %(text)s", time=clock_span(first.starts, first.ends), text=text)


def _joined(parts: list[str]) -> str:
    return " ".join(part for part in parts if part)
