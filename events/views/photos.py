"""Photos of speakers, made by us, under random addresses."""

from flask import Response

from core.cache import answer
from core.db import db
from core.policy import public
from core.web import found
from events.queries.speakers import photo_by_token
from events.views.blueprint import bp


@bp.get("/bild/<token:token>.jpg")
@public
def photo(token: str) -> Response:
    """The photo, in a sandbox of its own; gone at once when it may no longer be shown.

    Browsers may keep it but must ask each time. The address names the bytes: it is the tag.
    """
    image = found(photo_by_token(db.session, token))
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": 'inline; filename="foto.jpg"',
    }
    return answer((image.body, f'"{token}"'), mimetype="image/jpeg", headers=headers)
