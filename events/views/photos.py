"""Photos of speakers, made by us, under random addresses."""

from flask import Response

from core.db import db
from core.policy import public
from core.web import download, found
from events.queries.manage import photo_by_token
from events.views.blueprint import bp


@bp.get("/bild/<token:token>.jpg")
@public
def photo(token: str) -> Response:
    """The photo; in a sandbox of its own, kept by the browser for an hour, gone when removed."""
    image = found(photo_by_token(db.session, token))
    response = download(image.body, filename="foto.jpg", mimetype="image/jpeg", inline=True)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
