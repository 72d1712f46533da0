"""The files that everybody may have, as they are found by searching."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from events.attachments import queries
from events.finding.rules import DocumentKind
from events.finding.sources import Found


def published(session: Session, event_ids: Iterable[int]) -> Iterator[Found]:
    """The public files of these events: what they are called and what is said of them."""
    for event_id in queries.with_public_files(session, event_ids):
        for one in queries.shown(session, event_id, queries.FOR_ALL):
            yield Found(
                event_id, DocumentKind.FILE, one.file.token, one.file.title,
                one.file.alternative, "events.attachment", {"token": one.file.token},
                f"{one.about} {one.file.kind.value}",
            )  # fmt: skip
