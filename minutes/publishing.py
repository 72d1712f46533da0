"""What must be made before minutes are published, outside the write transaction."""

import logging
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import User
from core.db import Stale
from core.errors import Refusal
from core.pdf import PdfError
from minutes import pdf, queries
from minutes.models import Minutes
from minutes.rules import digest

log = logging.getLogger(__name__)


def prepare(
    session: Session,
    minutes: Minutes,
    *,
    now: datetime,
    by: User | None = None,
    seen: str | None = None,
) -> tuple[dict[str, Any], bytes]:
    """The document to freeze and its file, for `services.publish`. Ends the read transaction.

    Raises `Stale` where the document is not the one with the digest `seen`, and `Refusal`
    where no file can be made of it.
    """
    content = queries.document(session, minutes)
    if seen is not None and digest(content) != seen:
        raise Stale
    content = queries.stamped(content, by=by, now=now)
    session.rollback()  # the typesetting takes its time; no connection waits for it
    try:
        return content, pdf.typeset(content)
    except PdfError as error:
        log.exception("no file of the minutes")
        raise Refusal(
            _("Det gick inte att göra en PDF. Ta bort ovanliga tecken och försök igen.")
        ) from error
