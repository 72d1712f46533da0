"""Write a mailing, change it until it is sent, copy one, throw a draft away."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.services import changes, record
from core.errors import Refusal
from events.models import Event
from registrations.mailings.models import Mailing
from registrations.mailings.queries import held
from registrations.mailings.rules import EDITABLE, IN_SUBJECT, Purpose, State, unknown

TEXTS = ("subject", "body", "subject_en", "body_en")
FACTS = frozenset({*TEXTS, "purpose", "audience"})


def draft(
    session: Session, event: Event, *, facts: dict[str, Any], by: User | None, now: datetime
) -> Mailing:
    """Begin a mailing with `facts` (see `FACTS`). Raises `Refusal` for a text that cannot be."""
    _refuse_bad(facts)
    mailing = Mailing(event=event, created=now, created_by_id=by.id if by else None, **facts)
    session.add(mailing)
    session.flush()
    record(session, by=by, action="mailing.made", subject=mailing, now=now)
    return mailing


def change(
    session: Session,
    mailing: Mailing,
    *,
    facts: dict[str, Any],
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> set[str]:
    """Save text and recipients of what has not been sent; the names of what changed.

    Raises `Stale` where `version` is no longer the row's, `Refusal` where it is being sent.
    """
    mailing = held(session, mailing.id)
    mailing.refuse_older(version)
    if mailing.state not in EDITABLE:
        raise Refusal(_("Utskicket är skickat och kan inte ändras. Kopiera det i stället."))
    _refuse_bad(facts)
    changed = changes(mailing, facts)
    if changed:
        session.flush()
        record(
            session, by=by, action="mailing.changed", subject=mailing, now=now,
            details={"facts": sorted(changed)},
        )  # fmt: skip
    return set(changed)


def copy(session: Session, mailing: Mailing, *, by: User | None, now: datetime) -> Mailing:
    """A new draft with the same text and the same kind of recipients."""
    facts = {name: getattr(mailing, name) for name in FACTS}
    return draft(session, mailing.event, facts=facts, by=by, now=now)


def remove(session: Session, mailing: Mailing, *, by: User | None, now: datetime) -> None:
    """Throw a draft away. Raises `Refusal` for what has been planned or sent: that is kept."""
    mailing = held(session, mailing.id)
    if mailing.state is not State.DRAFT:
        raise Refusal(_("Bara utkast kan tas bort. Ställ in utskicket först."))
    record(session, by=by, action="mailing.removed", subject=mailing, now=now)
    session.delete(mailing)
    session.flush()


def refuse_unknown(facts: dict[str, Any]) -> None:
    """Raise `Refusal` at the first text with a placeholder that there is not."""
    for name in TEXTS:
        in_subject = name.startswith("subject")
        wrong = unknown(facts.get(name, ""), IN_SUBJECT) if in_subject else unknown(
            facts.get(name, "")
        )  # fmt: skip
        if wrong:
            sentence = (
                _("%(marks)s kan inte stå i ämnet.", marks=", ".join(wrong))
                if in_subject
                else _("%(marks)s finns inte bland platshållarna.", marks=", ".join(wrong))
            )
            raise Refusal(sentence, name)


def _refuse_bad(facts: dict[str, Any]) -> None:
    strange = facts.keys() - FACTS
    if strange:
        raise ValueError(f"no facts of a mailing: {sorted(strange)}")
    refuse_unknown(facts)
    if bool(facts.get("subject_en")) != bool(facts.get("body_en")):
        missing = "body_en" if facts.get("subject_en") else "subject_en"
        raise Refusal(_("Skriv både ämne och text på engelska, eller inget av dem."), missing)
    if facts.get("purpose") is Purpose.NEWS and not facts.get("audience", {}).get("statuses"):
        raise Refusal(_("Välj minst en status."), "statuses")
