"""What registering and changing have in common: facts in order, the chosen items, the link."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core import crypto
from core.errors import Refusal
from core.reference import Sector
from core.text import clean_line, email_key, name_key, swedish_order
from events.models import ProgrammeItem
from events.queries.releases import released_items
from events.rules import Mode
from registrations.models import Registration
from registrations.queries.public import field_of
from registrations.rules import RoleKind
from registrations.seats import Seats

TEXTS = ("first_name", "last_name", "email", "phone", "organisation")
SEARCHED = ("first_name", "last_name", "email", "organisation")
KEY = 250  # characters
ENUMS = {"sector": Sector, "role_kind": RoleKind, "mode": Mode}
NAMES = frozenset({*TEXTS, *ENUMS, "municipality", "list_consent", "protected"})


def tidy(facts: dict[str, Any]) -> dict[str, Any]:
    """`facts` cleaned, with enums for their values. Raises ValueError for an unknown name."""
    unknown = facts.keys() - NAMES
    if unknown:
        raise ValueError(f"unknown facts: {sorted(unknown)}")
    found = dict(facts)
    for name in TEXTS:
        if name in found:
            found[name] = clean_line(found[name])
    for name, kind in ENUMS.items():
        if found.get(name) is not None:
            found[name] = kind(found[name])
    if "municipality" in found:
        found["municipality"] = found["municipality"] or None
    return found


def keys(first_name: str, last_name: str, email: str) -> dict[str, str]:
    """The columns by which a person is known again and sorted.

    A folded letter may become three: a long name is cut to what the columns hold.
    """
    return {
        "email_key": email_key(email),
        "name_key": name_key(f"{first_name} {last_name}")[:KEY],
        "sort_key": swedish_order(f"{last_name} {first_name}")[:KEY],
    }


def found_by(facts: dict[str, Any]) -> str:
    """What a search in the lists goes through; a protected identity is not found by it."""
    if facts["protected"]:
        return ""
    return " ".join(facts[name] for name in SEARCHED).casefold()


def search_text(person: Registration) -> str:
    """`found_by` of somebody who is registered."""
    return found_by({name: getattr(person, name) for name in (*SEARCHED, "protected")})


def mode_pool(pools: Sequence[Seats], mode: Mode | None) -> Seats:
    """The seats of a mode. Raises `Refusal` where the event does not offer it."""
    for pool in pools:
        if pool.mode is mode and mode is not None:
            return pool
    raise refuse_mode()


def refuse_mode() -> Refusal:
    """What to tell somebody who wants to take part in a way that is not offered."""
    return Refusal(_("Det går inte att delta på det sättet. Välj ett annat."), "mode")


class Item(NamedTuple):
    """A programme item that somebody chooses."""

    id: int
    group: str


_ITEM = ProgrammeItem.metadata.tables["programme_item"]
_CHOOSABLE = (
    sa.select(_ITEM.c.id, _ITEM.c.choice_group)
    .where(
        _ITEM.c.id.in_(sa.bindparam("ids", expanding=True)),
        _ITEM.c.event_id == sa.bindparam("event"),
        _ITEM.c.choice_group != "",
    )
    .order_by(_ITEM.c.id)
)


def chosen_items(session: Session, event_id: int, ids: Sequence[int]) -> list[Item]:
    """The items of `ids`. Raises `Refusal` unless each can be chosen, one in each group."""
    if not ids:
        return []
    rows = session.connection().execute(_CHOOSABLE, {"ids": list(ids), "event": event_id})
    items = [Item._make(row) for row in rows]
    groups = {item.group for item in items}
    if len(items) != len(set(ids)) or len(groups) != len(items):
        raise refuse_gone()
    return items


def refuse_gone() -> Refusal:
    """What to tell somebody who chose an item that can no longer be chosen."""
    return Refusal(_("Programmet har ändrats. Välj om bland programpunkterna."))


def refuse_full(session: Session, item_id: int) -> Refusal:
    """What to tell somebody who chose an item whose last seat is gone: as it was released."""
    item = released_items(session, [item_id])[item_id]
    return Refusal(
        _("”%(title)s” har blivit fullt. Välj en annan programpunkt.", title=item.title),
        field_of(item.group),
    )


def refuse_organisation(organisation: str, most: int | None) -> Refusal:
    """What to tell somebody whose organisation has taken all the seats it may."""
    return Refusal(
        ngettext(
            "%(name)s har redan den enda plats som varje organisation får. Kontakta arrangören "
            "om ni behöver fler.",
            "%(name)s har redan de %(num)s platser som varje organisation får. Kontakta "
            "arrangören om ni behöver fler.",
            most or 0,
            name=organisation,
        ),
        "organisation",
    )


def hashed_link(link_key: str, token_version: int) -> str:
    """The hash of the secret link; the link can be made again from the server's key alone."""
    return crypto.digest(crypto.derived_token("registration", link_key, token_version))


def give_link(person: Registration) -> None:
    """Keep the hash of the secret link that the person has now."""
    person.token_hash = hashed_link(person.link_key, person.token_version)
