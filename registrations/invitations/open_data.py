"""The public register as JSON and CSV. Keys and columns are a promise: add, never rename."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.i18n import public_url
from core.reference import SECTOR_WORDS, Sector, municipality_name
from events.rules import State
from events.words import KIND
from registrations.invitations.queries.councils import Council
from registrations.invitations.rules import Invited
from registrations.invitations.words import STATUS, said
from registrations.rules import Answer
from registrations.spreadsheets import Cell, to_csv

ANSWERS = {Answer.ACCEPTED: "accepted", Answer.DECLINED: "declined", Answer.SENT: "none"}


def to_json(councils: Iterable[Council], *, total: int, page: int, pages: int, next_: str) -> str:
    """A page of the register; `next` is the address of the following page or null."""
    body = {
        "count": total,
        "page": page,
        "pages": pages,
        "next": next_ or None,
        "councils": [_council(council) for council in councils],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def to_table(councils: Iterable[Council]) -> str:
    """CSV with one line for each invited organisation; a sakråd that has asked nobody yet, one."""
    headers = [
        _("Sakråd"), _("Fråga"), _("Myndighet"), _("Börjar"), _("Slutar"), _("Status"),
        _("Diarienummer"), _("Inbjudare"), _("Inbjudarens titel"), _("Organisation"), _("Sektor"),
        _("Kommun"), _("Län"), _("Urvalsgrund"), _("Motivering"), _("Platser"), _("Svar"),
        _("Deltog"), _("Adress"), _("Dokumentation"),
    ]  # fmt: skip
    return to_csv(headers, (line for council in councils for line in _lines(council)))


def _lines(council: Council) -> Iterable[Sequence[Cell]]:
    event = council.event
    first: list[Cell] = [
        event.title, event.question, event.authority.name, event.starts, event.ends,
        str(STATUS[council.status]), event.case_number, event.inviter_name, event.inviter_title,
    ]  # fmt: skip
    last: list[Cell] = [_page(council), _documentation(council) or ""]
    for one in council.invited:
        came = {None: "", True: _("Ja"), False: _("Nej")}[one.came]
        yield [
            *first, one.organisation, str(SECTOR_WORDS[Sector(one.sector)]), one.municipality,
            one.county, one.criterion, one.reason, one.seats, said(one), came, *last,
        ]  # fmt: skip
    if not council.invited:
        yield [*first, *[""] * 9, *last]


def _council(council: Council) -> dict[str, Any]:
    event = council.event
    return {
        "slug": event.slug,
        "title": event.title,
        "kind": event.kind.value,
        "theme": str(KIND[event.kind]),
        "question": event.question,
        "purpose": event.purpose,
        "can_achieve": event.can_achieve,
        "authority": {"slug": event.authority.slug, "name": event.authority.name},
        "county": event.county_code,
        "municipality": municipality_name(event.municipality) or None,
        "case_number": event.case_number or None,
        "starts": _instant(event.starts),
        "ends": _instant(event.ends),
        "status": council.status.value,
        "status_note": event.state_note
        if event.state in {State.CANCELLED, State.POSTPONED}
        else "",
        "inviter": {"name": event.inviter_name, "title": event.inviter_title},
        "url": _page(council),
        "calendar": public_url("events.ics", slug=event.slug),
        "documentation": _documentation(council),
        "invited": [_organisation(one) for one in council.invited],
    }


def _organisation(one: Invited) -> dict[str, Any]:
    return {
        "organisation": one.organisation,
        "slug": one.slug,
        "sector": one.sector,
        "municipality": one.municipality or None,
        "county": one.county or None,
        "criterion": one.criterion,
        "reason": one.reason,
        "seats": one.seats,
        "answer": ANSWERS[one.answer],
        "came": one.came,
    }


def _instant(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _page(council: Council) -> str:
    return public_url("events.show", slug=council.event.slug)


def _documentation(council: Council) -> str | None:
    if not council.documented:
        return None
    return public_url("minutes.document", slug=council.event.slug)
