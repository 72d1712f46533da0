"""The authorities, and the letters sent in their name."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import hooks
from accounts.models import Authority, User
from accounts.services.log import changes, record
from core import reference
from core.errors import Refusal
from core.outbox import services as outbox
from core.outbox.models import Outbox
from core.outbox.rules import State


def seed_boards(session: Session) -> int:
    """Add those of the 21 county administrative boards that are missing; how many."""
    known = set(session.scalars(sa.select(Authority.slug)))
    missing = [c for c in reference.counties().values() if c.county_board_slug not in known]
    for county in missing:
        session.add(
            Authority(
                slug=county.county_board_slug,
                name=county.county_board_name,
                short_name=county.county_board_short,
                county_code=county.code,
                sender_name=county.county_board_name,
            )
        )
    session.flush()
    return len(missing)


def change_authority(
    session: Session,
    authority: Authority,
    *,
    facts: dict[str, Any],
    by: User,
    now: datetime,
    version: int | None = None,
) -> None:
    """Save what the authority is called, answers from and is reached at."""
    authority.refuse_older(version)
    changed = changes(authority, facts)
    if changed:
        record(
            session, by=by, action="authority.changed", subject=authority, now=now,
            authority_id=authority.id, details=changed,
        )  # fmt: skip


def correct_mail(session: Session, mail: Outbox, *, to: str, by: User, now: datetime) -> None:
    """Send a failed mail again, to a corrected address. Raises `Refusal` for any other."""
    if mail.state is not State.FAILED:
        raise Refusal(_("Det här mejlet har inte misslyckats, så adressen kan inte rättas."))
    outbox.correct_address(session, mail.id, to=to, now=now)
    hooks.mail_corrected(session, mail, to, by, now)
    record(
        session, by=by, action="mail.corrected", subject=mail, now=now, details={"kind": mail.kind},
    )  # fmt: skip
