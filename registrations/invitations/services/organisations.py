"""Add and change organisations in the register that all authorities share."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core.errors import Refusal
from core.reference import counties, county_of, municipality_name
from core.text import clean_line, slugify, swedish_order
from events import services as event_services
from events.models import Event
from registrations.invitations.queries import organisations as queries
from registrations.models import Invitation, Organisation, OrganisationName
from registrations.rules import Answer


def add_organisation(
    session: Session, *, facts: dict[str, Any], by: User | None, now: datetime
) -> Organisation:
    """Add an organisation (name, sector, municipality, county_code, and a slug if wanted).

    Raises `Refusal` where the register holds one of that name already, or that slug is taken.
    """
    facts = dict(facts)
    wanted = facts.pop("slug", "")
    name = clean_line(facts.pop("name"))
    _refuse_known(session, name)
    organisation = Organisation(
        name=name, slug=_free_slug(session, wanted, name), created=now,
        names=[OrganisationName(name=name)], **_placed(facts),
    )  # fmt: skip
    _order_and_search(organisation)
    session.add(organisation)
    session.flush()
    record(
        session, by=by, action="organisation.added", subject=organisation, now=now,
        details={"name": name[:120]},
    )  # fmt: skip
    return organisation


def change_organisation(
    session: Session,
    organisation: Organisation,
    *,
    facts: dict[str, Any],
    renamed: date | None = None,
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> set[str]:
    """Save `facts`; the names of what changed. A new name holds from the day `renamed`.

    Without that day the name was misspelt, and is corrected for the past as well. Raises `Stale`
    where `version` is no longer the row's, `Refusal` for a name that is taken and for a day
    before the present name began.
    """
    organisation.refuse_older(version)
    facts = _placed(facts)
    name = clean_line(facts.pop("name", organisation.name))
    changed = changes(organisation, facts)
    if name != organisation.name:
        _refuse_known(session, name, but=organisation)
        changed["name"] = [organisation.name[:120], name[:120]]
        _rename(organisation, name, renamed)
    if not changed:
        return set()
    _order_and_search(organisation)
    session.flush()
    record(
        session, by=by, action="organisation.changed", subject=organisation, now=now,
        details=changed,
    )  # fmt: skip
    for event in session.scalars(
        sa.select(Event)
        .join(Invitation, Invitation.event_id == Event.id)
        .where(Invitation.organisation_id == organisation.id, Invitation.answer != Answer.DRAFT)
    ):
        event_services.touch(session, event, now=now)
    return set(changed)


def _rename(organisation: Organisation, name: str, renamed: date | None) -> None:
    present = organisation.names[-1] if organisation.names else None
    if present is None:
        present = OrganisationName(name=organisation.name)
        organisation.names.append(present)
    organisation.name = name
    if renamed is None:
        present.name = name
        return
    if present.valid_from is not None and renamed <= present.valid_from:
        raise Refusal(
            _("Det nuvarande namnet gäller från %(day)s. Välj en senare dag.",
              day=present.valid_from.isoformat()),
            "renamed",
        )  # fmt: skip
    present.valid_to = renamed - timedelta(days=1)
    organisation.names.append(OrganisationName(name=name, valid_from=renamed))


def _refuse_known(session: Session, name: str, but: Organisation | None = None) -> None:
    known = queries.named(session, name)
    if known is not None and known is not but:
        raise Refusal(_("%(name)s finns redan i registret.", name=known.name), "name")


def _placed(facts: dict[str, Any]) -> dict[str, Any]:
    """`facts` with the county of the municipality, where there is one."""
    facts = dict(facts)
    if facts.get("municipality"):
        facts["county_code"] = county_of(facts["municipality"]) or None
    for name in ("municipality", "county_code"):
        if name in facts:
            facts[name] = facts[name] or None
    return facts


def _order_and_search(organisation: Organisation) -> None:
    county = counties().get(organisation.county_code or "")
    words = [row.name for row in organisation.names]
    words += [municipality_name(organisation.municipality), county.name if county else ""]
    organisation.sort_key = swedish_order(organisation.name)[:250]
    organisation.search = " ".join(word for word in words if word).casefold()


def _free_slug(session: Session, wanted: str, name: str) -> str:
    if wanted:
        if session.scalar(sa.select(Organisation.id).filter_by(slug=wanted)):
            raise Refusal(_("Adressen används redan av en annan organisation."), "slug")
        return wanted
    base = slugify(name, 80) or "organisation"
    taken = set(
        session.scalars(
            sa.select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True))
        )
    )
    return next(
        slug for slug in [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))]
        if slug not in taken
    )  # fmt: skip
