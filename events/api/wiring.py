"""What the API plugs into the application: errors as JSON, and the right to be read anywhere."""

from flask import Flask, Response, request

from core.errors import answers_otherwise
from events.api.problems import problem

PREFIX = "/api/"
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def init_app(app: Flask) -> None:
    """Plug in."""
    answers_otherwise(app, PREFIX, problem)
    app.after_request(_open)


def _open(response: Response) -> Response:
    """Pages of other sites may read what everybody may: it knows no cookie."""
    if request.path.startswith(PREFIX):
        response.headers.update(OPEN)
    return response
