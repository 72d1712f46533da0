"""What may be shown of speakers now: the one question behind every page, file and answer.

`Release.content` asks it by itself, so that whatever is made of a release (page, PDF, calendar,
JSON-LD, API, search) leaves out whoever has taken a consent back or whose consent has ended. The
frozen programme itself is kept as it was released.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clock import today
from core.columns import UTCDateTime
from events.speaking.rules import Standing, as_shown, people_in

AT_ONCE = 500  # ids in one question
_KNOWN = "shown_speakers"
_SPEAKER = sa.table(
    "speaker",
    sa.column("id", sa.Integer),
    *(sa.column(f"{what}_given", UTCDateTime()) for what in ("name", "photo", "slides")),
    *(sa.column(f"{what}_until", sa.Date()) for what in ("name", "photo", "slides")),
)
_PHOTO = sa.table("photo", sa.column("speaker_id", sa.Integer), sa.column("token", sa.String))


def holds(given: Any, until: Any, on: date) -> sa.ColumnElement[bool]:
    """`rules.shows` as SQL."""
    return sa.and_(given.is_not(None), sa.or_(until.is_(None), until >= on))


def shown_now(session: Session, ids: Iterable[int]) -> dict[int, Standing]:
    """What may be shown now of each of these speakers; of the unknown nothing."""
    found: dict[int, Standing] = {}
    wanted, on = sorted(set(ids)), today()
    s = _SPEAKER.c
    for start in range(0, len(wanted), AT_ONCE):
        rows = session.execute(
            sa.select(
                s.id,
                holds(s.name_given, s.name_until, on),
                holds(s.photo_given, s.photo_until, on),
                _PHOTO.c.token,
            )
            .select_from(_SPEAKER.outerjoin(_PHOTO, _PHOTO.c.speaker_id == s.id))
            .where(s.id.in_(wanted[start : start + AT_ONCE]))
        )
        for id_, named, pictured, token in rows:
            photos = found[id_].photos if id_ in found else frozenset()
            more = {token} if token and pictured else set()
            found[id_] = Standing(bool(named), photos | more)
    return found


def nameable(session: Session, ids: Iterable[int]) -> set[int]:
    """Which of these speakers may be named now."""
    return {id_ for id_, standing in shown_now(session, ids).items() if standing.named}


def slides_may_be_shown(speaker_id: Any) -> sa.ColumnElement[bool]:
    """For a question about files: those that are no speaker's, or that may be handed out now."""
    s = _SPEAKER.c
    may = sa.select(s.id).where(holds(s.slides_given, s.slides_until, today()))
    return sa.or_(speaker_id.is_(None), speaker_id.in_(may))


def shown_content(release: Any) -> dict[str, Any]:
    """The content of a release as it may be shown now.

    One question for all releases that the session holds, remembered for its transaction.
    """
    frozen: dict[str, Any] = release.frozen
    session = sa.orm.object_session(release)
    people = people_in(frozen)
    if session is None or not people:
        return frozen
    known = _known(session)
    if not people <= known.keys():
        wanted = people.union(*(people_in(other) for other in _held(session, release)))
        unknown = wanted - known.keys()
        with session.no_autoflush:
            known |= dict.fromkeys(unknown, Standing(named=False)) | shown_now(session, unknown)
    return as_shown(frozen, known)


def forget(session: Session) -> None:
    """Ask anew: consents or photos have changed in this transaction."""
    session.info.pop(_KNOWN, None)


def _known(session: Session) -> dict[int, Standing]:
    transaction = session.get_transaction()
    kept = session.info.get(_KNOWN)
    if kept is None or kept[0] is not transaction:
        kept = session.info[_KNOWN] = (transaction, {})
    known: dict[int, Standing] = kept[1]
    return known


def _held(session: Session, release: Any) -> Iterator[dict[str, Any]]:
    for one in session.identity_map.values():
        if type(one) is type(release) and "frozen" in one.__dict__:
            yield one.__dict__["frozen"]
