"""A bare Flask application that answers with given bytes: what the pages are measured against."""

import os
from pathlib import Path

from flask import Flask, Response


def create_app() -> Flask:
    """One address, /N, for each file N in the folder BENCH_BYTES."""
    app = Flask(__name__)
    folder = Path(os.environ["BENCH_BYTES"])
    bodies = {path.stem: (path.read_bytes(), path.suffix) for path in folder.iterdir()}
    kinds = {".html": "text/html; charset=utf-8", ".ics": "text/calendar; charset=utf-8"}

    @app.get("/<name>")
    def same(name: str) -> Response:
        body, suffix = bodies[name]
        return Response(body, content_type=kinds.get(suffix, "application/octet-stream"))

    return app
