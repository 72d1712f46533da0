"""Who a mailing is for, to whom it went and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from core import crypto
from core.outbox.models import Outbox
from core.outbox.rules import State as MailState
from core.reference import Sector
from core.text import email_key
from events.models import Event
from events.rules import Mode
from registrations.mailings.models import Mailing, MailingRecipient, OptOut, Reminder
from registrations.mailings.rules import Occasion, Purpose, Skip
from registrations.models import Registration
from registrations.queries.lists import Wanted, conditions
from registrations.rules import Status

SAMPLES = 5
SHOWN = 100  # mailings of an event, failures of a mailing


@dataclass(frozen=True)
class Audience:
    """To whom: everybody with one of `statuses` for whom the other conditions hold too."""

    statuses: tuple[Status, ...] = (Status.CONFIRMED,)
    mode: Mode | None = None
    sector: Sector | None = None
    county: str = ""
    item: int | None = None
    unchosen: str = ""
    came: bool | None = None
    ids: tuple[int, ...] = ()  # those who were ticked in the list, and nobody else

    def stored(self) -> dict[str, Any]:
        """As JSON, to be kept with the mailing."""
        return {
            "statuses": [status.value for status in self.statuses],
            "mode": self.mode.value if self.mode else None,
            "sector": self.sector.value if self.sector else None,
            "county": self.county,
            "item": self.item,
            "unchosen": self.unchosen,
            "came": self.came,
            "ids": list(self.ids),
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Audience":
        """What `stored` made."""
        return cls(
            statuses=tuple(Status(value) for value in kept.get("statuses", ())),
            mode=Mode(kept["mode"]) if kept.get("mode") else None,
            sector=Sector(kept["sector"]) if kept.get("sector") else None,
            county=kept.get("county") or "",
            item=kept.get("item"),
            unchosen=kept.get("unchosen") or "",
            came=kept.get("came"),
            ids=tuple(kept.get("ids") or ()),
        )


@dataclass(frozen=True)
class Reach:
    """How many are chosen, and how many of them get no letter, and why."""

    chosen: int
    no_address: int
    opted_out: int

    @property
    def letters(self) -> int:
        """How many get one."""
        return self.chosen - self.no_address - self.opted_out


@dataclass(frozen=True)
class Standing:
    """What has become of the letters of a mailing."""

    chosen: int = 0
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    no_address: int = 0
    opted_out: int = 0
    gone: int = 0

    @property
    def letters(self) -> int:
        """How many there was a letter to."""
        return self.sent + self.failed + self.waiting


def find_mailing(session: Session, mailing_id: int) -> Mailing | None:
    """The mailing of that number."""
    return session.get(Mailing, mailing_id)


def find_recipient(session: Session, recipient_id: int) -> MailingRecipient | None:
    """The recipient of that number."""
    return session.get(MailingRecipient, recipient_id)


def held(session: Session, mailing_id: int) -> Mailing:
    """The mailing as it is now, locked until the transaction ends."""
    return session.scalars(
        sa.select(Mailing).where(Mailing.id == mailing_id).with_for_update(of=Mailing),
        execution_options={"populate_existing": True},
    ).one()


def of_event(session: Session, event_id: int) -> Sequence[Mailing]:
    """The mailings of an event, the newest first."""
    return session.scalars(
        sa.select(Mailing)
        .where(Mailing.event_id == event_id)
        .options(joinedload(Mailing.sent_by), joinedload(Mailing.created_by))
        .order_by(Mailing.id.desc())
        .limit(SHOWN)
    ).all()


def chosen(event_id: int, audience: Audience) -> list[sa.ColumnElement[bool]]:
    """What holds for those a mailing is for, as conditions on registrations."""
    wanted = Wanted(
        mode=audience.mode, sector=audience.sector, county=audience.county, item=audience.item,
        unchosen=audience.unchosen, came=audience.came, ids=audience.ids, openly=True,
    )  # fmt: skip
    return [*conditions(event_id, wanted), Registration.status.in_(audience.statuses)]


def reach(session: Session, event: Event, audience: Audience, purpose: Purpose) -> Reach:
    """How many a mailing would go to now."""
    asked = chosen(event.id, audience)
    total, without = session.execute(
        sa.select(
            sa.func.count(), sa.func.count(sa.case((Registration.email == "", 1)))
        ).where(*asked)
    ).one()  # fmt: skip
    out = 0
    unwilling = opted_out(session, event.authority_id) if purpose is Purpose.NEWS else set()
    if unwilling:
        keys = session.scalars(
            sa.select(Registration.email_key).where(*asked, Registration.email != "")
        )
        out = sum(address_hash(event.authority_id, key) in unwilling for key in keys)
    return Reach(total, without, out)


def samples(
    session: Session, event_id: int, audience: Audience, *, limit: int = SAMPLES, skip: int = 0
) -> Sequence[Registration]:
    """Some of those who would get a letter, in the order they registered."""
    return session.scalars(
        sa.select(Registration)
        .where(*chosen(event_id, audience), Registration.email != "")
        .order_by(Registration.id)
        .offset(skip)
        .limit(limit)
    ).all()


def standings(session: Session, mailing_ids: Iterable[int]) -> dict[int, Standing]:
    """What has become of the letters of each mailing, in one query."""
    ids = list(mailing_ids)
    rows = session.execute(
        sa.select(
            MailingRecipient.mailing_id, MailingRecipient.skipped, Outbox.state, sa.func.count()
        )
        .outerjoin(Outbox, Outbox.id == MailingRecipient.outbox_id)
        .where(MailingRecipient.mailing_id.in_(ids))
        .group_by(MailingRecipient.mailing_id, MailingRecipient.skipped, Outbox.state)
    )
    names = {
        MailState.SENT: "sent", MailState.FAILED: "failed", MailState.SUPERSEDED: "gone",
        Skip.NO_ADDRESS: "no_address", Skip.OPTED_OUT: "opted_out", Skip.GONE: "gone",
    }  # fmt: skip
    counted: dict[int, dict[str, int]] = {id_: {} for id_ in ids}
    for mailing_id, skipped, state, number in rows:
        name = names.get(skipped or state, "waiting")
        of_one = counted[mailing_id]
        of_one[name] = of_one.get(name, 0) + number
        of_one["chosen"] = of_one.get("chosen", 0) + number
    return {id_: Standing(**numbers) for id_, numbers in counted.items()}


def failures(session: Session, mailing_id: int) -> Sequence[MailingRecipient]:
    """Those whose letter did not arrive."""
    return session.scalars(
        sa.select(MailingRecipient)
        .join(MailingRecipient.outbox)
        .options(
            contains_eager(MailingRecipient.outbox),
            joinedload(MailingRecipient.registration),
            joinedload(MailingRecipient.invitation),
        )
        .where(MailingRecipient.mailing_id == mailing_id, Outbox.state == MailState.FAILED)
        .order_by(MailingRecipient.id)
        .limit(SHOWN)
    ).all()


def unwritten(session: Session, mailing_id: int, limit: int) -> Sequence[MailingRecipient]:
    """The next of those who are still to get their letter."""
    return session.scalars(
        sa.select(MailingRecipient)
        .where(
            MailingRecipient.mailing_id == mailing_id,
            MailingRecipient.outbox_id.is_(None),
            MailingRecipient.skipped.is_(None),
        )
        .options(joinedload(MailingRecipient.registration))
        .order_by(MailingRecipient.id)
        .limit(limit)
    ).all()


def reminders(session: Session, event_id: int) -> dict[Occasion, Reminder]:
    """The reminders of an event that somebody has set."""
    found = session.scalars(
        sa.select(Reminder)
        .where(Reminder.event_id == event_id)
        .options(joinedload(Reminder.mailing))
    )
    return {reminder.occasion: reminder for reminder in found}


def waiting_reminders(session: Session) -> Sequence[Reminder]:
    """The reminders that are switched on and have not gone; most of them are not due yet."""
    return session.scalars(
        sa.select(Reminder)
        .where(Reminder.is_on, Reminder.mailing_id.is_(None))
        .options(joinedload(Reminder.event))
        .order_by(Reminder.id)
    ).all()


def address_hash(authority_id: int, email: str) -> str:
    """What an address is known by on the authority's list of those who want no news."""
    return crypto.signature("mailing.opt_out", f"{authority_id}:{email_key(email)}")


def opted_out(session: Session, authority_id: int) -> set[str]:
    """The hashes of the addresses that want no news from an authority."""
    return set(session.scalars(sa.select(OptOut.address).filter_by(authority_id=authority_id)))


def has_opted_out(session: Session, authority_id: int, email: str) -> bool:
    """Whether that address wants no news from the authority."""
    known = sa.select(OptOut.id).filter_by(
        authority_id=authority_id, address=address_hash(authority_id, email)
    )
    return session.scalar(known) is not None


def reached_at(recipient: MailingRecipient) -> str:
    """The address a recipient's letter went to; "" where nobody knows any more."""
    if recipient.outbox is not None:
        return recipient.outbox.recipient
    return recipient.registration.email if recipient.registration is not None else ""


def is_out(session: Session, recipient: MailingRecipient) -> bool:
    """Whether the recipient's address wants no more news from the authority."""
    return has_opted_out(session, recipient.authority_id, reached_at(recipient))
