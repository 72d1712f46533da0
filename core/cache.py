"""Public pages, rendered once per version and kept in the process; answered with ETag and 304."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Response, current_app, request

SIZE = 2000  # pages in each process
Page = tuple[bytes, str]


class PageCache:
    """The most recently used pages by key. Safe between threads."""

    def __init__(self, size: int = SIZE) -> None:
        self.size = size
        self.pages: OrderedDict[Hashable, Page] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable, render: Callable[[], str | bytes]) -> Page:
        """Body and ETag under `key`; rendered where it is not there."""
        page = self.pages.get(key)
        if page is None:
            made = render()
            body = made.encode() if isinstance(made, str) else made
            page = body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            with self.lock:
                self.pages[key] = page
                while len(self.pages) > self.size:
                    self.pages.popitem(last=False)
        return page


def cached(
    key: Hashable,
    render: Callable[[], str | bytes],
    *,
    mimetype: str = "text/html; charset=utf-8",
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with the page under `key`, or 304 where the asker has it.

    `key` must name everything the page depends on. The page must not hold anything personal.
    """
    cache: PageCache = current_app.extensions.setdefault("page_cache", PageCache())
    body, etag = cache.get((key, mimetype), render)
    if request.headers.get("If-None-Match") == etag:
        response = Response(status=304)
    else:
        response = Response(body, content_type=mimetype)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response
