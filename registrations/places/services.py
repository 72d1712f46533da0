"""Verbs that change the limits of an event."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core.errors import Refusal
from core.reference import SECTOR_WORDS, Sector
from events import services as event_services
from events.models import Event, Pool, Quota
from events.rules import Mode
from registrations import organisation_seats, seats
from registrations.models import Registration
from registrations.places.rules import Kept, rests
from registrations.rules import SEATED
from registrations.services.queue import promote

RULES = ("approval", "waiting_rule", "offer_hours")


def set_limits(
    session: Session,
    event: Event,
    *,
    kept: Sequence[Kept],
    most: int | None,
    rules: dict[str, Any],
    version: int | None,
    by: User | None,
    now: datetime,
) -> None:
    """Save which seats are kept, how many one organisation may have, and the `RULES`.

    Those who wait get what has become free. Raises `Stale` for another `version` and `Refusal`,
    with the numbers, where more seats are taken than the new limits allow.
    """
    event.refuse_older(version)
    event_services.refuse_closed(event)
    pools = seats.of_event(session, event.id, lock=True)
    _keep(session, event, pools, kept)
    if most != event.max_per_organisation:
        _limit_organisations(session, event, most)
    changed = changes(event, rules | {"max_per_organisation": most})
    event_services.touch(session, event, now=now)
    record(
        session, by=by, action="places.changed", subject=event, now=now, event_id=event.id,
        details=changed | {"kept": [f"{k.mode.value}:{k.sector.value}:{k.seats}" for k in kept]},
    )  # fmt: skip
    promote(session, event, now=now)


def release(session: Session, event: Event, *, now: datetime) -> None:
    """Open the kept seats whose day has come to everybody; those who wait get them."""
    seats.of_event(session, event.id, lock=True)
    due = [q for q in event.quotas if q.released is None and q.opens and q.opens <= now]
    if not due:
        return
    for quota in due:
        quota.released = now
        _forget(session, event, quota.mode, quota.sector)
    event_services.touch(session, event, now=now)
    record(
        session, by=None, action="places.released", subject=event, now=now, event_id=event.id,
        details={"seats": sum(quota.seats for quota in due)},
    )  # fmt: skip
    promote(session, event, now=now)


def _forget(session: Session, event: Event, mode: Mode, sector: Sector) -> None:
    """Of the sets of sectors those with `sector` say nothing more that the others do not."""
    for pool in session.scalars(sa.select(Pool).filter_by(event_id=event.id, others_mode=mode)):
        if sector.value in (pool.others_than or "").split("+"):
            session.delete(pool)
    session.flush()
    session.expire(event, ["pools"])


def _keep(
    session: Session, event: Event, pools: Sequence[seats.Seats], kept: Sequence[Kept]
) -> None:
    present = [
        Kept(quota.mode, quota.sector, quota.seats, quota.opens)
        for quota in event.quotas
        if quota.released is None
    ]
    if present == list(kept):
        return
    session.execute(
        sa.delete(Pool)
        .where(Pool.event_id == event.id, Pool.others_mode.is_not(None))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.delete(Quota)
        .where(Quota.event_id == event.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(event, ["quotas", "pools"])
    session.add_all(
        Quota(event_id=event.id, mode=k.mode, sector=k.sector, seats=k.seats, opens=k.opens)
        for k in kept
    )
    for pool in pools:
        if pool.mode is not None:
            of_mode = [one for one in kept if one.mode is pool.mode]
            session.add_all(_others(session, event, pool, of_mode))
    session.flush()


def _others(session: Session, event: Event, pool: seats.Seats, kept: Iterable[Kept]) -> list[Pool]:
    kept = list(kept)
    if not kept:
        return []
    mode = kept[0].mode
    if pool.capacity is None:
        raise Refusal(_("Sätt först ett antal platser: annars finns inget att hålla."), mode.value)
    sitting = _by_sector(session, event, mode)
    made = []
    for rest in rests(pool.capacity, kept):
        taken = sum(number for sector, number in sitting.items() if sector not in rest.sectors)
        if rest.seats < taken:
            raise Refusal(_too_few(rest.seats, taken, rest.sectors), mode.value)
        made.append(
            Pool(
                event_id=event.id, others_mode=mode, capacity=rest.seats, taken=taken,
                others_than="+".join(sector.value for sector in rest.sectors),
            )
        )  # fmt: skip
    return made


def _too_few(left: int, taken: int, sectors: Sequence[Sector]) -> str:
    words = ", ".join(str(SECTOR_WORDS[sector]).lower() for sector in sectors)
    if left < 0:
        return _("Det finns inte så många platser att hålla för %(sectors)s.", sectors=words)
    sentence: str = ngettext(
        "%(num)s person av andra sorter än %(sectors)s har redan plats, och då finns inte så många "
        "kvar att hålla. Håll färre.",
        "%(num)s personer av andra sorter än %(sectors)s har redan plats, och då finns inte så "
        "många kvar att hålla. Håll färre.",
        taken,
        sectors=words,
    )
    return sentence


def _by_sector(session: Session, event: Event, mode: Mode) -> dict[Sector, int]:
    rows = session.execute(
        sa.select(Registration.sector, sa.func.count())
        .where(
            Registration.event_id == event.id,
            Registration.mode == mode,
            Registration.status.in_(SEATED),
        )
        .group_by(Registration.sector)
    )
    return {row[0]: row[1] for row in rows}


def _limit_organisations(session: Session, event: Event, most: int | None) -> None:
    """Count what each organisation has taken, in pools of their own."""
    session.execute(
        sa.delete(Pool)
        .where(Pool.event_id == event.id, Pool.organisation_key.is_not(None))
        .execution_options(synchronize_session=False)
    )
    session.expire(event, ["pools"])
    if most is None:
        return
    rows = session.execute(
        sa.select(Registration.organisation, sa.func.count())
        .where(Registration.event_id == event.id, Registration.status.in_(SEATED))
        .group_by(Registration.organisation)
    )
    taken, names = Counter[str](), dict[str, str]()
    for name, number in rows:
        key = organisation_seats.organisation_key(name)
        taken[key] += number
        names.setdefault(key, name)
    taken.pop("", None)
    over = [f"{names[key]} ({number})" for key, number in taken.most_common() if number > most]
    if over:
        raise Refusal(
            _("Fler har redan plats från: %(names)s. Höj gränsen.", names=", ".join(over[:5])),
            "most",
        )
    if taken:
        session.execute(
            sa.insert(Pool),
            [
                {"event_id": event.id, "organisation_key": key, "capacity": most, "taken": number}
                for key, number in taken.items()
            ],
        )
