"""What registering and changing have in common: facts in order, the chosen items, the link."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core import crypto
from core.errors import Refusal
from core.reference import Sector
from core.text import clean_line, name_key, swedish_order
from events.models import Event, ProgrammeItem
from events.rules import Mode
from registrations.models import Registration
from registrations.queries.public import field_of
from registrations.rules import RoleKind
from registrations.seats import Seats

_PERSON = Registration.metadata.tables["registration"]
_GIVE_LINK = (
    sa.update(_PERSON)
    .where(_PERSON.c.id == sa.bindparam("person"))
    .values(token_hash=sa.bindparam("hashed"))
)
TEXTS = ("first_name", "last_name", "email", "phone", "organisation")
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


def email_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return clean_line(email).casefold()


def keys(first_name: str, last_name: str, email: str) -> dict[str, str]:
    """The columns by which a person is known again and sorted."""
    return {
        "email_key": email_key(email),
        "name_key": name_key(f"{first_name} {last_name}"),
        "sort_key": swedish_order(f"{last_name} {first_name}"),
    }


def search_text(person: Registration) -> str:
    """What a search in the lists goes through; a protected identity is not found by it."""
    if person.protected:
        return ""
    return " ".join((person.name, person.email, person.organisation)).casefold()


def mode_pool(pools: Sequence[Seats], mode: Mode) -> Seats:
    """The seats of a mode. Raises `Refusal` where the event does not offer it."""
    for pool in pools:
        if pool.mode is mode:
            return pool
    raise Refusal(_("Det går inte att delta på det sättet. Välj ett annat."), "mode")


def chosen_items(session: Session, event: Event, ids: Sequence[int]) -> list[ProgrammeItem]:
    """The items of `ids`. Raises `Refusal` unless each can be chosen, one in each group."""
    if not ids:
        return []
    items = list(
        session.scalars(
            sa.select(ProgrammeItem).where(
                ProgrammeItem.id.in_(ids),
                ProgrammeItem.event_id == event.id,
                ProgrammeItem.group != "",
            )
        )
    )
    groups = {item.group for item in items}
    if len(items) != len(set(ids)) or len(groups) != len(items):
        raise Refusal(_("Programmet har ändrats. Välj om bland programpunkterna."))
    return items


def item_pools(pools: Sequence[Seats], items: Sequence[ProgrammeItem]) -> list[int]:
    """The ids of the pools behind `items`."""
    wanted = {item.id for item in items}
    return [pool.id for pool in pools if pool.item_id in wanted]


def refuse_full(pools: Sequence[Seats], items: Sequence[ProgrammeItem], full: int) -> Refusal:
    """What to tell somebody who chose an item whose last seat is gone."""
    item_id = next(pool.item_id for pool in pools if pool.id == full)
    item = next(item for item in items if item.id == item_id)
    return Refusal(
        _("”%(title)s” har blivit fullt. Välj en annan programpunkt.", title=item.title),
        field_of(item.group),
    )


def give_link(session: Session, person: Registration) -> None:
    """Write the hash of the secret link; the link can be made again from the key alone."""
    hashed = crypto.digest(crypto.derived_token("registration", person.id, person.token_version))
    session.execute(_GIVE_LINK, {"person": person.id, "hashed": hashed})
    set_committed_value(person, "token_hash", hashed)
