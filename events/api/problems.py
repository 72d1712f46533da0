"""What goes wrong, as other programs read it (RFC 9457)."""

import json
from http import HTTPStatus

from flask import Response

MIMETYPE = "application/problem+json"


def problem(code: int, heading: str, sentence: str) -> Response:
    """An error as JSON."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": f"{heading}. {sentence}",
    }
    response = Response(json.dumps(body, ensure_ascii=False), status=code)
    response.headers["Content-Type"] = MIMETYPE
    return response
