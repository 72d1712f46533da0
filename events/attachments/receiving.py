"""A file on its way in: counted, looked at and put in the store, before any row names it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from flask_babel import gettext as _

from core import files, throttle
from core.db import db, write
from core.errors import Refusal
from core.storage import new_key
from core.text import clean_line
from events.attachments import content
from events.attachments.rules import MIMETYPES, MOST_AN_HOUR, FileKind, file_name


@dataclass(frozen=True)
class Received:
    """A file in the store. Without a row that names it it is taken away when the request ends."""

    kind: FileKind
    name: str
    size: int  # bytes
    key: str


def receive(sent: IO[bytes], filename: str | None, *, whose: str, now: datetime) -> Received:
    """Take `sent` in. `whose` says who sends it (`user:7`), of whom only so much is taken an hour.

    Call outside of `write`. Raises `Refusal` (field "file") and `core.storage.Away`.
    """
    within = write(
        lambda: throttle.hit(
            db.session, f"file:{whose}", limit=MOST_AN_HOUR, per=timedelta(hours=1), now=now
        )
    )
    if not within:
        raise Refusal(_("Du har skickat många filer på kort tid. Vänta en timme."), "file")
    ready = content.look(sent)
    key = new_key()
    files.storage().put(key, ready.body, MIMETYPES[ready.kind])
    return Received(ready.kind, file_name(clean_line(filename), ready.kind), ready.size, key)
