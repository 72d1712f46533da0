"""The authority's register of speakers, and their photos."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accounts.models import Authority, User
from accounts.services import changes, record
from core import crypto
from core.db import Stale
from events.models import Photo, Speaker
from events.photos import Jpeg
from events.queries.manage import events_naming
from events.rules import SPEAKER_FACTS
from events.services.releases import add_release

Content = dict[str, Any]


def add_speaker(
    session: Session, authority: Authority, *, facts: dict[str, Any], by: User | None, now: datetime
) -> Speaker:
    """Add somebody to the register; `consent` is dated when it is given."""
    _known(facts)
    speaker = Speaker(authority_id=authority.id, **facts)
    speaker.consent_at = now if speaker.consent else None
    session.add(speaker)
    session.flush()
    _log(session, "speaker.added", speaker, by, now, {"name": speaker.name[:120]})
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

    A consent taken back takes the name out of every programme at once: each that names the
    person is released anew without.
    """
    if version is not None and speaker.version != version:
        raise Stale
    _known(facts)
    changed = changes(speaker, facts)
    if "consent" in changed:
        speaker.consent_at = now if speaker.consent else None
        if not speaker.consent:
            _release_anew(session, speaker, lambda content: _unnamed(content, speaker.id), by, now)
    if changed:
        _log(session, "speaker.changed", speaker, by, now, changed)
    return set(changed)


def set_photo(
    session: Session, speaker: Speaker, jpeg: Jpeg, *, by: User | None, now: datetime
) -> None:
    """Give the speaker a photo that `events.photos` has made; it shows from the next release."""
    speaker.photo = Photo(
        token=crypto.new_token(),
        authority_id=speaker.authority_id,
        width=jpeg.width,
        height=jpeg.height,
        body=jpeg.body,
        created=now,
    )
    session.flush()
    _log(session, "speaker.photo", speaker, by, now, {"width": jpeg.width, "height": jpeg.height})


def remove_photo(session: Session, speaker: Speaker, *, by: User | None, now: datetime) -> None:
    """Take the photo away, out of what is published as well."""
    photo = speaker.photo
    if photo is None:
        return
    _release_anew(session, speaker, lambda content: _faceless(content, speaker.id), by, now)
    speaker.photo = None
    session.flush()
    session.delete(photo)
    _log(session, "speaker.photo_removed", speaker, by, now, {})


def _release_anew(
    session: Session,
    speaker: Speaker,
    change: Callable[[Content], Content],
    by: User | None,
    now: datetime,
) -> None:
    for event in events_naming(session, speaker):
        last = event.releases[-1]
        content = change(last.content)
        if content != last.content:
            add_release(event, content, by=by, now=now)


def _unnamed(content: Content, speaker_id: int) -> Content:
    def others(people: list[Content]) -> list[Content]:
        return [person for person in people if person["id"] != speaker_id]

    items = [item | {"speakers": others(item["speakers"])} for item in content["items"]]
    return content | {"items": items, "speakers": others(content["speakers"])}


def _faceless(content: Content, speaker_id: int) -> Content:
    return content | {
        "speakers": [
            person | ({"photo": None} if person["id"] == speaker_id else {})
            for person in content["speakers"]
        ]
    }


def _known(facts: dict[str, Any]) -> None:
    unknown = set(facts) - SPEAKER_FACTS
    if unknown:
        raise ValueError(f"no facts of a speaker: {sorted(unknown)}")


def _log(
    session: Session,
    action: str,
    speaker: Speaker,
    by: User | None,
    now: datetime,
    details: dict[str, Any],
) -> None:
    record(
        session, by=by, action=action, subject=speaker, now=now,
        authority_id=speaker.authority_id, details=details,
    )  # fmt: skip
