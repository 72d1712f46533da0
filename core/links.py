"""Secret links: opening one changes nothing, but lets the browser in for half an hour.

The cookie names the row and the version of its token; whoever reads it back compares the
version with the row's, so that a changed link shuts the door at once.
"""

import hmac
from datetime import UTC, datetime, timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from core import crypto
from core.db import Stale
from core.settings import cookie_name

LINK_LIFE = timedelta(minutes=30)


def remember(response: Response, purpose: str, row_id: int, version: int, now: datetime) -> None:
    """Let this browser in to row `row_id` for `LINK_LIFE`."""
    until = int((now + LINK_LIFE).timestamp())
    text = f"{row_id}.{version}.{until}"
    response.set_cookie(
        cookie_name(current_app, purpose),
        f"{text}.{crypto.signature(purpose, text)}",
        max_age=int(LINK_LIFE.total_seconds()),
        secure=current_app.config["HTTPS"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def recall(purpose: str, now: datetime) -> tuple[int, int] | None:
    """Row and token version that this browser was let in to, or None when the time is up."""
    text, _dot, seal = request.cookies.get(cookie_name(current_app, purpose), "").rpartition(".")
    right = crypto.signature(purpose, text)
    if not hmac.compare_digest(seal.encode(), right.encode()):
        return None
    row_id, version, until = (int(part) for part in text.split("."))
    if datetime.fromtimestamp(until, UTC) <= now:
        return None
    return row_id, version


def refuse_anothers_form(row_id: int) -> None:
    """Raise `Stale` for a form that was opened for another row than `row_id`.

    Who holds several links has one cookie, for the one opened last: a form left in another tab
    must not do to this row what was meant for that one.
    """
    if request.form.get("whose", str(row_id)) != str(row_id):
        raise Stale
