"""The authority's register of speakers, their consents and their photos."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from accounts.models import Authority, User
from accounts.services import changes, record
from core import crypto
from events.models import Photo, Speaker
from events.photos import Jpeg
from events.queries.speakers import events_showing, photos_released
from events.rules import SPEAKER_FACTS
from events.services.occasions import touch
from events.speaking.asking import send_anew
from events.speaking.rules import Consent
from events.speaking.shown import forget

WHOLE = (Consent.NAME, Consent.PHOTO)  # what the one word "consent" among facts means
Wanted = Mapping[Consent, date | None]


def add_speaker(
    session: Session, authority: Authority, *, facts: dict[str, Any], by: User | None, now: datetime
) -> Speaker:
    """Add somebody to the register; `consent` among the facts gives name and photo without end."""
    _known(facts)
    speaker = Speaker(
        authority_id=authority.id, **{name: facts[name] for name in facts if name != "consent"}
    )
    if facts.get("consent"):
        for what in WHOLE:
            setattr(speaker, f"{what}_given", now)
    session.add(speaker)
    session.flush()
    record(
        session, by=by, action="speaker.added", subject=speaker, now=now,
        details={"name": speaker.name[:120]},
    )  # fmt: skip
    return speaker


def change_speaker(
    session: Session,
    speaker: Speaker,
    *,
    facts: dict[str, Any],
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> set[str]:
    """Save `facts`; the names of what changed. Raises `Stale` for an older `version`.

    A consent taken back takes the name out of everything that is shown at once. A corrected
    address ends the links that went to the old one.
    """
    speaker.refuse_older(version)
    _known(facts)
    changed = changes(speaker, {name: facts[name] for name in facts if name != "consent"})
    if changed:
        session.flush()
        # The log says that the address was changed, not to what: it is a person's.
        told = {name: None if name == "email" else value for name, value in changed.items()}
        record(session, by=by, action="speaker.changed", subject=speaker, now=now, details=told)
    if "email" in changed:
        send_anew(session, speaker, now=now)
    if "consent" in facts and facts["consent"] != speaker.consent:
        wanted = _given_now(speaker)
        for what in WHOLE:
            wanted.pop(what, None)
        set_consents(
            session, speaker, wanted | (dict.fromkeys(WHOLE) if facts["consent"] else {}),
            by=by, now=now,
        )  # fmt: skip
        changed["consent"] = None
    return set(changed)


def set_consents(
    session: Session, speaker: Speaker, wanted: Wanted, *, by: User | None, now: datetime
) -> set[Consent]:
    """Give the consents `wanted`, each until its last day; take back all others. What changed.

    What may no longer be shown is gone from every page and file at once.
    """
    changed: dict[Consent, str | None] = {}
    for what in Consent:
        given, until = speaker.given(what), speaker.until(what)
        if what in wanted and (given is None or until != wanted[what]):
            _set(speaker, what, now, wanted[what])
            changed[what] = str(wanted[what] or "")
        elif what not in wanted and given is not None:
            _set(speaker, what, None, None)
            changed[what] = None
    if not changed:
        return set()
    show_anew(session, speaker, now=now)
    record(
        session, by=by, action="speaker.consent", subject=speaker, now=now,
        details={str(k): v for k, v in changed.items()},
    )  # fmt: skip
    return set(changed)


def take_back(
    session: Session, speaker: Speaker, what: Consent, *, by: User | None, now: datetime
) -> None:
    """Take one consent back; the others stay as they are."""
    wanted = _given_now(speaker)
    wanted.pop(what, None)
    set_consents(session, speaker, wanted, by=by, now=now)


def set_photo(
    session: Session, speaker: Speaker, jpeg: Jpeg, *, by: User | None, now: datetime
) -> None:
    """Give the speaker a photo that `events.photos` has made; it shows from the next release.

    Earlier ones are kept as long as a release shows them.
    """
    speaker.photo = Photo(
        token=crypto.new_token(),
        authority_id=speaker.authority_id,
        speaker_id=speaker.id,
        width=jpeg.width,
        height=jpeg.height,
        body=jpeg.body,
        created=now,
    )
    session.flush()
    kept = photos_released(session, speaker) | {speaker.photo.token}
    session.execute(
        sa.delete(Photo)
        .where(Photo.speaker_id == speaker.id, Photo.token.not_in(kept))
        .execution_options(synchronize_session=False)
    )
    forget(session)
    record(
        session, by=by, action="speaker.photo", subject=speaker, now=now,
        details={"width": jpeg.width, "height": jpeg.height},
    )  # fmt: skip


def remove_photo(session: Session, speaker: Speaker, *, by: User | None, now: datetime) -> None:
    """Take the photo away, and every earlier one, out of what is published as well."""
    if speaker.photo is None:
        return
    speaker.photo = None
    session.flush()
    session.execute(
        sa.delete(Photo)
        .where(Photo.speaker_id == speaker.id)
        .execution_options(synchronize_session=False)
    )
    show_anew(session, speaker, now=now)
    record(session, by=by, action="speaker.photo_removed", subject=speaker, now=now)


def show_anew(session: Session, speaker: Speaker, *, now: datetime) -> None:
    """What may be shown of the speaker has changed: renew every page and file that names them."""
    session.flush()
    forget(session)
    for event in events_showing(session, speaker):
        touch(session, event, now=now)


def _set(speaker: Speaker, what: Consent, given: datetime | None, until: date | None) -> None:
    setattr(speaker, f"{what}_given", given)
    setattr(speaker, f"{what}_until", until)


def _given_now(speaker: Speaker) -> dict[Consent, date | None]:
    return {what: speaker.until(what) for what in Consent if speaker.given(what)}


def _known(facts: dict[str, Any]) -> None:
    unknown = set(facts) - SPEAKER_FACTS
    if unknown:
        raise ValueError(f"no facts of a speaker: {sorted(unknown)}")
